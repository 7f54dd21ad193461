/**
 * One figure from weighted seconds: sums, ratios of sums, Jain's index and nearest-rank quantiles, as the measures define
 * them. With every weight 1 each is the measure itself (a test holds them to it).
 */
import type { Weights } from './resample.ts';

/** Sums of each second, so that a resample costs as many steps as there are seconds. */
export type Sums = { readonly seconds: readonly number[]; readonly by: readonly Float64Array[] };

/** Values in rising order, +infinity for never, each with the number of its second. */
export type Values = { readonly sorted: Float64Array; readonly second: Uint32Array };

function weighted({ seconds, by }: Sums, column: number, weights: Weights): number {
  const sums = by[column]!;
  let total = 0;
  for (let nth = 0; nth < seconds.length; nth++) total += weights[seconds[nth]!]! * sums[nth]!;
  return total;
}

export function totalOf(sums: Sums, weights: Weights): number {
  return weighted(sums, 0, weights);
}

/** NaN when nobody is left to divide by. */
export function ratioOf(sums: Sums, weights: Weights): number {
  return weighted(sums, 0, weights) / weighted(sums, 1, weights);
}

/** How many of all, whichever were drawn. */
export function ofAllOf(sums: Sums, weights: Weights): number {
  const all = sums.by[1]!.reduce((sum, count) => sum + count, 0);
  return all === 0 ? 0 : ratioOf(sums, weights) * all;
}

/** Jain's index from the sums of waits, of their squares, and of people. */
export function jainOf(sums: Sums, weights: Weights): number {
  return weighted(sums, 0, weights) ** 2 / (weighted(sums, 2, weights) * weighted(sums, 1, weights));
}

/** Rounding of weights must not push a rank to the next value. */
const RANK_SLACK = 1e-9;

/**
 * The nearest-rank quantile: the smallest value that at least a share `q` of the weight does not exceed. Counted from
 * whichever end is nearer. NaN when no value has any weight.
 */
export function quantileOf({ sorted, second }: Values, q: number, weights: Weights): number {
  let all = 0;
  for (const one of second) all += weights[one]!;
  if (all === 0) return Number.NaN;
  const slack = RANK_SLACK * all;
  if (q < 0.5) {
    let below = 0;
    for (let nth = 0; nth < sorted.length; nth++) {
      below += weights[second[nth]!]!;
      if (below > 0 && below >= q * all - slack) return sorted[nth]!;
    }
  }
  let above = 0;
  for (let nth = sorted.length - 1; nth >= 0; nth--) {
    const weight = weights[second[nth]!]!;
    if (weight > 0 && above + weight > (1 - q) * all + slack) return sorted[nth]!;
    above += weight;
  }
  return sorted[0]!;
}
