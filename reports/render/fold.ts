/**
 * Series of a night in fewer and longer steps. A table must come to an end, and the page of a night that lasts a day must not
 * weigh what its seconds do.
 */
import type { Charts } from '../charts.ts';

export type Series = readonly (number | null)[];
/** What a longer step says of its seconds; `first` for a state that is looked at, at the step's own instant. */
export type Fold = 'first' | 'sum' | 'max' | 'mean';

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600] as const;

/** The shortest step by which so many seconds make at most so many rows. */
export function stepSeconds(seconds: number, rowsMax: number): number {
  return STEPS_S.find((step) => seconds / step <= rowsMax) ?? Math.ceil(seconds / rowsMax);
}

/** Seconds without a value do not count; a step without any is null. */
export function foldSeries(values: Series, step: number, how: Fold): (number | null)[] {
  return Array.from({ length: Math.ceil(values.length / step) }, (_, nth) =>
    foldOne(values.slice(nth * step, (nth + 1) * step), how),
  );
}

function foldOne(values: Series, how: Fold): number | null {
  if (how === 'first') return values[0] ?? null;
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  if (how === 'max') return known.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const sum = known.reduce((total, value) => total + value, 0);
  return how === 'sum' ? sum : sum / known.length;
}

/** All series by second of a run, in steps of so many. */
export function foldCharts(charts: Charts, step: number): Charts {
  if (step === 1) return charts;
  const each = <Key extends string>(series: Partial<Record<Key, Series>>, how: Fold) =>
    Object.fromEntries(
      Object.entries<Series | undefined>(series).map(([key, values]) => [
        key,
        foldSeries(values ?? [], step, how),
      ]),
    );
  return {
    ...charts,
    crowd: each(charts.crowd, 'first') as Charts['crowd'],
    rooms: each(charts.rooms, 'first') as Charts['rooms'],
    lossesByCause: each(charts.lossesByCause, 'sum') as Charts['lossesByCause'],
    inside: {
      lossShare: foldSeries(charts.inside.lossShare, step, 'max'),
      longestGapMs: foldSeries(charts.inside.longestGapMs, step, 'max'),
      counted: foldSeries(charts.inside.counted, step, 'max'),
    },
    load: each(charts.load, 'mean') as Charts['load'],
  };
}
