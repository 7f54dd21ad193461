/** From a figure and resamples of its seconds to the interval, or to the reason why there is none. Pure. */
import jStat from 'jstat';
import type { Weights } from './resample.ts';

const LEVEL = 0.95;
/** With fewer seconds there are too few blocks that differ. */
export const SECONDS_MIN = 8;

type Interval = {
  readonly low: number;
  /** null: a quantile that was not reached in so many resamples that no end can be named. */
  readonly high: number | null;
  readonly highNotReached: boolean;
  readonly level: typeof LEVEL;
  readonly scope: 'within this run';
};
export type IntervalOrReason =
  | { readonly interval: Interval; readonly reason: null }
  | { readonly interval: null; readonly reason: string };

export type Figure = {
  /** The numbers of the seconds that it is about. */
  readonly seconds: ArrayLike<number> & Iterable<number>;
  estimate(weights: Weights): number;
  /** Blocks in the shortest window that it stands on; absent: it stands on people, by when they were to come. */
  readonly blocks?: number;
  /** Why it can have no interval, where that is known beforehand. */
  readonly reason?: string;
};

/** The percentile interval over the resamples: nearest ranks, as the quantiles of the measures. */
export function intervalOf(
  { seconds, estimate, blocks, reason: known }: Figure,
  resamples: readonly Weights[],
): IntervalOrReason {
  if (known !== undefined) return { interval: null, reason: known };
  if (seconds.length < SECONDS_MIN) {
    const reason = `it stands on ${seconds.length} seconds, and blocks need at least ${SECONDS_MIN}`;
    return { interval: null, reason };
  }
  const estimates = Float64Array.from(resamples, estimate);
  if (estimates.some(Number.isNaN)) {
    return { interval: null, reason: 'in some resamples nobody is left to take it from' };
  }
  estimates.sort();
  const rank = (q: number) => estimates[Math.max(0, Math.ceil(q * estimates.length) - 1)]!;
  const outside = outsideOf(blocks);
  const [low, high] = [rank(outside), rank(1 - outside)];
  if (low === Number.POSITIVE_INFINITY) {
    return { interval: null, reason: 'not reached in any resample that counts' };
  }
  const highNotReached = high === Number.POSITIVE_INFINITY;
  return {
    interval: {
      low,
      high: highNotReached ? null : high,
      highNotReached,
      level: LEVEL,
      scope: 'within this run',
    },
    reason: null,
  };
}

/**
 * Share of the resamples that is left out at each end. Few blocks vary less than what they were drawn from, and the
 * percentiles are taken further out for it (Hesterberg 2015, American Statistician 69:4, expanded percentile intervals).
 */
function outsideOf(blocks: number | undefined): number {
  const each = (1 - LEVEL) / 2;
  if (blocks === undefined) return each;
  const reach = Math.sqrt(blocks / (blocks - 1)) * jStat.studentt.inv(1 - each, blocks - 1);
  return jStat.normal.cdf(-reach, 0, 1);
}
