import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROW_COLUMNS } from './row.ts';
import { openEventWriter } from './writer.ts';

let root: string;
let dir: string;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'roomrush-writer-'));
  dir = path.join(root, 'events');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function rowsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .flatMap((name) => readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n'));
}

test('a row is one line, null is empty, and the first row is the anchor', async () => {
  const writer = openEventWriter({ dir, process: 'swarm-signal', side: 'listener' });
  writer.row('seated', 7, 2, null, 'main', 'new', 12, null, null, 123n);
  writer.row('media', 7, 2, 9, null, null, 16, 1, 80.5, 124n, 12.3, 0.75);
  writer.row('media', 7, 2, 9, null, null, 17, 0, 61, undefined, -0.4);
  await writer.close();
  const [anchor, ...rows] = rowsIn(dir);
  expect(anchor).toMatch(/^\d+,listener,swarm-signal,,,,anchor,,\d+,\d+,,,,$/);
  expect(rows.slice(0, 2)).toEqual([
    '123,listener,swarm-signal,7,2,,seated,main,new,12,,,,',
    '124,listener,swarm-signal,7,2,9,media,,,16,1,80.5,12.3,0.75',
  ]);
  // Without an instant of its own, a row is of now; what comes behind the instant stays in its column.
  expect(rows[2]).toMatch(/^\d+,listener,swarm-signal,7,2,9,media,,,17,0,61,-0\.4,$/);
  const [anchorNs, nowNs] = [anchor, rows[2]].map((row) => BigInt(row!.split(',')[0]!));
  expect(nowNs).toBeGreaterThanOrEqual(anchorNs!);
  for (const row of [anchor, ...rows]) expect(row!.split(',')).toHaveLength(ROW_COLUMNS.length);
  expect(readdirSync(dir)).toEqual(['swarm-signal-00000.csv']);
});

test('a crash path may close the segment at once', async () => {
  const writer = openEventWriter({ dir, process: 'server', side: 'server' });
  writer.flushSync();
  writer.row('asked', 1, 1, null, null, null, null);
  writer.flushSync();
  expect(readdirSync(dir)).toEqual(['server-00000.csv', 'server-00001.csv']);
  await writer.close();
});

test('a word that would need quoting is refused', async () => {
  const writer = openEventWriter({ dir, process: 'server', side: 'server' });
  expect(() => writer.row('left', 1, 1, null, 'a,b', null, null)).toThrow("got 'a,b'");
  expect(() => writer.row('left', 1, 1, null, null, 'two\nlines', null)).toThrow(TypeError);
  await writer.close();
});

test('rows that cannot be written are counted, told once, and confessed in the log', async () => {
  const errors: Error[] = [];
  const writer = openEventWriter({
    dir,
    process: 'server',
    side: 'server',
    onError: (error) => errors.push(error),
  });
  writer.flushSync();
  rmSync(dir, { recursive: true });
  writer.row('asked', 1, 1, null, null, null, null);
  writer.row('asked', 2, 1, null, null, null, null);
  writer.flushSync();
  expect(writer.rowsLost).toBe(2);
  writer.flushSync();
  expect(errors.map((error) => (error as NodeJS.ErrnoException).code)).toEqual(['ENOENT']);
  mkdirSync(dir);
  await writer.close();
  expect(rowsIn(dir)[0]).toMatch(/,trouble,,ENOENT,1,,,,$/);
});

test('kill -9 in the middle of a night loses at most the last second, and no row is half', async () => {
  const child = fork(fileURLToPath(new URL('./testing/write-until-killed.ts', import.meta.url)), [dir], {
    execPath: process.execPath,
  });
  let lastNs = 0n;
  child.on('message', (message) => {
    const { tNs, segments } = message as { readonly tNs: string; readonly segments: number };
    lastNs = BigInt(tNs);
    if (segments >= 2) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  const numbers = rowsIn(dir)
    .map((line) => line.split(','))
    .filter((cells) => cells[6] === 'arrive');
  expect(numbers.length).toBeGreaterThan(0);
  expect(numbers.every((cells) => cells.length === ROW_COLUMNS.length)).toBe(true);
  expect(numbers.map((cells) => Number(cells[3]))).toEqual(numbers.map((_, nth) => nth));
  const keptNs = BigInt(numbers.at(-1)![0]!);
  // A second of rows, and the time that the write itself may take on a busy machine.
  expect(Number(lastNs - keptNs) / 1e9).toBeLessThan(1.5);
});
