/**
 * What stands beside the figure of each objective: how far it would move within this run, and who broke it. Asked once a
 * run, after the measures and before the verdict.
 */
import type { Objective } from '../../scenarios/schema.ts';
import { intervalsOf } from '../intervals/index.ts';
import type { IntervalOrReason } from '../intervals/interval.ts';
import { measurePaths } from '../measures/paths.ts';
import type { RunStore } from '../store/open-run.ts';
import { type BrokenBy, brokenBy, NOBODY, prepareBrokenBy } from './broken-by.ts';

export type Standing = IntervalOrReason & { readonly brokenBy: BrokenBy };

/** For an objective on a measure that does not exist: a night that somebody changed after it was played. */
export const UNKNOWN: Standing = { interval: null, reason: 'there is no such measure', brokenBy: NOBODY };

/**
 * @param store of a measured run: the shared tables of the measures are built.
 * @returns by the id of the objective.
 */
export async function standingsOf(
  store: RunStore,
  objectives: readonly Objective[],
): Promise<ReadonlyMap<string, Standing>> {
  const paths = new Set(measurePaths());
  const known = objectives.filter(({ measure }) => paths.has(measure));
  const standings = new Map<string, Standing>();
  const intervals = await intervalsOf(
    store,
    known.map(({ measure }) => measure),
  );
  await prepareBrokenBy(store);
  for (const objective of known) {
    standings.set(objective.id, {
      ...intervals.get(objective.measure)!,
      brokenBy: await brokenBy(store, objective),
    });
  }
  return standings;
}
