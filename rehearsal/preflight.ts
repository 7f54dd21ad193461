/**
 * What does a presence delivery and a join cost on this machine? Two very small real nights say so, and the
 * night is sized by the answer: large enough that the naive build has to do several cores' worth of work,
 * small enough that the generator stays honest.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openRun } from '../reports/store/open-run.ts';
import type { Scenario } from '../scenarios/schema.ts';
import { playNight } from './night.ts';
import { prepareNight } from './prepare.ts';
import { recordOf } from './run.ts';

/** Microseconds a delivery and milliseconds a join, CPU time of server and of signal swarm. */
export type Costs = {
  readonly serverDeliveryUs: number;
  readonly swarmDeliveryUs: number;
  readonly serverJoinMs: number;
  readonly swarmJoinMs: number;
};
export type Preflight = Costs & {
  /** Cores that the burst's presence would take from the naive build at the proposed scale. */
  readonly coresWorth: number;
  /** Share of its core that the generator spends on deliveries while the server is saturated. */
  readonly generatorShare: number;
  readonly scale: number;
  readonly timeScale: number;
  /** Why this scale, in words. */
  readonly reason: string;
};

const PEOPLE = 400;
const CORES_WORTH_MIN = 4;
const GENERATOR_SHARE_MAX = 0.7;
const SCALE_MAX = 4;

/** Plays the two small nights. Takes about twelve seconds. */
export async function measureCosts(night: Scenario, stop: AbortSignal): Promise<Costs> {
  // Alone, so that presence is all there is: joins by the guarded build first, then the same with presence.
  const quiet = await playSmall(night, 'guarded', stop);
  const loud = await playSmall(night, 'clubhouse-2021', stop);
  const deliveries = Math.max(1, loud.deliveries);
  return {
    serverDeliveryUs: (Math.max(0, loud.serverCpuMs - quiet.serverCpuMs) * 1000) / deliveries,
    swarmDeliveryUs: (Math.max(0, loud.swarmCpuMs - quiet.swarmCpuMs) * 1000) / deliveries,
    serverJoinMs: quiet.serverCpuMs / PEOPLE,
    swarmJoinMs: quiet.swarmCpuMs / PEOPLE,
  };
}

async function playSmall(night: Scenario, profile: string, stop: AbortSignal) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-preflight-'));
  try {
    const signalOnly = { signal: 1, webrtc: 0 };
    const prepared = prepareNight({
      scenario: {
        ...night,
        phases: { rampMs: 0, baselineMs: 1000, surgeMs: 2500, tailMs: 500, leavingMs: 500 },
        incumbents: { count: 0, model: { kind: 'even' } },
        moments: [{ id: 'measure', afterSurgeStartMs: 0, title: 'Measuring' }],
        waves: [{ id: 'measure', moment: 'measure', count: PEOPLE, overMs: 2500, model: { kind: 'even' } }],
        server: { ...night.server, pacing: { seatsPerSecond: 10_000, burst: 10_000 } },
        rooms: { ...night.rooms, main: { ...night.rooms.main, seats: 2 * PEOPLE } },
      },
      seed: 1,
      scale: 1,
      timeScale: 1,
      profile,
      features: [],
      bodies: signalOnly,
      target: null,
      port: 0,
      faults: [],
    });
    await playNight(prepared, recordOf(prepared, 'preflight', null), dir, () => {}, stop);
    const run = await openRun(dir);
    try {
      const [figures] = await run.query(`
        SELECT
          coalesce(sum(value) FILTER (type = 'cpu' AND cause = 'server'), 0)::DOUBLE AS "serverCpuMs",
          coalesce(sum(value) FILTER (type = 'cpu' AND cause = 'swarm-signal'), 0)::DOUBLE AS "swarmCpuMs",
          coalesce(sum(value) FILTER (type = 'deliveries'), 0)::DOUBLE AS deliveries
        FROM events`);
      return figures as {
        readonly serverCpuMs: number;
        readonly swarmCpuMs: number;
        readonly deliveries: number;
      };
    } finally {
      run.close();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * Cores that the burst's presence takes from a naive build: people arriving a second times people who are told
 * times the cost of telling one. The burst is the first fifth of the surge, in which half of all arrive.
 */
export function presenceCores(night: Scenario, serverDeliveryUs: number): number {
  const arrivals = night.waves.reduce((sum, wave) => sum + wave.count, 0);
  const burstPerSecond = arrivals / 2 / (0.2 * (night.phases.surgeMs / 1000));
  return (burstPerSecond * night.rooms.main.seats * serverDeliveryUs) / 1e6;
}

/** Proposes a scale: the night's own, or a larger one where the machine is faster than the night is large. */
export function proposeScale(night: Scenario, costs: Costs): Preflight {
  const coresAtFullScale = presenceCores(night, costs.serverDeliveryUs);
  // A saturated server sends no more than one core's worth, whatever the scale: what the generator pays then
  // depends on the two costs alone.
  const generatorShare = costs.serverDeliveryUs === 0 ? 1 : costs.swarmDeliveryUs / costs.serverDeliveryUs;
  // Presence work goes with the square of the scale.
  const wanted = Math.sqrt(CORES_WORTH_MIN / Math.max(1e-9, coresAtFullScale));
  const scale = wanted <= 1 ? 1 : Math.min(SCALE_MAX, Math.ceil(wanted * 20) / 20);
  const reason =
    generatorShare > GENERATOR_SHARE_MAX
      ? `a delivery costs the generator ${percent(generatorShare)} of what it costs the server: a collapse may void the run`
      : scale > 1
        ? `raised so that the naive build's burst takes ${CORES_WORTH_MIN} cores' worth of work here`
        : "the night's own size";
  return {
    ...costs,
    coresWorth: coresAtFullScale * scale * scale,
    generatorShare,
    scale,
    timeScale: 1,
    reason,
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
