/** What the tests of the k6 body share: a small night, and what server and k6 are told for it. */
import { steady } from '../../../../scenarios/library/steady.ts';
import { type Scenario, scenarioSchema } from '../../../../scenarios/schema.ts';
import type { ProfileName } from '../../../../server/profiles/features.ts';
import { readSetup } from '../../../../setup/paths.ts';
import { drawPlan } from '../../../plan/plan.ts';
import { serverConfig } from '../../../swarm/testing/processes.ts';
import type { K6Config } from '../config.ts';

const ALL_K6 = { signal: 0, webrtc: 0, rtp: 0, k6: 1 };
export const SEED = 11;
export const setup = readSetup();

/** Forty people in four seconds; many leave before the end, half of them without a word. */
export const smallNight: Scenario = scenarioSchema.parse({
  ...steady,
  rooms: { main: { room: 'main', title: 'A room', seats: 25 }, overflow: { seats: 40, roomsMax: 1 } },
  phases: { rampMs: 400, baselineMs: 1_000, surgeMs: 600, tailMs: 1_700, leavingMs: 300 },
  moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors' }],
  incumbents: { count: 20, model: { kind: 'even' } },
  waves: [
    { id: 'evening', moment: 'doors', count: 20, overMs: 600, model: { kind: 'even' }, hallwayMs: 300 },
  ],
  bodies: { incumbents: ALL_K6, arrivals: ALL_K6 },
  crowd: { ...steady.crowd, stayMeanMs: 1_500 },
  client: { heartbeatMs: 200, pongTimeoutMs: 2_000, joinTimeoutMs: 2_000, mediaTimeoutMs: 2_000 },
});

/** What the server is told for the small night. */
export function k6ServerConfig(dir: string, profile: ProfileName, withMedia = false): object {
  return serverConfig(dir, smallNight, profile, withMedia);
}

export function k6Config(dir: string, target: string, over: Partial<K6Config> = {}): K6Config {
  const scenario = over.scenario ?? smallNight;
  return {
    runDir: dir,
    processName: 'swarm-k6',
    scenario,
    seed: SEED,
    browsers: 0,
    planDigest: drawPlan(scenario, SEED).digest,
    bodies: scenario.bodies,
    target,
    k6: setup.k6,
    ...over,
  };
}
