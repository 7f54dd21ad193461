/** The interval of a figure within its run, fit to be held against that of another run. */
import type { Charts } from '../charts.ts';
import { valueAt } from '../measures/paths.ts';
import type { Summary } from '../summary-schema.ts';

/** `high` is infinite where so many never got in that no upper end can be named. */
export type Within = { readonly low: number; readonly high: number };

/** Of none in n at most three in n were to be expected, with 95 % confidence (Hanley and Lippman-Hand, 1983). */
const RULE_OF_THREE = 3;
const COUNTS = new Set(['ejections.involuntary', 'ejections.stranded']);

/**
 * The interval at a path; null: there is none. Resampling cannot show what never happened, so that a figure which is the
 * same in every resample gets the rule of three where it counts people, and none elsewhere.
 */
export function withinAt(summary: Summary, intervals: Charts['intervals'], path: string): Within | null {
  const interval = intervals[path];
  if (interval === undefined) return null;
  const { low, high } = interval;
  if (high === null) return { low, high: Number.POSITIVE_INFINITY };
  if (high > low) return { low, high };
  if (low === 0 && COUNTS.has(path)) return { low, high: RULE_OF_THREE };
  const arrived = valueAt(summary, 'crowd.arrived') ?? 0;
  if (path !== 'crowd.neverInShare' || arrived < RULE_OF_THREE) return null;
  const reach = RULE_OF_THREE / arrived;
  if (low === 0) return { low, high: reach };
  return low === 1 ? { low: 1 - reach, high: 1 } : null;
}
