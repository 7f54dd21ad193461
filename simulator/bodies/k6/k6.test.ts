/** A small night through the real k6 against the real server as a process, and k6's end in every way. */
import type { ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RowType } from '../../../events/row.ts';
import type { ProfileName } from '../../../server/profiles/features.ts';
import type { SwarmReport } from '../../swarm/config.ts';
import { folder, type Row, rowsOf, start, startServer } from '../../swarm/testing/processes.ts';
import type { K6Config } from './config.ts';
import { convertLeftover } from './leftover.ts';
import { k6Config, k6ServerConfig } from './testing/parts.ts';

const MAIN = 'simulator/bodies/k6/main.ts';

async function prepare(profile: ProfileName, over: Partial<K6Config> = {}) {
  const dir = folder();
  const target = `ws://${await startServer(dir, k6ServerConfig(dir, profile))}/signal`;
  return { dir, ...(await start(MAIN, dir, 'swarm', k6Config(dir, target, over))) };
}

/** Lets the night begin soon. */
function begin(child: ChildProcess): void {
  child.send({ type: 'start', nightStartNs: String(process.hrtime.bigint() + 300_000_000n) });
}

/** The ids of the k6 that a process has started; its command line names the night's file. */
function k6Of(dir: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandOf(pid).includes(`NIGHT=${path.join(dir, 'night.jsonl')}`));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    // It ended between the look and the reading.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}

const people = (rows: readonly Row[]) => new Set(rows.map((row) => row.person_id));

describe('a night', () => {
  test.each(['clubhouse-2021', 'guarded'] as const)('everybody has one story, on %s', async (profile) => {
    const { dir, child, exit, first } = await prepare(profile);
    expect(first).toEqual({ type: 'ready', people: 40 });
    const reports: SwarmReport[] = [];
    child.on('message', (message) => reports.push(message as SwarmReport));
    begin(child);
    expect(await exit).toBe(0);

    const arrivals = rowsOf(dir, 'listener', 'arrive');
    expect(arrivals).toHaveLength(40);
    const ends = rowsOf(dir, 'listener', 'gave-up', 'left', 'at-end');
    expect(people(ends).size).toBe(40);
    expect(ends).toHaveLength(40);
    // Both sides saw the same people in the same seats, at instants of one clock.
    const taken = rowsOf(dir, 'server', 'took');
    const seated = rowsOf(dir, 'listener', 'seated');
    const pairs = (rows: readonly Row[]) => rows.map((row) => `${row.person_id} ${row.value}`).sort();
    expect(pairs(seated)).toEqual(pairs(taken));
    expect(people(rowsOf(dir, 'listener', 'in'))).toEqual(people(taken));
    // A side that loses its core between sending and writing the row is late with one of them, not with most.
    const inOrder = seated.filter((row) => {
      const took = taken.find((one) => one.person_id === row.person_id && one.value === row.value)!;
      return BigInt(row.t_ns) > BigInt(took.t_ns) - 2_000_000n;
    });
    expect(inOrder.length).toBeGreaterThan(seated.length / 2);
    expect(rowsOf(dir, 'listener', 'trouble')).toEqual([]);
    expect(rowsOf(dir, 'listener', 'stall').length).toBeGreaterThanOrEqual(4);
    const total = (type: RowType) =>
      rowsOf(dir, 'listener', type).reduce((all, row) => all + Number(row.value), 0);
    expect(total('messages-out')).toBeGreaterThan(80);
    expect(total('bytes-in')).toBeGreaterThan(total('messages-in'));

    // k6's own count, in its closing text, is that of the log; so is what it told on the way.
    const own = /arrived (\d+), joined (\d+), gave up (\d+), ejections (\d+), stranded (\d+)/
      .exec(readFileSync(path.join(dir, 'k6.log'), 'utf8'))!
      .slice(1, 5)
      .map(Number);
    const joined = people(rowsOf(dir, 'listener', 'in')).size;
    const gaveUp = people(rowsOf(dir, 'listener', 'gave-up')).size;
    expect(own).toEqual([40, joined, gaveUp, rowsOf(dir, 'listener', 'ejected').length]);
    const last = reports.at(-1)!;
    const inAState = (counters: Readonly<Record<string, number>>) =>
      Object.entries(counters).reduce(
        (all, [name, count]) => all + (name.startsWith('crowd.') ? count : 0),
        0,
      );
    expect(last).toMatchObject({ type: 'done', counters: { arrived: 40, joined, firstIns: joined } });
    if (last.type === 'done') expect(inAState(last.counters)).toBe(40);
    if (profile === 'guarded') expect(joined).toBe(40);

    // What became a log is not kept twice.
    expect(existsSync(path.join(dir, 'k6-samples.json'))).toBe(false);
    expect(k6Of(dir)).toEqual([]);
  });

  test('a server that refuses everybody: every arrival is told, the night ends', async () => {
    const dir = folder();
    const { child, exit } = await start(MAIN, dir, 'swarm', k6Config(dir, 'ws://127.0.0.1:9/signal'));
    begin(child);
    expect(await exit).toBe(0);
    expect(rowsOf(dir, 'listener', 'arrive')).toHaveLength(40);
    expect(rowsOf(dir, 'listener', 'in')).toEqual([]);
    expect(new Set(rowsOf(dir, 'listener', 'failed').map((row) => row.cause))).toEqual(
      new Set(['connection-refused']),
    );
  });
});

