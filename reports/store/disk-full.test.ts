/** A disk that fills up while a night is written down or measured: nothing of before is lost, and the hole is confessed. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEventWriter } from '../../events/writer.ts';
import { summarise } from '../index.ts';
import { getsIn, removeRun, writeHandRun } from '../testing/hand-log.ts';

async function handRun(): Promise<string> {
  const runDir = await writeHandRun({
    people: [{ intendedMs: 5_000 }, { intendedMs: 6_000 }],
    rows: getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
  });
  onTestFinished(() => removeRun(runDir));
  return runDir;
}

const filesIn = (dir: string) =>
  (readdirSync(dir, { recursive: true }) as string[])
    .sort()
    .map((name) => [name, statSync(path.join(dir, name)).size, statSync(path.join(dir, name)).mtimeMs]);

/** A file system of this size, taken away after the test; null: this user may not make one. */
function tinyDisk(kib: number): string | null {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-tiny-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', dir]);
  onTestFinished(() => {
    if (status === 0) execFileSync('umount', [dir]);
    rmSync(dir, { recursive: true, force: true });
  });
  return status === 0 ? dir : null;
}

/** Fills a disk to its last block. */
function fill(file: string): void {
  expect(() => {
    for (;;) appendFileSync(file, Buffer.alloc(4_096));
  }).toThrow('ENOSPC');
}

test('a disk that fills up: what was measured before stays; with room again, the hole in the log makes the run void', async (context) => {
  const disk = tinyDisk(4_096);
  if (disk === null) {
    context.skip('a small file system can only be mounted by root');
    return;
  }
  const runDir = path.join(disk, 'run');
  cpSync(await handRun(), runDir, { recursive: true });
  const segments = path.join(runDir, 'events');
  cpSync(segments, path.join(disk, 'kept'), { recursive: true });
  await summarise(runDir);
  const before = readFileSync(path.join(runDir, 'summary.json'), 'utf8');
  rmSync(segments, { recursive: true });
  cpSync(path.join(disk, 'kept'), segments, { recursive: true });

  const log = openEventWriter({ dir: segments, process: 'late', side: 'listener' });
  const ballast = path.join(disk, 'ballast');
  fill(ballast);
  log.row('queue', null, null, null, null, null, 1);
  log.flushSync();
  expect(log.rowsLost).toBe(2);

  const full = filesIn(runDir);
  await expect(summarise(runDir)).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(filesIn(runDir)).toEqual(full);
  expect(readFileSync(path.join(runDir, 'summary.json'), 'utf8')).toBe(before);

  rmSync(ballast);
  await log.close();
  const { verdict, generator } = await summarise(runDir);
  expect(generator.troubles['ENOSPC']).toBe(2);
  expect(verdict.result).toBe('void');
  expect(verdict.reasons.join()).toContain('ENOSPC');
});

test('a disk that has no room for the packed log: it is kept as it was, and the hint says what to do', async (context) => {
  const disk = tinyDisk(4_096);
  if (disk === null) {
    context.skip('a small file system can only be mounted by root');
    return;
  }
  const runDir = await handRun();
  const events = path.join(runDir, 'events');
  const segments = readdirSync(events).sort();
  cpSync(events, path.join(disk, 'events'), { recursive: true });
  rmSync(events, { recursive: true });
  symlinkSync(path.join(disk, 'events'), events);
  fill(path.join(disk, 'ballast'));
  await expect(summarise(runDir)).rejects.toMatchObject({
    code: 'disk-full',
    exitCode: 5,
    hint: expect.stringContaining('df -h'),
  });
  expect(readdirSync(events).sort()).toEqual(segments);
});
