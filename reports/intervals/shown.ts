/** The figures that a report shows with their interval, whether or not a night judges them: all that have one. */
import { measurePaths, valueAt } from '../measures/paths.ts';
import type { MeasuredSummary } from '../summary.ts';
import { statisticOf } from './statistics.ts';

/** Paths of the figures of this run that can have an interval. What came in cohorts is in no report. */
export function shownMeasures(summary: MeasuredSummary): string[] {
  return measurePaths().filter((path) => {
    if (path.startsWith('joinByCohort.') || statisticOf(path).kind === 'none') return false;
    return valueAt(summary, path) !== null || isNotReached(summary, path);
  });
}

/** So many never got in that a quantile has no value; its interval may begin all the same. */
function isNotReached({ joinLatencyMs, origins }: MeasuredSummary, path: string): boolean {
  const [section, name, quantile] = path.split('.') as [string, string?, string?];
  if (section === 'origins' && quantile === 'joinP50Ms') {
    return origins[name as keyof typeof origins].joinNotReached;
  }
  return (
    section === 'joinLatencyMs' &&
    joinLatencyMs[name!]?.notReached[quantile as 'p50' | 'p90' | 'p99'] === true
  );
}
