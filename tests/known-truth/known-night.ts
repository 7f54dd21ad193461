/** A test instrument: a real crowd meets the server of known truth, and both stories are laid side by side. */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { playNight } from '../../rehearsal/night.ts';
import { prepareNight } from '../../rehearsal/prepare.ts';
import { recordOf } from '../../rehearsal/run.ts';
import { summarise } from '../../reports/index.ts';
import { openRun } from '../../reports/store/open-run.ts';
import type { Summary } from '../../reports/summary.ts';
import { smallNight } from '../../reports/testing/hand-log.ts';
import type { Scenario } from '../../scenarios/schema.ts';
import { type KnownServerOptions, type Ledger, ledgerSchema, type Order } from './ledger.ts';

const PROGRAM = fileURLToPath(new URL('server.child.ts', import.meta.url));
const SERVER_CORE = 1;
/** A night on a machine that is busy with something else is played again, so often at most. */
const TRIES = 3;
/** A crowd's loop that stood still for longer, in ms, says that somebody else had the core. */
const QUIET_STALL_MS = 20;

/** Plays a night, and again when something else had the crowd's core meanwhile; the quietest of them. */
export async function playQuietly<One extends { readonly stallMs: number }>(
  play: () => Promise<One>,
): Promise<One> {
  let quietest = await play();
  for (let nth = 2; quietest.stallMs > QUIET_STALL_MS && nth <= TRIES; nth++) {
    const played = await play();
    if (played.stallMs < quietest.stallMs) quietest = played;
  }
  return quietest;
}

/** A row of the crowd, its instant in ns. */
export type CrowdRow = {
  readonly personId: number;
  readonly attempt: number | null;
  readonly type: string;
  readonly cause: string | null;
  readonly value: number | null;
  readonly tNs: bigint;
};
export type Played = {
  readonly summary: Summary;
  readonly ledger: Ledger;
  readonly rows: readonly CrowdRow[];
  /** Zero of the night. */
  readonly startNs: bigint;
  /** Planned instants by person, ms of the night. */
  readonly intendedMs: Float64Array;
  /** What the crowd said of itself in the surge: the longest nap and the longest time without a turn of its loop, ms. */
  readonly napMs: number;
  readonly stallMs: number;
};

const PULSE_MS = { heartbeatMs: 400, pongTimeoutMs: 3_000 };
/** Silence at a heartbeat is found out after this. */
export const PONG_TIMEOUT_MS = PULSE_MS.pongTimeoutMs;

/** `incumbents` come in 0.8 s, `arrivals` more in a surge of two; there are seats for all, and nobody leaves before the end. */
export function knownNight(body: 'signal' | 'webrtc', incumbents: number, arrivals: number, tailMs: number) {
  const { crowd, client } = smallNight();
  return smallNight({
    rooms: {
      main: { room: 'main', title: 'A known room', seats: 1_000 },
      overflow: { seats: 1, roomsMax: 0 },
    },
    phases: { rampMs: 800, baselineMs: 1_000, surgeMs: 2_000, tailMs, leavingMs: 100 },
    moments: [
      { id: 'doors', afterSurgeStartMs: 0, title: 'Doors open' },
      { id: 'stall', afterSurgeStartMs: 500, title: 'The server stands still' },
    ],
    incumbents: { count: incumbents, model: { kind: 'even' } },
    waves: [{ id: 'all', moment: 'doors', count: arrivals, overMs: 2_000, model: { kind: 'even' } }],
    bodies: { incumbents: { [body]: 1 }, arrivals: { [body]: 1 } },
    crowd: {
      ...crowd,
      startPatience: { graceMs: 20_000, leavePerSecond: 0.1 },
      queuePatienceMeanMs: 86_400_000,
      stayMeanMs: 36_000_000,
      silentLeaverShare: 0,
      returnShare: 1,
      returnLate: { share: 0, meanMs: 1 },
      retap: { firstMs: 100, thenMeanMs: 200, triesMax: 4 },
    },
    client: { ...client, ...PULSE_MS, joinTimeoutMs: 10_000, mediaTimeoutMs: 60_000 },
  });
}

/** @param stallMs the server stands still for so long at the moment `stall`; 0: it does not. */
export function playKnown(options: KnownServerOptions, scenario: Scenario, stallMs = 0): Promise<Played> {
  return playQuietly(() => playOnce(options, scenario, stallMs));
}

async function playOnce(options: KnownServerOptions, scenario: Scenario, stallMs: number): Promise<Played> {
  const runDir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-known-'));
  const server = await startKnownServer(options);
  try {
    const prepared = prepareNight({
      ...{ scenario, seed: 7, scale: 1, timeScale: 1, profile: 'guarded', features: [] },
      ...{ bodies: null, target: server.target, port: 0, faults: [] },
    });
    const stop = new AbortController().signal;
    const { interrupted } = await playNight(
      prepared,
      recordOf(prepared, 'known', null),
      runDir,
      (seen) => {
        if (stallMs > 0 && seen.type === 'moment' && seen.title === 'The server stands still')
          server.tell({ type: 'stall', forMs: stallMs });
      },
      stop,
    );
    if (interrupted !== null) throw new Error(`the night broke off: ${interrupted}`);
    const ledger = await server.end();
    const summary = await summarise(runDir);
    return { summary, ledger, ...(await readCrowd(runDir)), intendedMs: prepared.plan.columns.intendedMs };
  } finally {
    server.kill();
    rmSync(runDir, { recursive: true, force: true });
  }
}

/** Starts it on the server's core. */
async function startKnownServer(options: KnownServerOptions) {
  const child = fork(PROGRAM, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  if (os.availableParallelism() > SERVER_CORE)
    spawnSync('taskset', ['-acp', String(SERVER_CORE), String(child.pid)]);
  const [{ port }] = (await once(child, 'message')) as [{ readonly port: number }];
  const tell = (order: Order) => void child.send(order);
  return {
    target: `ws://127.0.0.1:${port}/signal`,
    tell,
    async end(): Promise<Ledger> {
      const told = once(child, 'message');
      tell({ type: 'tell' });
      return ledgerSchema.parse((await told)[0]);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** What the crowd of a run wrote. */
export async function readCrowd(runDir: string) {
  const run = await openRun(runDir);
  try {
    const rows = await run.query(`
      SELECT person_id, attempt, type::VARCHAR AS type, cause::VARCHAR AS cause, value, t_ns::VARCHAR AS at FROM events
      WHERE side = 'listener' AND person_id IS NOT NULL ORDER BY t_ns`);
    const [own] = await run.query(`
      SELECT (SELECT start_ns FROM night)::VARCHAR AS start,
        coalesce(max(value) FILTER (type = 'nap-max'), 0)::DOUBLE AS nap,
        coalesce(max(value) FILTER (type = 'stall'), 0)::DOUBLE AS stall
      FROM events, night WHERE side = 'listener' AND t_ns BETWEEN start_ns AND tail_end_ns`);
    return {
      rows: rows.map((row) => ({
        personId: Number(row['person_id']),
        attempt: row['attempt'] === null ? null : Number(row['attempt']),
        type: String(row['type']),
        cause: row['cause'] === null ? null : String(row['cause']),
        value: row['value'] === null ? null : Number(row['value']),
        tNs: BigInt(String(row['at'])),
      })),
      startNs: BigInt(String(own!['start'])),
      napMs: Number(own!['nap']),
      stallMs: Number(own!['stall']),
    };
  } finally {
    run.close();
  }
}
