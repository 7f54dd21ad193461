/**
 * Arrivals that were recorded (last week's incident): known by the instants at which equal shares of the people
 * had come. Between two of them people come evenly.
 */

/** Share of the recorded people who had come after `ms`. */
export function traceCdf(ms: number, quantilesMs: readonly number[]): number {
  const steps = quantilesMs.length - 1;
  const after = quantilesMs.findIndex((atMs) => atMs > ms);
  if (after === 0) return 0;
  if (after < 0) return 1;
  const [from, to] = [quantilesMs[after - 1]!, quantilesMs[after]!];
  return (after - 1 + (ms - from) / (to - from)) / steps;
}

/** Ms after which a share in [0, 1] had come; the inverse of `traceCdf`. */
export function traceQuantile(share: number, quantilesMs: readonly number[]): number {
  const at = share * (quantilesMs.length - 1);
  const from = Math.min(Math.floor(at), quantilesMs.length - 2);
  return quantilesMs[from]! + (at - from) * (quantilesMs[from + 1]! - quantilesMs[from]!);
}
