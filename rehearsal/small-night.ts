/** A real night of a few seconds: what do its people cost? */
import type { Scenario } from '../scenarios/schema.ts';
import type { BodyName } from '../simulator/plan/bodies.ts';
import { playPassingNight } from './passing-night.ts';
import { type PreparedNight, prepareNight } from './prepare.ts';

/** Sums over the night; memory is what it grew by from its first second to its most. */
export type SmallNightFigures = {
  readonly serverCpuMs: number;
  readonly workerCpuMs: number;
  readonly swarmCpuMs: number;
  readonly serverBytes: number;
  readonly workerBytes: number;
  readonly swarmBytes: number;
  /** Share of a core that the swarm takes once everybody is in. */
  readonly swarmSteadyShare: number;
  /** The same of the media worker and of the server. */
  readonly workerSteadyShare: number;
  readonly serverSteadyShare: number;
  /** Packets missing at the counted listeners, share, once everybody is in; null: nobody is counted. */
  readonly lossShare: number | null;
  /** Longest silence at one of them in that time, ms. */
  readonly longestGapMs: number | null;
  readonly deliveries: number;
  readonly joined: number;
};

/** How long its parts take, ms. */
type SmallNightTimes = { readonly overMs: number; readonly tailMs: number };
const TIMES: SmallNightTimes = { overMs: 2_500, tailMs: 2_500 };

/** `people` arrive evenly within `overMs`, all with the same body, into a room with seats for all. */
export async function playSmallNight(
  night: Scenario,
  profile: string,
  body: BodyName,
  people: number,
  stop: AbortSignal,
  overMs = TIMES.overMs,
): Promise<SmallNightFigures> {
  const prepared = prepareSmallNight(night, profile, body, people, { ...TIMES, overMs });
  return playPassingNight(prepared, stop, async (run) => (await run.query(FIGURES))[0] as SmallNightFigures);
}

/** That night before it is played. @param change what else is to be different in it. */
export function prepareSmallNight(
  night: Scenario,
  profile: string,
  body: BodyName,
  people: number,
  { overMs, tailMs }: SmallNightTimes,
  change: (scenario: Scenario) => Scenario = (scenario) => scenario,
): PreparedNight {
  const none = { signal: 0, webrtc: 0, rtp: 0, k6: 0 };
  return prepareNight({
    scenario: change({
      ...night,
      phases: { rampMs: 0, baselineMs: 1500, surgeMs: overMs, tailMs, leavingMs: 500 },
      incumbents: { count: 0, model: { kind: 'even' }, speakers: 0 },
      moments: [{ id: 'measure', afterSurgeStartMs: 0, title: 'Measuring', action: null }],
      waves: [
        {
          id: 'measure',
          moment: 'measure',
          count: people,
          overMs,
          model: { kind: 'even' },
          from: 'inside',
          hallwayMs: 0,
        },
      ],
      server: { ...night.server, pacing: { seatsPerSecond: 10_000, burst: 10_000 } },
      rooms: { ...night.rooms, main: { ...night.rooms.main, seats: 2 * people } },
    }),
    seed: 1,
    scale: 1,
    timeScale: 1,
    profile,
    features: [],
    bodies: { ...none, [body]: 1 },
    target: null,
    port: 0,
    faults: [],
  });
}

const cpuMs = (like: string) =>
  `coalesce(sum(value) FILTER (type = 'cpu' AND cause LIKE '${like}'), 0)::DOUBLE`;
const grownBytes = (like: string) =>
  `coalesce(max(value) FILTER (type = 'rss' AND cause LIKE '${like}') - arg_min(value, t_ns) FILTER (type = 'rss' AND cause LIKE '${like}'), 0)::DOUBLE`;

/** The second half of the tail: a reading covers the second before it. */
const STEADY = 't_ns BETWEEN tail_end_ns - 1300000000 AND tail_end_ns';
const steadyShare = (like: string) =>
  `coalesce((SELECT sum(value) / 1000 / greatest(1, count(DISTINCT t_ns // 100000000)) FROM events, night
      WHERE type = 'cpu' AND cause LIKE '${like}' AND ${STEADY}), 0)::DOUBLE`;

const FIGURES = `
  SELECT ${cpuMs('server')} AS "serverCpuMs", ${cpuMs('worker')} AS "workerCpuMs", ${cpuMs('swarm-%')} AS "swarmCpuMs",
    ${grownBytes('server')} AS "serverBytes", ${grownBytes('worker')} AS "workerBytes", ${grownBytes('swarm-%')} AS "swarmBytes",
    coalesce(sum(value) FILTER (type = 'deliveries'), 0)::DOUBLE AS deliveries,
    count(DISTINCT person_id) FILTER (type = 'in' AND side = 'listener') AS joined,
    ${steadyShare('swarm-%')} AS "swarmSteadyShare",
    ${steadyShare('worker')} AS "workerSteadyShare",
    ${steadyShare('server')} AS "serverSteadyShare",
    (SELECT sum(lost) / nullif(sum(value + lost), 0) FROM events, night WHERE type = 'media' AND ${STEADY}) AS "lossShare",
    (SELECT max(longest_gap_ms) FROM events, night WHERE type = 'media' AND ${STEADY}) AS "longestGapMs"
  FROM events`;
