/** What charts have in common: the page's own inks for text and lines, axes, legends. Colours of data: `reports/palette.ts`. */
import { Chart, type ChartOptions } from 'chart.js';

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

/** What every axis has: text and lines in the page's inks. */
export function axis(inks: Inks, title: string) {
  return {
    grid: { color: inks.grid },
    border: { color: inks.grid },
    ticks: { color: inks.soft, maxRotation: 0 },
    title: { display: true, text: title, color: inks.soft },
  };
}

/** A chart that does not move, takes the whole space of its box, and tells of all series at the instant under the pointer. */
export const OVER_TIME = {
  animation: false,
  maintainAspectRatio: false,
  interaction: { mode: 'index', intersect: false },
} as const satisfies ChartOptions;

/** What a tooltip over a night calls the instant. */
export const TIME_TOOLTIP = {
  callbacks: {
    title: ([item]: readonly { readonly parsed: { readonly x: number | null } }[]) =>
      minutes(item?.parsed.x ?? 0),
  },
};

/** A series filled down to the one below it. A thin seam keeps neighbours apart also without colour. */
export function area(inks: Inks, colour: string) {
  return {
    backgroundColor: colour,
    borderColor: inks.panel,
    borderWidth: 1,
    fill: true,
    pointRadius: 0,
    pointHitRadius: 6,
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

function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;
}
