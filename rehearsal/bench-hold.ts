/**
 * How many listeners this machine holds: they come gently, and then nothing happens but what being in a room is. The
 * figures are those of the hold alone. Apps beat every 30 s, as the real ones did (C14), so that signalling is idle;
 * each counted listener still has its row a second.
 */
import type { Scenario } from '../scenarios/schema.ts';
import type { BodyName } from '../simulator/plan/bodies.ts';
import { isServer, isSwarm, isWorker, withPatientPeople } from './bench-nights.ts';
import { allOf, type BenchContext, type BenchRow, figure } from './bench-row.ts';
import { coreShare, readNightCosts } from './night-costs.ts';
import { playPassingNight } from './passing-night.ts';
import { prepareSmallNight } from './small-night.ts';

const HOLD_MS = 30_000;
/** The last joins and their presence are over by then. */
const SETTLE_MS = 5_000;
const HEARTBEAT_MS = 30_000;
/** People who stay for a day on average: a few have had enough in the first minutes. */
const LEAVERS_SHARE_MAX = 0.003;

export type Hold = {
  readonly body: Extract<BodyName, 'signal' | 'webrtc'>;
  readonly people: number;
  readonly arrivalsPerSecond: number;
};

/**
 * 60 ms frames: 16.7 packets a second and listener. The native stack takes more than one core for so many, and the
 * worker leaves it a share of the other: the crowd is not kept on its own core here.
 */
export const HOLD_WEBRTC: Hold = { body: 'webrtc', people: 5_000, arrivalsPerSecond: 50 };
/** Near the server's limit of connections, and every process under 20,000 open files. */
export const HOLD_SIGNAL: Hold = { body: 'signal', people: 18_000, arrivalsPerSecond: 600 };

/** @throws NotReadyError when a process may not open as many files as the crowd needs. */
export async function benchHold(context: BenchContext, hold: Hold): Promise<readonly BenchRow[]> {
  const { body, people, arrivalsPerSecond } = hold;
  context.say(
    `${people} ${body} listeners, ${arrivalsPerSecond} a second, then held for ${HOLD_MS / 1000} s`,
  );
  const times = { overMs: (1000 * people) / arrivalsPerSecond, tailMs: SETTLE_MS + HOLD_MS };
  const prepared = {
    ...prepareSmallNight(context.night, 'guarded', body, people, times, withIdleSignalling),
    unpinned: body === 'webrtc',
  };
  const held = await playPassingNight(prepared, context.stop, async (run) => {
    const costs = await readNightCosts(run, { steadyMs: HOLD_MS });
    const [row] = await run.query(`
      SELECT count(DISTINCT person_id) FILTER (side = 'listener' AND type = 'ejected') AS ejected,
        sum(lost) FILTER (type = 'media' AND t_ns > tail_end_ns - ${HOLD_MS} * 1000000::BIGINT AND t_ns <= tail_end_ns) AS lost,
        sum(value) FILTER (type = 'media' AND t_ns > tail_end_ns - ${HOLD_MS} * 1000000::BIGINT AND t_ns <= tail_end_ns) AS packets,
        max(longest_gap_ms) FILTER (type = 'media' AND t_ns > tail_end_ns - ${HOLD_MS} * 1000000::BIGINT AND t_ns <= tail_end_ns) AS gap_ms,
        sum(value) FILTER (type = 'trouble') AS troubles
      FROM events, night`);
    return { costs, row: row! };
  });
  return rowsOf(hold, held.costs, held.row);
}

function rowsOf(
  { body, people }: Hold,
  costs: Awaited<ReturnType<typeof readNightCosts>>,
  row: Readonly<Record<string, unknown>>,
): readonly BenchRow[] {
  const name = `hold ${body}`;
  const seconds = Math.max(1e-9, costs.seconds.steady);
  const lost = Number(row['lost'] ?? 0);
  const packets = Number(row['packets'] ?? 0);
  const media =
    body === 'signal'
      ? []
      : [
          figure(`${name}: packets a second at the listeners`, packets / seconds, 0),
          // Nothing heard at all is no loss of 0.
          figure(`${name}: packets lost, %`, packets === 0 ? 100 : (100 * lost) / (lost + packets), 4, {
            op: '<=',
            limit: 0.1,
          }),
          figure(`${name}: longest silence, ms`, Number(row['gap_ms'] ?? Number.POSITIVE_INFINITY), 0),
          figure(`${name}: worker, share of its core`, coreShare(costs, 'steady', isWorker), 3),
        ];
  return [
    allOf(`${name}: joined`, costs.joined, people),
    // Where everybody is in all the time, it is one listener-second for each of them and second.
    figure(`${name}: in, mean over the hold`, costs.listenerSeconds.steady / seconds, 0, {
      op: '>=',
      limit: people * (1 - LEAVERS_SHARE_MAX),
    }),
    figure(`${name}: lost a seat`, Number(row['ejected'] ?? 0), 0, { op: '<=', limit: 0 }),
    ...media,
    figure(`${name}: server, share of its core`, coreShare(costs, 'steady', isServer), 3),
    figure(`${name}: swarm, cores`, coreShare(costs, 'steady', isSwarm), 3),
    figure(`${name}: troubles of the generator`, Number(row['troubles'] ?? 0), 0, { op: '<=', limit: 0 }),
  ];
}

function withIdleSignalling(scenario: Scenario): Scenario {
  const patient = withPatientPeople(scenario);
  return {
    ...patient,
    client: { ...patient.client, heartbeatMs: HEARTBEAT_MS, pongTimeoutMs: HEARTBEAT_MS / 3 },
    server: { ...patient.server, heartbeatMissedMs: 2 * HEARTBEAT_MS, frameMs: 60 },
  };
}
