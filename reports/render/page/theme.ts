/** What charts have in common: the page's own inks for text and lines, axes, legends. Colours of data: `reports/palette.ts`. */
import { Chart } from 'chart.js';

export type Inks = {
  readonly ink: string;
  readonly soft: string;
  readonly grid: string;
  readonly panel: string;
};

/** Ink on paper, whatever colours the reader has asked the screen for. */
export const PAPER_INKS: Inks = { ink: '#1d1f21', soft: '#5c6166', grid: '#e0ddd7', panel: '#ffffff' };

export function readInks(): Inks {
  const style = getComputedStyle(document.documentElement);
  const ink = (name: string) => style.getPropertyValue(name).trim();
  return { ink: ink('--ink'), soft: ink('--soft'), grid: ink('--grid'), panel: ink('--panel') };
}

/** What every chart has: text in the page's ink, no motion, the whole space of its box. */
export function axis(inks: Inks, title: string) {
  return {
    grid: { color: inks.grid },
    border: { color: inks.grid },
    ticks: { color: inks.soft, maxRotation: 0 },
    title: { display: true, text: title, color: inks.soft },
  };
}

/** The night's own time along the bottom, in minutes and seconds, from its start to `lastSecond`. */
export function nightAxis(inks: Inks, lastSecond: number) {
  return {
    ...axis(inks, 'time of the night'),
    type: 'linear' as const,
    min: 0,
    max: lastSecond,
    ticks: {
      color: inks.soft,
      maxRotation: 0,
      stepSize: tickSeconds(lastSecond),
      callback: (value: number | string) => minutes(Number(value)),
    },
  };
}

/** Ten seconds in a night of some minutes; whole minutes in a longer one, of which there is room for two dozen. */
function tickSeconds(lastSecond: number): number {
  return lastSecond <= 240 ? 10 : 60 * Math.ceil(lastSecond / 60 / 24);
}

export function legend(inks: Inks) {
  return {
    position: 'bottom' as const,
    labels: { color: inks.ink, boxWidth: 12, boxHeight: 12, padding: 10 },
  };
}

/** For charts of lines: a piece of the line itself, dashed where the line is. */
export function lineLegend(inks: Inks) {
  return {
    position: 'bottom' as const,
    labels: {
      color: inks.ink,
      usePointStyle: true,
      pointStyle: 'line' as const,
      pointStyleWidth: 28,
      padding: 10,
      generateLabels: (chart: Chart) =>
        Chart.defaults.plugins.legend.labels.generateLabels(chart).map((label) => ({
          ...label,
          lineDash:
            (chart.data.datasets[label.datasetIndex ?? 0] as { borderDash?: number[] }).borderDash ?? [],
        })),
    },
  };
}

export function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;
}
