/**
 * A night's objectives as k6's thresholds. k6 sees what its own listeners see: what the server or a listener with
 * media has to tell is not for it to judge. Its figures are provisional in any case (its quantiles lie between two
 * observed values, a threshold without a sample passes); the verdict is made from the log.
 */
import type { Objective } from '../../../scenarios/schema.ts';

/** Measures that k6 keeps as a metric, by path; `figures.ts` of scenarios/k6 counts them. */
const EXPRESSIONS: Readonly<Record<string, 'rate' | 'count'>> = {
  'crowd.answeredWithin2sShare': 'rate',
  'ejections.involuntaryShare': 'rate',
  'ejections.involuntary': 'count',
  'ejections.stranded': 'count',
  'crowd.joined': 'count',
  'crowd.gaveUp': 'count',
};

/** Measures that are quantiles of a trend: `joinLatencyMs.k6.p99` is `p(99)` of `joinLatencyMs_k6`. */
const TREND = /^(joinLatencyMs\.k6|ejections\.returnMs)\.p(50|90|99)$/;

/**
 * The metric of a measure: k6's names have no dot, so the path's dots are `_`.
 *
 * @example metricName('ejections.stranded') // 'ejections_stranded'
 */
function metricName(measure: string): string {
  return measure.replaceAll('.', '_');
}

/** @returns thresholds by metric, and the ids of the objectives that have none. */
export function thresholdsOf(objectives: readonly Objective[]): {
  readonly thresholds: Record<string, string[]>;
  readonly unjudged: string[];
} {
  const thresholds: Record<string, string[]> = {};
  const unjudged: string[] = [];
  for (const { id, measure, op, limit } of objectives) {
    const trend = TREND.exec(measure);
    const simple = EXPRESSIONS[measure];
    const name = metricName(trend?.[1] ?? measure);
    const aggregate = trend === null ? simple : `p(${trend[2]})`;
    if (aggregate === undefined) unjudged.push(id);
    else thresholds[name] = [...(thresholds[name] ?? []), `${aggregate}${op}${limit}`];
  }
  return { thresholds, unjudged };
}
