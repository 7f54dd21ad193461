/** Lines across a chart: the moments of the night downwards, the seats of the main room from side to side. */
import type { Chart, Plugin } from 'chart.js';
import type { Charts } from '../../charts.ts';
import { line } from './pen.ts';
import type { Inks } from './theme.ts';

/** Dashed lines at the moments, numbered as in the list below the first chart. */
export function momentMarks({ moments }: Pick<Charts, 'moments'>, inks: Inks): Plugin {
  return {
    id: 'moments',
    afterDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const { x } = scales;
      if (x === undefined) return;
      ctx.save();
      penOf(ctx, inks);
      ctx.textAlign = 'center';
      const numbers = new Map<number, number[]>();
      moments.forEach(({ atMs }, nth) => {
        numbers.set(atMs, [...(numbers.get(atMs) ?? []), nth + 1]);
      });
      for (const [atMs, nths] of numbers) {
        const left = x.getPixelForValue(atMs / 1000);
        if (left < chartArea.left || left > chartArea.right) continue;
        line(ctx, [4, 3], left, chartArea.top + 18, left, chartArea.bottom);
        ctx.fillText(nths.join(', '), Math.min(left, chartArea.right - 8), chartArea.top + 13);
      }
      ctx.restore();
    },
  };
}

/** A dotted line at the seats of the main room, where the axis reaches them. */
export function seatsMark({ seats }: Pick<Charts, 'seats'>, inks: Inks): Plugin {
  return {
    id: 'seats',
    afterDatasetsDraw: ({ ctx, chartArea, scales }: Chart) => {
      const top = scales['y']?.getPixelForValue(seats.main);
      if (top === undefined || top <= chartArea.top) return;
      ctx.save();
      penOf(ctx, inks);
      line(ctx, [2, 4], chartArea.left, top, chartArea.right, top);
      const label = `${seats.main.toLocaleString('en-US')} seats in the main room`;
      // A halo in the page's colour keeps the label readable over any area.
      ctx.setLineDash([]);
      ctx.lineWidth = 3;
      ctx.strokeStyle = inks.panel;
      ctx.strokeText(label, chartArea.left + 6, top - 5);
      ctx.fillText(label, chartArea.left + 6, top - 5);
      ctx.restore();
    },
  };
}

function penOf(ctx: CanvasRenderingContext2D, inks: Inks): void {
  ctx.strokeStyle = inks.ink;
  ctx.fillStyle = inks.ink;
  ctx.lineWidth = 1;
  ctx.textAlign = 'left';
  ctx.font = '600 12px system-ui, sans-serif';
}
