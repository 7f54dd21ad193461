/**
 * What is not a whole run of this version is refused with its path, what is wrong and what to do; and whatever was
 * measured before stays as it was.
 */
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { renderComparison, summarise } from '../index.ts';
import { readStory } from '../story/read-story.ts';
import { getsIn, type HandRun, removeRun, writeHandRun } from '../testing/hand-log.ts';

const NIGHT: HandRun = {
  people: [{ intendedMs: 5_000 }, { intendedMs: 6_000 }],
  rows: getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
};

const made: string[] = [];
afterEach(() => {
  for (const runDir of made.splice(0)) removeRun(runDir);
});

/** Measured once; each test harms a copy of its own. */
let whole: string;
beforeAll(async () => {
  whole = await writeHandRun(NIGHT);
  await summarise(whole);
});
afterAll(() => removeRun(whole));

/** A run that was measured: its log is packed. */
function measuredRun(): string {
  const runDir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-harmed-'));
  made.push(runDir);
  cpSync(whole, runDir, { recursive: true, preserveTimestamps: true });
  return runDir;
}

async function handRun(): Promise<string> {
  const runDir = await writeHandRun(NIGHT);
  made.push(runDir);
  return runDir;
}

const filesIn = (dir: string) =>
  (readdirSync(dir, { recursive: true }) as string[])
    .sort()
    .map((name) => [name, statSync(path.join(dir, name)).size, statSync(path.join(dir, name)).mtimeMs]);

const halve = (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2));
const retag = (file: string, from: string, to: string) =>
  writeFileSync(file, readFileSync(file, 'utf8').replace(`"${from}"`, `"${to}"`));
const packed = (runDir: string) => path.join(runDir, 'events', 'events.parquet');

type Harm = readonly [
  what: string,
  harm: (runDir: string) => void | Promise<void>,
  code: string,
  says: RegExp,
];

const HARMS: readonly Harm[] = [
  [
    'half of run.json',
    (dir) => halve(path.join(dir, 'run.json')),
    'unreadable-run',
    /run\.json, but it is no JSON/,
  ],
  [
    'a run of another version',
    (dir) => retag(path.join(dir, 'run.json'), 'roomrush/run@1', 'roomrush/run@2'),
    'other-version',
    /run\.json is roomrush\/run@2, and this version of roomrush reads roomrush\/run@1/,
  ],
  [
    'run.json that is a list',
    (dir) => writeFileSync(path.join(dir, 'run.json'), '[]'),
    'bad-run',
    /not a run's record/,
  ],
  [
    'half of scenario.json',
    (dir) => halve(path.join(dir, 'scenario.json')),
    'unreadable-run',
    /scenario\.json/,
  ],
  ['no scenario.json', (dir) => rmSync(path.join(dir, 'scenario.json')), 'unreadable-run', /ENOENT/],
  [
    'a night of another version',
    (dir) => retag(path.join(dir, 'scenario.json'), 'roomrush/scenario@1', 'roomrush/scenario@7'),
    'other-version',
    /roomrush\/scenario@7, and this version of roomrush reads roomrush\/scenario@1/,
  ],
  ['no plan', (dir) => rmSync(path.join(dir, 'plan.csv')), 'no-plan', /expected the crowd in .*plan\.csv/],
  ['an empty plan', (dir) => writeFileSync(path.join(dir, 'plan.csv'), ''), 'bad-plan', /found ''/],
  [
    'a plan that is cut off in a number',
    (dir) => truncateSync(path.join(dir, 'plan.csv'), statSync(path.join(dir, 'plan.csv')).size - 30),
    'bad-plan',
    /cut off in its last line/,
  ],
  [
    'a plan with a line that is nobody',
    (dir) => appendFileSync(path.join(dir, 'plan.csv'), '\n'.padStart(20, 'x')),
    'bad-plan',
    /plan\.csv/,
  ],
  [
    'another table for a plan',
    (dir) => writeFileSync(path.join(dir, 'plan.csv'), 'person,ms\n1,2\n'),
    'bad-plan',
    /expected the columns person_id,.* found 'person,ms'/,
  ],
  [
    'half of the packed log',
    (dir) => halve(packed(dir)),
    'damaged-log',
    /events\.parquet, but it is damaged/,
  ],
  ['an empty packed log', (dir) => writeFileSync(packed(dir), ''), 'damaged-log', /events\.parquet/],
  [
    'a packed log with a hole in the middle',
    (dir) => {
      const bytes = readFileSync(packed(dir));
      bytes.fill(0xff, 4, bytes.length - 8);
      writeFileSync(packed(dir), bytes);
    },
    'damaged-log',
    /events\.parquet/,
  ],
  [
    'a log of an earlier version',
    (dir) =>
      inDatabase(
        `COPY (SELECT * EXCLUDE (jitter_ms) FROM '${packed(dir)}') TO '${packed(dir)}' (FORMAT parquet)`,
      ),
    'other-log',
    /lacks the column jitter_ms/,
  ],
];

