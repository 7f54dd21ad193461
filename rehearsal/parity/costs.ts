/**
 * What the listeners of a driver cost, over its nights. What an idle process takes varies by some ms a second, and a
 * night has few people, so each figure stands with its range over the rounds: one that spans zero is too small to be
 * seen here.
 */
import { isServer, isSwarm, isWorker } from '../bench-nights.ts';
import { costWithin, type NightCosts, type UnitCosts } from '../night-costs.ts';

/** Over the rounds. */
type Spread = { readonly mean: number; readonly from: number; readonly to: number };
type SpreadCosts = { readonly [cost in keyof UnitCosts]: Spread };

type DriverCosts = {
  /** The driver with everything that it starts. */
  readonly driver: SpreadCosts;
  readonly server: SpreadCosts;
  readonly worker: SpreadCosts;
};

/** Over nights of one driver in which somebody got in; null: there is none. */
export function driverCosts(nights: readonly NightCosts[]): DriverCosts | null {
  const played = nights.filter(({ joined }) => joined > 0);
  if (played.length === 0) return null;
  const costs = (isOurs: (name: string) => boolean): SpreadCosts => {
    const each = played.map((night) => costWithin(night, isOurs));
    return {
      joinMs: spreadOf(each.map(({ joinMs }) => joinMs)),
      listenerSecondMs: spreadOf(each.map(({ listenerSecondMs }) => listenerSecondMs)),
      listenerBytes: spreadOf(each.map(({ listenerBytes }) => listenerBytes)),
    };
  };
  return { driver: costs(isSwarm), server: costs(isServer), worker: costs(isWorker) };
}

/** Such as `2.8 (2.1 to 3.4)`; of one round, the figure alone. @param unit what is divided by. */
export function spreadText({ mean, from, to }: Spread, digits: number, unit = 1): string {
  const text = (value: number) => (value / unit).toFixed(digits);
  return from === to ? text(mean) : `${text(mean)} (${text(from)} to ${text(to)})`;
}

function spreadOf(values: readonly number[]): Spread {
  return {
    mean: values.reduce((sum, one) => sum + one, 0) / values.length,
    from: Math.min(...values),
    to: Math.max(...values),
  };
}
