/** Statistics of counts that are exact for few runs: no normal approximation stands behind a figure of this file. */
import jStat from 'jstat';

/** Of so many runs, this many were affected. */
export type Affected = { readonly runs: number; readonly affected: number };

/**
 * Fisher's exact test (1922), one-sided: the chance that, with the same number of affected runs in all, so many or more of
 * them fall to the candidate when it is like the base.
 */
export function fisherP(base: Affected, candidate: Affected): number {
  const affected = base.affected + candidate.affected;
  const most = Math.min(affected, candidate.runs);
  const all = logChoose(base.runs + candidate.runs, affected);
  let p = 0;
  for (let count = candidate.affected; count <= most; count++) {
    p += Math.exp(logChoose(candidate.runs, count) + logChoose(base.runs, affected - count) - all);
  }
  return Math.min(1, p);
}

/**
 * The smallest share of affected candidate runs that Fisher's test would have found with this power, given what was
 * seen of the base.
 *
 * @returns null: the base is affected so often, or the runs are so few, that not even every run would be evidence.
 */
export function smallestRateSeen(
  base: Affected,
  candidateRuns: number,
  { alpha, power }: { readonly alpha: number; readonly power: number },
): number | null {
  for (let affected = 0; affected <= candidateRuns; affected++) {
    if (fisherP(base, { runs: candidateRuns, affected }) > alpha) continue;
    // P(at least k of n at rate r) is the beta distribution function of (k, n - k + 1) at r.
    return jStat.beta.inv(power, affected, candidateRuns - affected + 1);
  }
  return null;
}

/**
 * The exact interval of a share (Clopper and Pearson, 1934): it holds the truth at least as often as it says.
 *
 * @param count of `of`, which is at least 1.
 */
export function clopperPearson(
  count: number,
  of: number,
  confidence = 0.95,
): { readonly from: number; readonly to: number } {
  if (!(of >= 1 && count >= 0 && count <= of)) {
    throw new RangeError(`expected a count between 0 and a number of at least 1, got ${count} of ${of}`);
  }
  const tail = (1 - confidence) / 2;
  return {
    from: count === 0 ? 0 : jStat.beta.inv(tail, count, of - count + 1),
    to: count === of ? 1 : jStat.beta.inv(1 - tail, count + 1, of - count),
  };
}

/**
 * The median and its distribution-free interval: the narrowest pair of order statistics with at least this confidence
 * (the sign test turned round).
 *
 * @param values at least one.
 */
export function medianWithInterval(
  values: readonly number[],
  confidence = 0.95,
): { readonly median: number; readonly interval: { readonly from: number; readonly to: number } | null } {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const median = (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.floor(n / 2)]!) / 2;
  let below = 0;
  let cut = 0;
  for (let nth = 0; nth < n / 2; nth++) {
    below += Math.exp(logChoose(n, nth) - n * Math.LN2);
    if (1 - 2 * below < confidence) break;
    cut = nth + 1;
  }
  return { median, interval: cut === 0 ? null : { from: sorted[cut - 1]!, to: sorted[n - cut]! } };
}

/** The logarithm of "n choose k"; minus infinity where there is no such choice. */
function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  let log = 0;
  for (let nth = 1; nth <= Math.min(k, n - k); nth++) log += Math.log((n - nth + 1) / nth);
  return log;
}