async function inDatabase(sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

describe('a run that is not whole', () => {
  test.each(HARMS)('%s is refused, and nothing is overwritten', async (_what, harm, code, says) => {
    const runDir = measuredRun();
    await harm(runDir);
    const before = filesIn(runDir);
    const refused = expect.objectContaining({ code, exitCode: 2, message: expect.stringMatching(says) });
    await expect(summarise(runDir)).rejects.toEqual(refused);
    await expect(readStory(runDir, '0')).rejects.toEqual(refused);
    expect(filesIn(runDir)).toEqual(before);
  });

  test('segments of an earlier version are refused too', async () => {
    const runDir = await handRun();
    for (const name of readdirSync(path.join(runDir, 'events'))) {
      const file = path.join(runDir, 'events', name);
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/,[^,\n]*\n/g, '\n'));
    }
    const before = filesIn(runDir);
    await expect(summarise(runDir)).rejects.toMatchObject({
      code: 'other-log',
      message: expect.stringMatching(/expected 14 cells in each line of .*csv, found 13/),
    });
    expect(filesIn(runDir)).toEqual(before);
  });

  test('a segment of noise is left out, line by line, and said; the log stays as it was found', async () => {
    const runDir = await handRun();
    const noise = Buffer.from(Array.from({ length: 4_000 }, (_, nth) => (nth * 7919 + 13) % 256));
    writeFileSync(path.join(runDir, 'events', 'server-99999.csv'), Buffer.concat([noise, Buffer.from('\n')]));
    const { crowd, verdict } = await summarise(runDir);
    expect(crowd.joined).toBe(1);
    expect(verdict.notes.some((note) => /lines? of the event log could not be read/.test(note))).toBe(true);
    expect(readdirSync(path.join(runDir, 'events'))).toContain('server-99999.csv');
  });

  test.each(['summary.json', 'charts.json', 'junit.xml', 'report.html'])(
    'a damaged %s is made again from the log',
    async (name) => {
      const runDir = measuredRun();
      const whole = readFileSync(path.join(runDir, 'summary.json'), 'utf8');
      halve(path.join(runDir, name));
      await summarise(runDir);
      expect(readFileSync(path.join(runDir, 'summary.json'), 'utf8')).toBe(whole);
    },
  );

  test('a story does not need the summary: what the run makes of its objectives is open then', async () => {
    const runDir = measuredRun();
    halve(path.join(runDir, 'summary.json'));
    const { against, lines } = await readStory(runDir, '1');
    expect(lines).toEqual([]);
    for (const { pass } of against) expect(pass).toBeNull();
  });

  test.each([
    ['summary.json', 'roomrush/summary@1'],
    ['charts.json', 'roomrush/charts@1'],
  ])(
    'runs laid side by side with a %s of another version: which, and how to make it again',
    async (name, tag) => {
      const runDir = measuredRun();
      const out = mkdtempSync(path.join(os.tmpdir(), 'roomrush-beside-'));
      onTestFinished(() => rmSync(out, { recursive: true, force: true }));
      retag(path.join(runDir, name), tag, tag.replace('@1', '@9'));
      await expect(renderComparison(out, [runDir])).rejects.toMatchObject({
        code: 'other-version',
        message: expect.stringContaining(`${name} is ${tag.replace('@1', '@9')}`),
        hint: `make it again: roomrush report ${runDir}`,
      });
      expect(readdirSync(out)).toEqual([]);
    },
  );
});

describe('a folder that is no run', () => {
  const folder = () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-no-run-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    return dir;
  };

  test.each([
    ['comparison.json', "a comparison's", 'report.html'],
    ['gate.json', "a gate's", 'roomrush gate --resume'],
    ['capacity.json', "a search for the capacity's", 'roomrush capacity --resume'],
    ['study.json', "a study's", 'study.json'],
  ])('with a %s: whose it is, and what reads it', async (name, whose, hint) => {
    const dir = folder();
    writeFileSync(path.join(dir, name), '{}');
    await expect(summarise(dir)).rejects.toMatchObject({
      code: 'other-folder',
      exitCode: 2,
      message: `expected the folder of a run, but ${dir} is ${whose}`,
      hint: expect.stringContaining(hint),
    });
  });

  test('empty, with other things, a file, and not there', async () => {
    const dir = folder();
    await expect(readStory(dir, '1')).rejects.toMatchObject({
      code: 'no-run',
      message: expect.stringContaining('it is empty'),
    });
    const file = path.join(dir, 'a-file');
    writeFileSync(file, '');
    await expect(summarise(dir)).rejects.toMatchObject({
      message: expect.stringContaining('there is no run.json in it'),
    });
    await expect(summarise(file)).rejects.toMatchObject({
      code: 'no-run',
      message: expect.stringContaining('ENOTDIR'),
    });
    const missing = path.join(dir, 'missing');
    await expect(summarise(missing)).rejects.toMatchObject({
      code: 'no-run',
      message: expect.stringContaining('ENOENT'),
    });
  });
});
