/** Takes what a comparison needs out of the summaries of its runs. */
import { valueAt } from '../measures/paths.ts';
import type { Summary } from '../summary-schema.ts';
import { type ComparedMeasure, comparedMeasures, headlineBody } from './measures.ts';
import { comparePolicies, type MeasuredRun } from './policies.ts';
import type { PoliciesCompared } from './schema.ts';

/** A run's place in a comparison. */
export type Place = Pick<MeasuredRun, 'policy' | 'seed' | 'role' | 'again'>;

/** What was planned, and what became of it. */
export type ComparisonPlan = {
  /** The first is the reference. */
  readonly policies: readonly string[];
  readonly seeds: readonly number[];
};

export function policiesOf(
  plan: ComparisonPlan,
  runs: readonly { readonly place: Place; readonly summary: Summary }[],
): PoliciesCompared {
  const measures = measuresOf(runs.map(({ summary }) => summary));
  return comparePolicies(
    plan.policies,
    plan.seeds,
    measures,
    runs.map(({ place, summary }) => measuredRun(place, summary, measures)),
  );
}

export function measuresOf(summaries: readonly Summary[]): readonly ComparedMeasure[] {
  const bodies = new Set(summaries.flatMap(({ joinLatencyMs }) => Object.keys(joinLatencyMs)));
  return comparedMeasures(headlineBody(bodies));
}

export function measuredRun(
  place: Place,
  summary: Summary,
  measures: readonly ComparedMeasure[],
): MeasuredRun {
  return {
    ...place,
    result: summary.verdict.result,
    partial: summary.run.partial,
    reasons: summary.verdict.result === 'void' ? summary.verdict.reasons : [],
    figures: Object.fromEntries(measures.map(({ path }) => [path, valueAt(summary, path)])),
  };
}
