/** Wall-clock figures side by side: on a machine that others use too they say little, so that they are shown and not judged. */
import type { Counted } from './evidence.ts';
import { medianWithInterval } from './exact.ts';
import { WALL_CLOCK, wallClockNames } from './names.ts';
import type { WallClockShown } from './schema.ts';

/** Against a stored base there is a ratio of medians and no interval: nothing says how much the machine has changed since. */
export function wallClockShown({ base, candidate, paired, refused }: Counted): WallClockShown[] {
  return wallClockNames
    .filter((name) => !refused.has(name))
    .map((name) => {
      const isKnown = (one: number | null | undefined): one is number => one !== null && one !== undefined;
      const [bases, candidates] = [base, candidate].map((side) => side.map((run) => run.wallClock[name]));
      const ratios = candidates!.flatMap((one, nth) => {
        const other = bases![nth];
        return paired && isKnown(one) && isKnown(other) && other > 0 ? [one / other] : [];
      });
      const baseMedian = medianOf(bases!.filter(isKnown));
      const candidateMedian = medianOf(candidates!.filter(isKnown));
      const ofMedians =
        baseMedian === null || candidateMedian === null || baseMedian === 0
          ? null
          : candidateMedian / baseMedian;
      const ofPairs = ratios.length === 0 ? null : medianWithInterval(ratios);
      return {
        name,
        ...WALL_CLOCK[name],
        runs: paired ? ratios.length : candidates!.filter(isKnown).length,
        baseMedian,
        candidateMedian,
        ratio: paired ? (ofPairs?.median ?? null) : ofMedians,
        interval: ofPairs?.interval ?? null,
      };
    });
}

function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : medianWithInterval(values).median;
}
