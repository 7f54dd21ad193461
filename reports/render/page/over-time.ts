/** What all charts of the night's course have in common: one axis of time for all runs of a report. */
import type { PageData } from './data.ts';
import { type Inks, nightAxis } from './theme.ts';

export type Point = { readonly x: number; readonly y: number };

/** A series as points; a step without a value is a hole in the line. */
export function pointsOf(values: readonly (number | null)[], stepSeconds: number, times = 1): Point[] {
  return values.map((value, nth) => ({
    x: nth * stepSeconds,
    y: value === null ? Number.NaN : times * value,
  }));
}

/** Until the end of the longest of the runs. */
export function timeAxis({ runs, stepSeconds }: PageData, inks: Inks) {
  const steps = runs.flatMap(({ charts }) => [
    charts.load.serverCpu.length,
    ...Object.values(charts.crowd).map((people) => people.length),
  ]);
  return nightAxis(inks, Math.max(1, (Math.max(0, ...steps) - 1) * stepSeconds));
}
