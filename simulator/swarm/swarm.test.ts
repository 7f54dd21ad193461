/** Swarm processes against the real server as a process: a small night from the first dial to the last row. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ROW_COLUMNS, type RowType } from '../../events/row.ts';
import { steady } from '../../scenarios/library/steady.ts';
import { nightTimes, type Scenario, scenarioSchema } from '../../scenarios/schema.ts';
import { drawPlan } from '../plan/plan.ts';
import type { SwarmConfig, SwarmReport } from './config.ts';

const ALL_SIGNAL = { signal: 1, webrtc: 0 };
const SEED = 11;

/** Forty people in four seconds; many leave before the end, half of them without a word. */
const night: Scenario = scenarioSchema.parse({
  ...steady,
  rooms: { main: { room: 'main', title: 'A room', seats: 25 }, overflow: { seats: 40, roomsMax: 1 } },
  phases: { rampMs: 400, baselineMs: 1_000, surgeMs: 600, tailMs: 1_700, leavingMs: 300 },
  moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors' }],
  incumbents: { count: 20, model: { kind: 'even' } },
  waves: [{ id: 'evening', moment: 'doors', count: 20, overMs: 600, model: { kind: 'even' } }],
  bodies: { incumbents: ALL_SIGNAL, arrivals: ALL_SIGNAL },
  crowd: { ...steady.crowd, stayMeanMs: 1_500 },
  client: { heartbeatMs: 200, pongTimeoutMs: 2_000, joinTimeoutMs: 2_000, mediaTimeoutMs: 2_000 },
});

function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'roomrush-swarm-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(path.join(dir, 'events'));
  return dir;
}

