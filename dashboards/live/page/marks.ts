/** Lines across a chart: the night's moments and faults downwards, limits and seats from side to side. */
import type { Chart, Plugin } from 'chart.js';
import { line } from '../../../reports/render/page/pen.ts';
import type { Inks } from '../../../reports/render/page/theme.ts';
import type { Happening } from './happenings.ts';

/** A level that means something, with its words. */
export type Level = { readonly at: number; readonly text: string };

/** Vermilion, as whatever is lost. */
const FAULT_COLOUR = '#d55e00';

const LABEL_PX = 18;

/**
 * What has come is a solid line and what will come a dashed one; numbers are those of the list below the chart.
 *
 * @param happenings asked at each drawing, as faults come in while the night plays.
 */
export function happeningMarks(happenings: () => readonly Happening[], inks: Inks): Plugin {
  return {
    id: 'happenings',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area } = chart;
      const { x } = chart.scales;
      if (x === undefined) return;
      const labels = new Map<number, readonly number[]>();
      ctx.save();
      for (const [at, one] of happenings().entries()) {
        const left = Math.round(x.getPixelForValue(one.nightMs / 1000));
        if (left < area.left || left > area.right) continue;
        const colour = one.kind === 'fault' ? FAULT_COLOUR : inks.ink;
        ctx.strokeStyle = colour;
        ctx.lineWidth = one.hasCome ? 2 : 1;
        // A line of one dot is sharp in the middle of a dot only.
        const middle = one.hasCome ? left : left + 0.5;
        line(ctx, one.hasCome ? [] : [4, 3], middle, area.top + LABEL_PX, middle, area.bottom);
        labels.set(left, [...(labels.get(left) ?? []), at + 1]);
      }
      for (const [left, numbers] of labels) {
        haloed(chart, inks, numbers.join(', '), Math.min(left, area.right - 8), area.top + 13, 'center');
      }
      ctx.restore();
    },
  };
}

/** Dashed lines at levels, each with its words on it. */
export function levelMarks(levels: () => readonly Level[], inks: Inks): Plugin {
  return {
    id: 'levels',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea: area } = chart;
      const { y } = chart.scales;
      if (y === undefined) return;
      ctx.save();
      for (const { at, text } of levels()) {
        const height = Math.round(y.getPixelForValue(at)) + 0.5;
        if (height < area.top || height > area.bottom) continue;
        ctx.strokeStyle = inks.ink;
        ctx.lineWidth = 1;
        line(ctx, [6, 3], area.left, height, area.right, height);
        haloed(chart, inks, text, area.left + 6, Math.max(height - 5, area.top + 11), 'left');
      }
      ctx.restore();
    },
  };
}

/** A halo in the page's colour keeps words readable over any area. */
function haloed(chart: Chart, inks: Inks, text: string, x: number, y: number, align: CanvasTextAlign): void {
  const { ctx } = chart;
  ctx.font = '600 12px system-ui, sans-serif';
  ctx.textAlign = align;
  ctx.setLineDash([]);
  ctx.lineWidth = 3;
  ctx.strokeStyle = inks.panel;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = inks.ink;
  ctx.fillText(text, x, y);
}
