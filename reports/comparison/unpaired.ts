/** Do two builds differ, when each met crowds of its own? What a crowd brought with it stays in the difference. */
import jStat from 'jstat';

export type UnpairedResult = {
  /** Mean of the second minus mean of the first; null: one of them has no runs. */
  readonly mean: number | null;
  /** Two-sided t interval of that; null: under two runs on a side, or no scatter on either. */
  readonly interval: { readonly from: number; readonly to: number } | null;
};

/**
 * Judges the difference of two means by Welch's t (1947), which lets the two scatter differently. It takes the figures of
 * each side as roughly normal and as independent of each other, so that runs which met the same crowd belong into pairs.
 *
 * @param confidence of the interval, such as 0.95; correct it beforehand when several intervals are shown.
 * @throws RangeError when the confidence is not between 0 and 1.
 */
export function compareUnpaired(
  first: readonly number[],
  second: readonly number[],
  confidence: number,
): UnpairedResult {
  if (!(confidence > 0 && confidence < 1)) {
    throw new RangeError(`expected a confidence between 0 and 1, got ${confidence}`);
  }
  if (first.length === 0 || second.length === 0) return { mean: null, interval: null };
  const mean = meanOf(second) - meanOf(first);
  if (first.length < 2 || second.length < 2) return { mean, interval: null };
  // Squared standard errors of the two means.
  const [a, b] = [squaredError(first), squaredError(second)];
  if (a + b === 0) return { mean, interval: null };
  const degrees = (a + b) ** 2 / (a ** 2 / (first.length - 1) + b ** 2 / (second.length - 1));
  const reach = jStat.studentt.inv(1 - (1 - confidence) / 2, degrees) * Math.sqrt(a + b);
  return { mean, interval: { from: mean - reach, to: mean + reach } };
}

function meanOf(figures: readonly number[]): number {
  return figures.reduce((sum, one) => sum + one, 0) / figures.length;
}

function squaredError(figures: readonly number[]): number {
  const mean = meanOf(figures);
  const squares = figures.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return squares / (figures.length - 1) / figures.length;
}
