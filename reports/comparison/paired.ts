/**
 * Do two builds differ, when both met the same crowds? Only the differences within a pair count: what one seed has
 * in common for both falls out. Few pairs say little, and this file is where that is enforced.
 */
import jStat from 'jstat';

/** Under so many pairs neither an interval nor a p value is given. */
export const PAIRS_MIN = 6;
/** All 2^n sign flips are looked at; beyond this many pairs there is no p value. */
const SIGN_FLIP_PAIRS_MAX = 16;

export type PairedResult = {
  readonly pairs: number;
  /** Null: there is no pair. */
  readonly mean: number | null;
  /** Every pair differs by exactly the same: there is no scatter from which an interval could be made. */
  readonly sameInEveryPair: boolean;
  /** Two-sided t interval of the mean difference; null: too few pairs, or the same in every pair. */
  readonly interval: { readonly from: number; readonly to: number } | null;
  /** Exact two-sided p value of the mean under flipped signs, not corrected; null: too few pairs or too many. */
  readonly signFlipP: number | null;
};

/**
 * Judges paired differences.
 *
 * The interval is Student's (1908) and takes the differences as roughly normal; the sign-flip test (Fisher, 1935)
 * asks only that under no effect a difference is as likely as its negative, but with six pairs its p value cannot
 * fall below 2/64. One extreme pair widens the interval and never narrows it.
 *
 * @param differences one a pair, in any unit.
 * @param confidence of the interval, such as 0.95; correct it beforehand when several intervals are shown.
 * @throws RangeError when the confidence is not between 0 and 1.
 */
export function comparePairs(differences: readonly number[], confidence: number): PairedResult {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`expected a confidence between 0 and 1, got ${confidence}`);
  }
  const pairs = differences.length;
  if (pairs === 0) return { pairs, mean: null, sameInEveryPair: false, interval: null, signFlipP: null };
  const mean = differences.reduce((sum, one) => sum + one, 0) / pairs;
  const sameInEveryPair = differences.every((one) => one === differences[0]);
  if (pairs < PAIRS_MIN) return { pairs, mean, sameInEveryPair, interval: null, signFlipP: null };
  return {
    pairs,
    mean,
    sameInEveryPair,
    interval: sameInEveryPair ? null : tInterval(differences, mean, confidence),
    signFlipP: pairs > SIGN_FLIP_PAIRS_MAX ? null : signFlipP(differences),
  };
}

function tInterval(differences: readonly number[], mean: number, confidence: number) {
  const pairs = differences.length;
  const squares = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const standardError = Math.sqrt(squares / (pairs - 1) / pairs);
  const reach = jStat.studentt.inv(1 - (1 - confidence) / 2, pairs - 1) * standardError;
  return { from: mean - reach, to: mean + reach };
}

/** The share of all ways to flip signs whose sum is at least as far from zero as the observed one. */
function signFlipP(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs);
  // Sums of the same numbers in another order differ in their last digits.
  const tolerance = 1e-9 * sizes.reduce((sum, one) => sum + one, 0);
  const observed = Math.abs(differences.reduce((sum, one) => sum + one, 0)) - tolerance;
  const ways = 2 ** sizes.length;
  let extreme = 0;
  for (let way = 0; way < ways; way++) {
    let sum = 0;
    for (let nth = 0; nth < sizes.length; nth++) sum += (way >> nth) & 1 ? sizes[nth]! : -sizes[nth]!;
    if (Math.abs(sum) >= observed) extreme++;
  }
  return extreme / ways;
}