describe('the end', () => {
  test('before the night has begun: k6 is gone with its process', async () => {
    const { dir, child, exit } = await prepare('guarded');
    expect(k6Of(dir)).toHaveLength(1);
    child.send({ type: 'stop' });
    expect(await exit).toBe(0);
    expect(rowsOf(dir, 'listener', 'interrupted').map((row) => row.cause)).toEqual(['stopped']);
    expect(k6Of(dir)).toEqual([]);
  });

  test('in the middle of the night: what was played is in the log', async () => {
    const { dir, child, exit } = await prepare('guarded');
    begin(child);
    await once(child, 'message');
    await once(child, 'message');
    child.send({ type: 'stop' });
    expect(await exit).toBe(0);
    expect(rowsOf(dir, 'listener', 'interrupted').map((row) => row.cause)).toEqual(['stopped']);
    expect(rowsOf(dir, 'listener', 'arrive').length).toBeGreaterThanOrEqual(20);
    expect(k6Of(dir)).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('kill -9 of the process takes k6 with it', async () => {
    const { dir, child, exit } = await prepare('guarded');
    expect(k6Of(dir)).toHaveLength(1);
    begin(child);
    await once(child, 'message');
    await once(child, 'message');
    child.kill('SIGKILL');
    await exit;
    await expect.poll(() => k6Of(dir), { timeout: 5_000, interval: 20 }).toEqual([]);
    // Nobody was there to make a log of it; whoever measures the folder later does.
    expect(rowsOf(dir, 'listener', 'arrive')).toEqual([]);
    expect(await convertLeftover(dir)).toBeGreaterThan(60);
    expect(rowsOf(dir, 'listener', 'arrive').length).toBeGreaterThanOrEqual(20);
    expect(readdirSync(dir).filter((name) => /k6-(samples|clock)/.test(name))).toEqual([]);
    expect(await convertLeftover(dir)).toBe(0);
  });

  test('a k6 that dies in the middle: its rows are kept, and the process says why it ends', async () => {
    const { dir, child, exit } = await prepare('guarded');
    begin(child);
    await once(child, 'message');
    await once(child, 'message');
    const error = errorOf(child);
    process.kill(k6Of(dir)[0]!, 'SIGKILL');
    expect(await error).toMatchObject({
      code: 'k6-failed',
      message: expect.stringContaining('ended by SIGKILL'),
    });
    expect(await exit).toBe(1);
    expect(rowsOf(dir, 'listener', 'arrive').length).toBeGreaterThanOrEqual(20);
    expect(rowsOf(dir, 'listener', 'interrupted').map((row) => row.cause)).toEqual(['k6-failed']);
  });
});

describe('before the start', () => {
  test('without a k6 it is not ready, and says what to do', async () => {
    const dir = folder();
    const { first, exit } = await start(
      MAIN,
      dir,
      'swarm',
      k6Config(dir, 'ws://127.0.0.1:9/signal', { k6: null }),
    );
    expect(first).toMatchObject({ type: 'error', code: 'no-k6', hint: 'node setup/bootstrap.js k6' });
    expect(await exit).toBe(5);
  });

  test('another program than k6 is said, with how it ended', async () => {
    const dir = folder();
    const config = k6Config(dir, 'ws://127.0.0.1:9/signal', { k6: '/bin/false' });
    const { first, exit } = await start(MAIN, dir, 'swarm', config);
    expect(first).toMatchObject({ type: 'error', code: 'k6-failed' });
    expect(await exit).toBe(1);
  });
});

async function errorOf(child: ChildProcess): Promise<SwarmReport> {
  for await (const [message] of on(child, 'message')) {
    if ((message as SwarmReport).type === 'error') return message as SwarmReport;
  }
  throw new Error('unreachable: the messages of a process do not end by themselves');
}
