/** In which order a comparison plays its runs, and how long it will take: known before the first one starts. */
import type { ComparisonPlan, Place } from '../reports/comparison/from-runs.ts';

/**
 * For each seed all policies, each time beginning with another one: a machine that slows down over the hour, or
 * suffers after one policy, then touches all of them alike. A, B, C; B, C, A; C, A, B.
 */
export function rotatedOrder({ policies, seeds }: ComparisonPlan): Place[] {
  return seeds.flatMap((seed, row) =>
    policies.map((_, column): Place => {
      const policy = policies[(row + column) % policies.length]!;
      return { policy, seed, role: 'compared', again: false };
    }),
  );
}

/** Starting, stopping and measuring beside the night itself, until a run has shown what it takes. */
const BESIDE_NIGHT_MS = 12_000;

/**
 * What the runs that are left will take, as those before took; repeats of void runs are not foreseen.
 *
 * @param playedMs wall time of each run that was played now.
 * @param nightMs length of the night.
 */
export function timeLeftMs(playedMs: readonly number[], nightMs: number, runsLeft: number): number {
  const each =
    playedMs.length === 0
      ? nightMs + BESIDE_NIGHT_MS
      : playedMs.reduce((sum, one) => sum + one, 0) / playedMs.length;
  return each * runsLeft;
}
