/** Strokes on a chart's canvas, for the marks that are drawn over it. */

/** A straight line, dashed as given: dot and gap lengths in px, none for a solid one. */
export function line(
  ctx: CanvasRenderingContext2D,
  dash: readonly number[],
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  ctx.setLineDash([...dash]);
  ctx.beginPath();
  ctx.moveTo(fromX, fromY);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}
