/** Charts of stacked bars over the night: what happened in each second, or in a few where the night is long. */
import { BarController, BarElement, Chart } from 'chart.js';
import type { Point } from '../../../reports/render/page/over-time.ts';
import { axis, type Inks, legend, TIME_TOOLTIP } from '../../../reports/render/page/theme.ts';
import { DEAF, FOLLOWING, liveNightAxis } from './chart-parts.ts';
import type { Drawing } from './figure.ts';
import { barSeconds, type Stretch, spanSeconds, stretches } from './series.ts';
import { type LiveView, nightOf } from './state.ts';

Chart.register(BarController, BarElement);

/** One kind of thing in each bar. */
export type Layer = {
  readonly id: string;
  readonly label: string;
  readonly colour: string;
  readonly y: (stretch: Stretch) => number | null;
};

export type BarsOf = {
  readonly nth: number;
  /** Those that there are by now; asked again as the night goes on. */
  readonly layers: (view: LiveView) => readonly Layer[];
  readonly unit: string;
};

export function drawBars(
  canvas: HTMLCanvasElement,
  inks: Inks,
  first: LiveView,
  { nth, layers, unit }: BarsOf,
): Drawing {
  const chart = new Chart<'bar', Point[]>(canvas, {
    type: 'bar',
    data: { datasets: [] },
    options: {
      ...FOLLOWING,
      scales: {
        x: { ...liveNightAxis(inks, spanSeconds(first)), stacked: true, offset: false },
        y: {
          ...axis(inks, unit),
          stacked: true,
          min: 0,
          suggestedMax: 1,
          ticks: { color: inks.soft, precision: 0 },
        },
      },
      plugins: { legend: { ...legend(inks), ...DEAF }, tooltip: TIME_TOOLTIP },
    },
  });
  return {
    chart: chart as unknown as Chart,
    update(view) {
      const span = spanSeconds(view);
      const length = barSeconds(span);
      const found = stretches(nightOf(view, nth)?.seconds ?? [], length * 1000);
      layers(view).forEach(({ label, colour, y }, at) => {
        chart.data.datasets[at] ??= {
          data: [],
          backgroundColor: colour,
          borderColor: inks.panel,
          borderWidth: { top: 0.5 },
          barPercentage: 1,
          categoryPercentage: 0.9,
        };
        const layer = chart.data.datasets[at];
        layer.label = label;
        // The last bar still grows, and there are few: they are given anew.
        layer.data = found.map((stretch) => ({ x: middleOf(stretch, length), y: y(stretch) ?? 0 }));
      });
      Object.assign(chart.options.scales!['x']!, liveNightAxis(inks, span));
    },
  };
}

function middleOf({ last }: Stretch, length: number): number {
  return (Math.ceil(last.nightMs / 1000 / length) - 0.5) * length;
}
