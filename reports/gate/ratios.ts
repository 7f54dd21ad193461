/**
 * Is a cost higher than is tolerated? Costs are compared as ratios, on their logarithms: a noisy machine makes all runs
 * slower by a share, not by an amount. Pairs cancel what both runs of a pair met; against a stored base nothing cancels.
 */
import jStat from 'jstat';

export type RatioRule = {
  /** A ratio of up to 1 + tolerance is no regression. */
  readonly tolerance: number;
  /** Error rate of this one test, one-sided. */
  readonly alpha: number;
  readonly power: number;
  /** The scatter of log ratios is never taken as less than this. */
  readonly resolution: number;
};

export type RatioFound = {
  /** Geometric mean of candidate over base. */
  readonly ratio: number;
  /** Two-sided at 1 - 2 alpha, so that it lies above 1 + tolerance exactly where the test says so. */
  readonly interval: { readonly from: number; readonly to: number };
  /** One-sided, of a ratio of at most 1 + tolerance. */
  readonly p: number;
  /** The smallest true ratio that would have been found with this power. */
  readonly smallestSeen: number;
};

type Estimate = { readonly mean: number; readonly standardError: number; readonly freedom: number };

/**
 * Paired one-sided t test on log ratios.
 *
 * A handful of pairs that agree by chance must not look certain: their scatter is floored by the rule's resolution.
 * The smallest ratio that would have been seen takes the noncentral t as a shifted central one, which for 6 to 16 pairs
 * is off by a few percent of the distance between that ratio and the tolerance, to the careful side.
 *
 * @param ratios candidate over base, one a pair, all positive; at least two.
 */
export function judgePairedRatios(ratios: readonly number[], rule: RatioRule): RatioFound {
  const logs = ratios.map(Math.log);
  const { mean, deviation } = spread(logs, rule.resolution);
  return found({ mean, standardError: deviation / Math.sqrt(logs.length), freedom: logs.length - 1 }, rule);
}

/**
 * Welch's one-sided t test (1947) on the logarithms of two samples that were not played together.
 *
 * @param base at least two positive figures.
 * @param candidate at least two positive figures.
 */
export function judgeUnpairedRatio(
  base: readonly number[],
  candidate: readonly number[],
  rule: RatioRule,
): RatioFound {
  const [b, c] = [
    spread(base.map(Math.log), rule.resolution),
    spread(candidate.map(Math.log), rule.resolution),
  ];
  const [vb, vc] = [b.deviation ** 2 / base.length, c.deviation ** 2 / candidate.length];
  const freedom = (vb + vc) ** 2 / (vb ** 2 / (base.length - 1) + vc ** 2 / (candidate.length - 1));
  return found({ mean: c.mean - b.mean, standardError: Math.sqrt(vb + vc), freedom }, rule);
}

function found({ mean, standardError, freedom }: Estimate, rule: RatioRule): RatioFound {
  const allowed = Math.log(1 + rule.tolerance);
  const critical = jStat.studentt.inv(1 - rule.alpha, freedom);
  const reach = critical * standardError;
  return {
    ratio: Math.exp(mean),
    interval: { from: Math.exp(mean - reach), to: Math.exp(mean + reach) },
    // The lower tail of the negative: 1 - cdf would lose the digits of a small p.
    p: jStat.studentt.cdf((allowed - mean) / standardError, freedom),
    smallestSeen: Math.exp(allowed + (critical + jStat.studentt.inv(rule.power, freedom)) * standardError),
  };
}

function spread(logs: readonly number[], resolution: number): { mean: number; deviation: number } {
  if (logs.length < 2 || !logs.every(Number.isFinite)) {
    throw new RangeError(`expected at least two positive figures, got logarithms [${logs.join(', ')}]`);
  }
  // In order of size, so that the order of the runs changes not even the last digit.
  const sorted = [...logs].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
  const squares = sorted.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return { mean, deviation: Math.max(resolution, Math.sqrt(squares / (sorted.length - 1))) };
}
