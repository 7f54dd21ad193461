/** Charts of lines over the night, each with the levels that mean something. */
import { Chart, LineController, LineElement } from 'chart.js';
import type { Point } from '../../../reports/render/page/over-time.ts';
import { axis, type Inks, lineLegend, TIME_TOOLTIP } from '../../../reports/render/page/theme.ts';
import type { SecondFrame } from '../frames.ts';
import { addPoints, DEAF, FOLLOWING, liveNightAxis } from './chart-parts.ts';
import type { Drawing } from './figure.ts';
import { type Level, levelMarks } from './marks.ts';
import { spanSeconds } from './series.ts';
import { type LiveView, nightOf } from './state.ts';

Chart.register(LineController, LineElement);

export type Line = {
  readonly label: string;
  readonly nth: number;
  readonly colour: string;
  /** Tells lines apart without colour. */
  readonly dash: readonly number[];
  readonly y: (second: SecondFrame) => number | null;
};

export type LinesOf = {
  readonly lines: readonly Line[];
  readonly unit: string;
  /** The axis goes at least as far up. */
  readonly most: number;
  readonly levels: readonly Level[];
};

export function drawLines(
  canvas: HTMLCanvasElement,
  inks: Inks,
  first: LiveView,
  { lines, unit, most, levels }: LinesOf,
): Drawing {
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: {
      datasets: lines.map(({ label, colour, dash }) => ({
        label,
        data: [],
        borderColor: colour,
        backgroundColor: colour,
        borderWidth: 2,
        borderDash: [...dash],
        // A second without a value is a gap. One between two gaps is a dot, as a line needs two.
        pointRadius: 0.5,
        pointHitRadius: 6,
      })),
    },
    options: {
      ...FOLLOWING,
      scales: {
        x: liveNightAxis(inks, spanSeconds(first)),
        y: { ...axis(inks, unit), min: 0, suggestedMax: most },
      },
      plugins: { legend: { ...lineLegend(inks), ...DEAF, display: lines.length > 1 }, tooltip: TIME_TOOLTIP },
    },
    plugins: [levelMarks(() => levels, inks)],
  });
  return {
    chart: chart as unknown as Chart,
    update(view) {
      lines.forEach(({ nth, y }, at) => {
        addPoints(chart.data.datasets[at]!.data, nightOf(view, nth)?.seconds ?? [], y);
      });
      Object.assign(chart.options.scales!['x']!, liveNightAxis(inks, spanSeconds(view)));
    },
  };
}