/** Starts a process with its configuration and resolves with what it says first. */
async function start(entry: string, dir: string, name: string, config: object) {
  const file = path.join(dir, `${name}.json`);
  writeFileSync(file, JSON.stringify(config));
  const child = fork(fileURLToPath(new URL(entry, import.meta.url)), [file], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const first = await Promise.race([once(child, 'message').then(([message]) => message), exit]);
  return { child, exit, first };
}

async function startServer(dir: string, features: 'clubhouse-2021' | 'guarded'): Promise<string> {
  const naive = features === 'clubhouse-2021';
  const { first } = await start('../../server/main.ts', dir, 'server', {
    profile: features,
    features: {
      roster: naive ? 'whole' : 'paged',
      presence: naive ? 'each' : 'batched',
      cap: naive ? 'soft' : 'exact',
      queue: naive ? 'none' : 'waiting-room',
      pacing: naive ? 'none' : 'paced',
      hold: naive ? 'none' : 'held',
      overflow: naive ? 'none' : 'relay',
      hallway: naive ? 'computed' : 'cached',
    },
    mainRoom: night.rooms.main,
    overflow: night.rooms.overflow,
    pacing: { seatsPerSecond: 1_000, burst: 100 },
    timers: {
      heartbeatMissedMs: 600,
      iceConsentMs: 30_000,
      ticketLifeMs: 20_000,
      seatHoldMs: 30_000,
      presenceBatchMs: 100,
      hallwayCacheMs: 1_000,
      positionsEveryMs: 200,
    },
    limits: {},
    media: { enabled: false },
    seed: 1,
    runDir: dir,
  });
  return `ws://127.0.0.1:${(first as { readonly port: number }).port}/signal`;
}

function swarmConfig(dir: string, target: string, over: Partial<SwarmConfig> = {}): SwarmConfig {
  return {
    runDir: dir,
    processName: 'swarm-signal',
    body: 'signal',
    scenario: night,
    seed: SEED,
    planDigest: drawPlan(night, SEED).digest,
    bodies: night.bodies,
    target,
    meterFile: null,
    nap: true,
    cuts: [],
    ...over,
  };
}

function begin(child: ChildProcess): void {
  child.send({ type: 'start', nightStartNs: String(process.hrtime.bigint() + 50_000_000n) });
}

type Row = { readonly [column in (typeof ROW_COLUMNS)[number]]: string };

function rowsOf(dir: string, side: 'server' | 'listener', ...types: RowType[]): Row[] {
  return readdirSync(path.join(dir, 'events'))
    .filter((file) => file.endsWith('.csv'))
    .flatMap((file) =>
      readFileSync(path.join(dir, 'events', file), 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => {
      const cells = line.split(',');
      return Object.fromEntries(ROW_COLUMNS.map((column, nth) => [column, cells[nth]])) as Row;
    })
    .filter((row) => row.side === side && types.includes(row.type as RowType));
}

/** Plays the small night and resolves when the swarm has ended. */
async function play(profile: 'clubhouse-2021' | 'guarded', over: Partial<SwarmConfig> = {}) {
  const dir = folder();
  const target = await startServer(dir, profile);
  const { child, exit, first } = await start('main.ts', dir, 'swarm', swarmConfig(dir, target, over));
  const reports: SwarmReport[] = [first as SwarmReport];
  child.on('message', (message) => reports.push(message as SwarmReport));
  begin(child);
  expect(await exit).toBe(0);
  return { dir, reports };
}

describe('a night', () => {
  test.each(['clubhouse-2021', 'guarded'] as const)('everybody has one story, on %s', async (profile) => {
    const { dir, reports } = await play(profile);
    expect(reports[0]).toEqual({ type: 'ready', people: 40 });
    expect(reports.filter(({ type }) => type === 'tick').length).toBeGreaterThanOrEqual(2);
    const arrivals = rowsOf(dir, 'listener', 'arrive');
    expect(arrivals).toHaveLength(40);
    const ends = rowsOf(dir, 'listener', 'gave-up', 'left', 'at-end');
    expect(new Set(ends.map((row) => row.person_id)).size).toBe(40);
    expect(ends).toHaveLength(40);
    const last = reports.at(-1)!;
    expect(last.type).toBe('done');
    if (last.type !== 'done') return;
    expect(last.counters.arrived).toBe(40);
    expect(last.counters.left).toBe(ends.filter((row) => row.type === 'left').length);
    expect(last.counters.joined).toBe(
      new Set(rowsOf(dir, 'listener', 'in').map((row) => row.person_id)).size,
    );
    if (profile === 'guarded') expect(last.counters.joined).toBe(40);
  });

  test('the server learns of a silent leaver by timeout alone', async () => {
    const { dir } = await play('guarded');
    const silent = new Map(
      rowsOf(dir, 'listener', 'left')
        .filter((row) => row.cause === 'silent')
        .map((row) => [row.person_id, BigInt(row.t_ns)]),
    );
    // Those whose timeout passed well before the night freed their sockets.
    const endNs = BigInt(rowsOf(dir, 'listener', 'stall').at(-1)!.t_ns);
    const early = [...silent]
      .filter(([, leftNs]) => endNs - leftNs > 1_800_000_000n)
      .map(([personId]) => personId);
    expect(early.length).toBeGreaterThan(3);
    const seen = rowsOf(dir, 'server', 'left', 'ejected').filter((row) => early.includes(row.person_id));
    expect(new Set(seen.map((row) => row.person_id)).size).toBe(early.length);
    expect(new Set(seen.map((row) => `${row.type} ${row.cause}`))).toEqual(
      new Set(['ejected heartbeat-missed']),
    );
  });

  test('whoever is cut off comes back into the same seat', async () => {
    const { dir } = await play('guarded', { cuts: [{ atMs: 1_300, share: 1 }] });
    const lost = rowsOf(dir, 'listener', 'ejected');
    expect(lost.length).toBeGreaterThan(3);
    expect(new Set(lost.map((row) => row.cause))).toEqual(new Set(['connection-lost']));
    const seats = rowsOf(dir, 'listener', 'seated');
    for (const { person_id } of lost) {
      const [before, after] = seats.filter((row) => row.person_id === person_id);
      expect([after?.cause, after?.value]).toEqual(['resumed', before?.value]);
    }
  });
});

describe('the process', () => {
  const nowhere = 'ws://127.0.0.1:9/signal';

  test('a server that refuses everybody: every arrival is told, the night ends', async () => {
    const dir = folder();
    const { child, exit } = await start('main.ts', dir, 'swarm', swarmConfig(dir, nowhere));
    begin(child);
    expect(await exit).toBe(0);
    expect(rowsOf(dir, 'listener', 'arrive')).toHaveLength(40);
    expect(rowsOf(dir, 'listener', 'in')).toEqual([]);
    expect(new Set(rowsOf(dir, 'listener', 'failed').map((row) => row.cause))).toEqual(
      new Set(['connection-refused']),
    );
    expect(rowsOf(dir, 'listener', 'trouble')).toEqual([]);
  });

  test('it stops when told to, and says so in its log', async () => {
    const dir = folder();
    const { child, exit } = await start('main.ts', dir, 'swarm', swarmConfig(dir, nowhere));
    begin(child);
    await once(child, 'message');
    child.send({ type: 'stop' });
    expect(await exit).toBe(0);
    expect(rowsOf(dir, 'listener', 'interrupted').map((row) => row.cause)).toEqual(['stopped']);
  });

  test('it ends when its parent is gone', async () => {
    const dir = folder();
    const { child, exit } = await start('main.ts', dir, 'swarm', swarmConfig(dir, nowhere));
    child.disconnect();
    expect(await exit).toBe(0);
    expect(rowsOf(dir, 'listener', 'interrupted').map((row) => row.cause)).toEqual(['parent-gone']);
  });

  test('another crowd than the one that was agreed on is refused', async () => {
    const dir = folder();
    const { first, exit } = await start(
      'main.ts',
      dir,
      'swarm',
      swarmConfig(dir, nowhere, { planDigest: '0' }),
    );
    expect(first).toMatchObject({ type: 'error', code: 'plan-differs' });
    expect(await exit).toBe(1);
  });

  test('a configuration that is wrong is refused with every problem', async () => {
    const dir = folder();
    const { first, exit } = await start('main.ts', dir, 'swarm', {
      ...swarmConfig(dir, nowhere),
      nap: 1,
      more: 2,
    });
    expect(first).toMatchObject({ type: 'error', code: 'invalid-config' });
    expect((first as { readonly message: string }).message).toMatch(/nap:[\s\S]*more/);
    expect(await exit).toBe(2);
  });
});

test('the night of these tests is as long as it says', () => {
  expect(nightTimes(night).nightEndMs).toBe(4_000);
});
