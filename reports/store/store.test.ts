import { appendFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { summarise } from '../index.ts';
import { getsIn, type HandRun, removeRun, writeHandRun } from '../testing/hand-log.ts';
import { openRun } from './open-run.ts';

const made: string[] = [];

afterEach(() => {
  for (const runDir of made.splice(0)) removeRun(runDir);
});

async function run(changes: Partial<HandRun> = {}): Promise<string> {
  const runDir = await writeHandRun({
    people: [{ intendedMs: 5_000 }],
    rows: getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
    ...changes,
  });
  made.push(runDir);
  return runDir;
}

async function rowsOf(runDir: string): Promise<{ readonly rows: number; readonly unread: number }> {
  const store = await openRun(runDir, { threads: 1 });
  try {
    const [counted] = await store.query('SELECT count(*) AS rows FROM events');
    return { rows: counted!['rows'] as number, unread: store.linesUnread };
  } finally {
    store.close();
  }
}

const segment = (runDir: string) => path.join(runDir, 'events', 'swarm-signal-00000.csv');

test('a torn last line is left out: a number cut in two is still a number', async () => {
  const runDir = await run();
  const { rows } = await rowsOf(runDir);
  appendFileSync(segment(runDir), '5005021000000,listener,swarm-signal,0,1,,ejected,main,pong-timeout,12');
  expect(await rowsOf(runDir)).toEqual({ rows, unread: 1 });
});

test('a segment that was killed before its renaming gives its whole lines', async () => {
  const runDir = await run();
  const { rows } = await rowsOf(runDir);
  renameSync(segment(runDir), `${segment(runDir)}.part`);
  appendFileSync(`${segment(runDir)}.part`, '50050');
  expect(await rowsOf(runDir)).toEqual({ rows, unread: 1 });
});

test('a line that is no row is counted, not fatal', async () => {
  const runDir = await run();
  const { rows } = await rowsOf(runDir);
  appendFileSync(segment(runDir), 'what is this\n');
  expect(await rowsOf(runDir)).toEqual({ rows, unread: 1 });
});

test('a finished run is packed into one file with all its rows, and reads the same again', async () => {
  const runDir = await run();
  const { rows } = await rowsOf(runDir);
  const first = await summarise(runDir);
  expect(readdirSync(path.join(runDir, 'events'))).toEqual(['events.parquet']);
  expect(await rowsOf(runDir)).toEqual({ rows, unread: 0 });
  expect(await summarise(runDir)).toEqual(first);
});

test('a run that was killed keeps its segments, and is partial and void', async () => {
  const runDir = await run({
    healthy: false,
    record: { status: 'running' },
    rows: [
      [0, 'rehearsal', 'night-start', null],
      [4_000, 'server', 'queue', null, { value: 0 }],
      ...getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
    ],
  });
  const summary = await summarise(runDir);
  expect(readdirSync(path.join(runDir, 'events'))).toContain('swarm-signal-00000.csv');
  expect(summary.run).toMatchObject({ partial: true, durationMs: 5_020 });
  expect(summary.verdict).toMatchObject({
    result: 'void',
    reasons: ["the run is partial: it was killed before the night's end"],
  });
});

test('an empty log is a run that never started', async () => {
  const runDir = await run();
  rmSync(path.join(runDir, 'events'), { recursive: true });
  const { verdict, crowd } = await summarise(runDir);
  expect(crowd).toMatchObject({ planned: 1, arrived: 0 });
  expect(verdict.reasons.slice(0, 3)).toEqual([
    'the run is partial: the night never started',
    "the run is partial: the listeners' side of the log is missing",
    "the run is partial: the server's side of the log is missing",
  ]);
});

test('a folder that is no run is refused with what was expected', async () => {
  const runDir = await run();
  writeFileSync(path.join(runDir, 'run.json'), '{"schema":"roomrush/run@1","id":7}');
  await expect(openRun(runDir)).rejects.toThrow(/is not a run's record:\n {2}id:/);
  rmSync(path.join(runDir, 'run.json'));
  await expect(openRun(runDir)).rejects.toMatchObject({ code: 'no-run', exitCode: 2 });
});
