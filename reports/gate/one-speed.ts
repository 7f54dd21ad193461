/**
 * CPU costs as if the core had been equally fast in every run. A yardstick beside the server tells how long one and the same
 * piece of work took there; on a rented machine that moves by a half within minutes, and what a join costs moves with it. So
 * each run's CPU is divided by its own yardstick, and multiplied by the mean of all so that it stays in ms.
 *
 * A run that works its core harder makes the yardstick dearer too, by what the two take from each other's caches: where that
 * matters, a regression looks a little smaller than it is.
 */
import type { Counted } from './evidence.ts';
import type { GateFigures } from './figures.ts';
import { ABSOLUTE_COSTS, type CostName } from './names.ts';

/** Gives a run's cost by its name; as it was measured where not every run has a yardstick, and for what is no CPU. */
export function atOneSpeed({
  base,
  candidate,
}: Pick<Counted, 'base' | 'candidate'>): (run: GateFigures, name: CostName) => number | null {
  const meanMs = geometricMean([...base, ...candidate].map(({ yardstickMs }) => yardstickMs));
  return ({ costs, yardstickMs }, name) => {
    const cost = costs[name];
    if (cost === null || !ABSOLUTE_COSTS.includes(name) || meanMs === null) return cost;
    return (cost / yardstickMs!) * meanMs;
  };
}

/** Null: there is no figure, or one of them is not known. */
export function geometricMean(figures: readonly (number | null)[]): number | null {
  if (figures.length === 0 || figures.some((one) => one === null || one <= 0)) return null;
  // In order of size, so that the order of the runs changes not even the last digit.
  const logs = figures.map((one) => Math.log(one!)).sort((a, b) => a - b);
  return Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length);
}
