/** What a folder of runs holds, and that nothing in it can keep the list from being made. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { capacitySchema } from '../capacity/schema.ts';
import { widthOf } from '../render/columns.ts';
import { listTable } from '../render/list-terminal.ts';
import { listFolder } from './list-folder.ts';
import type { Listed } from './listed.ts';
import { emptyFolder, fullFolder, HOSTILE, playInto, type RunsFolder } from './testing/runs-folder.ts';
import { writeIndex } from './write-index.ts';

let full: RunsFolder;
beforeAll(async () => {
  full = await fullFolder();
});
afterAll(() => full?.remove());

function folder(): string {
  const { dir, remove } = emptyFolder();
  onTestFinished(remove);
  return dir;
}

const found = (dir: string, name: string): Listed =>
  listFolder(dir).entries.find((entry) => entry.folder === name)!;

test('everything that lies there, the newest first; runs of a gate are not listed', () => {
  const { entries, isCut } = listFolder(full.dir);
  expect(isCut).toBe(false);
  expect(entries.map(({ kind, folder: name }) => [kind, name])).toEqual([
    ['capacity', 'capacity'],
    ['run', 'compare/guarded'],
    ['gate', 'gate'],
    ['comparison', 'compare'],
    ['run', 'compare/naive'],
    ['run', HOSTILE.replaceAll('/', '-')],
    ['run', 'first'],
    ['gate', 'gate-begun'],
  ]);
});

test('a run is listed with what it was, and with its verdict', () => {
  expect(found(full.dir, 'first')).toEqual({
    kind: 'run',
    folder: 'first',
    night: 'A small night',
    build: 'guarded, waiting-room',
    seed: 1,
    scale: 1,
    people: 1,
    startedAt: '2021-02-01T22:00:00.000Z',
    verdict: 'pass',
    tone: 'pass',
    reasons: [],
    missing: [],
    isDamaged: false,
    page: 'first/report.html',
  });
});

test('comparison, gate and capacity are listed with what they found', () => {
  expect(found(full.dir, 'compare')).toMatchObject({
    build: 'clubhouse-2021; guarded',
    startedAt: '2021-02-03T22:00:00.000Z',
    verdict: '2 pass',
    tone: null,
    reasons: ['These runs do not tell guarded and clubhouse-2021 apart.'],
    page: 'compare/report.html',
  });
  expect(found(full.dir, 'gate')).toMatchObject({
    verdict: 'no regression seen',
    tone: 'pass',
    page: 'gate/gate.json',
  });
  expect(found(full.dir, 'gate-begun')).toMatchObject({
    night: 'zuckerberg',
    verdict: 'unfinished',
    missing: ['gate.json'],
    page: null,
  });
  capacitySchema.parse(JSON.parse(readFileSync(path.join(full.dir, 'capacity/capacity.json'), 'utf8')));
  expect(found(full.dir, 'capacity')).toMatchObject({
    night: 'A step',
    build: 'guarded, waiting-room',
    seed: 11,
    verdict: 'guarded: knee at scale 1.5',
    tone: 'pass',
    page: 'capacity/capacity.json',
  });
});

test('a folder without anything is a list without anything', () => {
  const dir = folder();
  expect(listFolder(dir)).toEqual({ entries: [], isCut: false });
  expect(listTable(dir, listFolder(dir))).toBe('No runs.\n');
  expect(readFileSync(writeIndex(dir).file, 'utf8')).toContain('Nothing was played here yet');
});

test('a folder that is none of ours, an empty one, and a file beside them', () => {
  const dir = folder();
  mkdirSync(path.join(dir, 'photos', 'holidays'), { recursive: true });
  mkdirSync(path.join(dir, 'empty'));
  mkdirSync(path.join(dir, '.hidden'));
  writeFileSync(path.join(dir, 'notes.txt'), 'notes');
  symlinkSync(dir, path.join(dir, 'circle'));
  expect(listFolder(dir).entries.map(({ kind, folder: name, reasons }) => [kind, name, reasons])).toEqual([
    ['other', 'empty', ['it is empty']],
    ['other', 'photos', ['there is nothing in it that roomrush wrote']],
  ]);
});

test('no folder at all is wrong use', () => {
  expect(() => listFolder(path.join(folder(), 'gone'))).toThrow(
    expect.objectContaining({ code: 'no-folder', exitCode: 2 }),
  );
});

type Harm = (runDir: string) => void;
const rewrite =
  (file: string, from: string, to: string): Harm =>
  (runDir) => {
    const whole = path.join(runDir, file);
    writeFileSync(whole, readFileSync(whole, 'utf8').replace(from, to));
  };

test.each<readonly [string, Harm, Partial<Listed>]>([
  [
    'half of run.json',
    (runDir) => truncateSync(path.join(runDir, 'run.json'), 40),
    { verdict: 'damaged', reasons: [expect.stringMatching(/run\.json, but it is no JSON, or half of it/)] },
  ],
  [
    'a run of another version',
    rewrite('run.json', 'roomrush/run@1', 'roomrush/run@9'),
    {
      verdict: 'damaged',
      reasons: [expect.stringMatching(/is roomrush\/run@9, and this version of roomrush reads/)],
    },
  ],
  [
    'a summary of another version',
    rewrite('summary.json', 'roomrush/summary@1', 'roomrush/summary@9'),
    { verdict: 'damaged', page: 'a/report.html', reasons: [expect.stringContaining('roomrush/summary@9')] },
  ],
  [
    'no run.json',
    (runDir) => rmSync(path.join(runDir, 'run.json')),
    { verdict: 'damaged', reasons: ['there is no run.json in it'] },
  ],
  [
    'no summary.json',
    (runDir) => rmSync(path.join(runDir, 'summary.json')),
    {
      verdict: 'not measured',
      night: 'small',
      missing: ['summary.json'],
      reasons: ['it ended and was not measured', expect.stringMatching(/^to measure it: roomrush report /)],
    },
  ],
  [
    'a killed run',
    (runDir) => {
      rewrite('run.json', '"finished"', '"running"')(runDir);
      for (const name of ['summary.json', 'report.html']) rmSync(path.join(runDir, name));
    },
    {
      verdict: 'not measured',
      missing: ['summary.json', 'report.html'],
      page: null,
      reasons: ['it is still on, or it was killed', expect.any(String)],
    },
  ],
  [
    'no log and no report',
    (runDir) => {
      for (const name of ['events', 'report.html']) rmSync(path.join(runDir, name), { recursive: true });
    },
    { verdict: 'pass', missing: ['events', 'report.html'], page: null },
  ],
])('%s is said, and the run beside it is listed all the same', async (_what, harm, expected) => {
  const dir = folder();
  harm(await playInto(dir, 'a'));
  await playInto(dir, 'b');
  expect(found(dir, 'a')).toMatchObject({ kind: 'run', isDamaged: true, ...expected });
  expect(found(dir, 'b')).toMatchObject({ verdict: 'pass', isDamaged: false });
  const { listing, file } = writeIndex(dir);
  expect(listing.entries).toHaveLength(2);
  expect(readFileSync(file, 'utf8')).toContain(expected.verdict);
});

test('other files of other versions are said too', () => {
  const dir = folder();
  for (const [name, file] of [
    ['c', 'comparison.json'],
    ['g', 'gate.json'],
    ['k', 'capacity.json'],
    ['s', 'study.json'],
  ] as const) {
    mkdirSync(path.join(dir, name));
    writeFileSync(path.join(dir, name, file), JSON.stringify({ schema: 'roomrush/thing@77' }));
  }
  const { entries } = listFolder(dir);
  expect(entries.map(({ kind }) => kind)).toEqual(['comparison', 'gate', 'capacity', 'study']);
  for (const { verdict, reasons } of entries) {
    expect(verdict).toBe('damaged');
    expect(reasons[0]).toContain('roomrush/thing@77');
  }
});

test('a gate of the version before is said to be one', () => {
  const dir = folder();
  mkdirSync(path.join(dir, 'g'));
  writeFileSync(path.join(dir, 'g', 'gate.json'), JSON.stringify({ schema: 'roomrush/gate@1' }));
  const [entry] = listFolder(dir).entries;
  expect(entry).toMatchObject({ kind: 'gate', verdict: 'damaged' });
  expect(entry!.reasons[0]).toContain('roomrush/gate@1');
});

test('the terminal: 80 columns, nothing that it would obey, and the words that count them', () => {
  const text = listTable(full.dir, listFolder(full.dir));
  const lines = stripVTControlCharacters(text).split('\n');
  expect(lines.map(widthOf).filter((width) => width > 80)).toEqual([]);
  expect(lines).toContain('2021-02-01 22:00  run: A small night, seed 1, scale 1, 1 person');
  expect(lines).toContain('    PASS: guarded, waiting-room');
  expect(lines.at(-2)).toBe('4 runs, 1 comparison, 2 gates and 1 search for the capacity.');
});
