/**
 * Colours: the palette of Okabe and Ito (2008), which people with any kind of colour blindness can tell apart, and
 * the page's own inks for text and lines.
 */
import { Chart } from 'chart.js';
import type { State } from '../../states.ts';

export type Inks = {
  readonly ink: string;
  readonly soft: string;
  readonly grid: string;
  readonly panel: string;
};

export function readInks(): Inks {
  const style = getComputedStyle(document.documentElement);
  const ink = (name: string) => style.getPropertyValue(name).trim();
  return { ink: ink('--ink'), soft: ink('--soft'), grid: ink('--grid'), panel: ink('--panel') };
}

export const STATE_COLOUR: Readonly<Record<State, string>> = {
  in: '#0072b2',
  overflow: '#56b4e9',
  joining: '#009e73',
  queueing: '#f0e442',
  arriving: '#e69f00',
  ejected: '#d55e00',
  'given-up': '#cc79a7',
  left: '#b8b8b8',
};

export const STATE_NAME: Readonly<Record<State, string>> = {
  in: 'in the main room',
  overflow: 'in overflow',
  joining: 'seated, no sound yet',
  queueing: 'in the queue',
  arriving: 'trying to get in',
  ejected: 'thrown out, not back',
  'given-up': 'gave up',
  left: 'left',
};

const RUN_COLOURS = ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;

export function runColour(nth: number): string {
  return RUN_COLOURS[nth % RUN_COLOURS.length]!;
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
      stepSize: 10,
      callback: (value: number | string) => minutes(Number(value)),
    },
  };
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
