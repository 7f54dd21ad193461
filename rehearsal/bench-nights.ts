/** The nights that the bench plays, and the names of the processes whose costs it reads from them. */
import type { Scenario } from '../scenarios/schema.ts';
import type { BodyName } from '../simulator/plan/bodies.ts';
import type { BenchContext } from './bench-row.ts';
import { type NightCosts, readNightCosts } from './night-costs.ts';
import { playPassingNight } from './passing-night.ts';
import { prepareSmallNight } from './small-night.ts';

/** Every listener beats once in it: the interval of the library's nights. */
const STEADY_MS = 5_000;
const TIMES = { overMs: 2_500, tailMs: STEADY_MS + 2_000 };

/** Plays a small night of one size and reads what its processes took. */
export function playForCosts(
  { night, stop }: BenchContext,
  profile: string,
  body: BodyName,
  people: number,
): Promise<NightCosts & { readonly deliveries: number }> {
  const prepared = prepareSmallNight(night, profile, body, people, TIMES);
  return playPassingNight(prepared, stop, async (run) => {
    const costs = await readNightCosts(run, { steadyMs: STEADY_MS });
    const [row] = await run.query("SELECT sum(value) AS deliveries FROM events WHERE type = 'deliveries'");
    return { ...costs, deliveries: Number(row!['deliveries'] ?? 0) };
  });
}

/** Nobody hangs up, taps again or leaves: what is measured is what can be carried, not how people take it. */
export function withPatientPeople(scenario: Scenario): Scenario {
  return {
    ...scenario,
    crowd: {
      ...scenario.crowd,
      startPatience: { graceMs: 86_400_000, leavePerSecond: 0 },
      queuePatienceMeanMs: 86_400_000,
      stayMeanMs: 86_400_000,
    },
    client: { ...scenario.client, joinTimeoutMs: 60_000, mediaTimeoutMs: 60_000 },
  };
}

export const isServer = (name: string) => name === 'server';
export const isWorker = (name: string) => name === 'worker';
/** A body's process and everything that it starts. */
export const isSwarm = (name: string) => name.startsWith('swarm-');
