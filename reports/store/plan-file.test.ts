/** The crowd's file: whatever somebody is called, DuckDB reads the same name again. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { summarise } from '../index.ts';
import { getsIn, type HandPerson, removeRun, writeHandRun } from '../testing/hand-log.ts';
import { openRun } from './open-run.ts';

const made: string[] = [];

afterEach(() => {
  for (const runDir of made.splice(0)) removeRun(runDir);
});

async function runOf(people: readonly HandPerson[]): Promise<string> {
  const runDir = await writeHandRun({
    people,
    rows: getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
  });
  made.push(runDir);
  return runDir;
}

async function planOf(runDir: string): Promise<Record<string, unknown>[]> {
  const store = await openRun(runDir, { threads: 1 });
  try {
    return await store.query('SELECT name, origin, cohort, stay_ms FROM plan ORDER BY person_id');
  } finally {
    store.close();
  }
}

const SCRIPTS = [
  'Ada "the Countess", Lovelace',
  'line\nbreak',
  '\r\ncarriage\r',
  "';DROP TABLE plan;--",
  'مريم العجلية',
  '王小明',
  '가나다',
  'Анна',
  '👩‍🚀🇫🇷',
  '""',
  ' ',
  'NULL',
];

test('names in any script, with commas, quotes and line breaks', async () => {
  const people = SCRIPTS.map((name) => ({ intendedMs: 5_000, name, origin: 'twitter' as const }));
  expect(await planOf(await runOf(people))).toEqual(
    SCRIPTS.map((name) => ({ name, origin: 'twitter', cohort: 'inside', stay_ms: 600_000 })),
  );
});

test('any name at all', async () => {
  // No name of a listener holds U+0000, which ends a text in a database.
  const unit = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom('"', ',', '\n', '\r', "'"),
  );
  const names = fc.string({ unit, minLength: 1, maxLength: 30 }).map((name) => name.replaceAll('\0', '0'));
  await fc.assert(
    fc.asyncProperty(fc.array(names, { minLength: 1, maxLength: 50 }), async (crowd) => {
      const read = await planOf(await runOf(crowd.map((name) => ({ intendedMs: 5_000, name }))));
      expect(read.map(({ name }) => name)).toEqual(crowd);
    }),
    { numRuns: 12 },
  );
});

test('a plan of an earlier version has neither names nor origins, and is measured all the same', async () => {
  const runDir = await runOf([{ intendedMs: 5_000 }, { intendedMs: 5_000 }]);
  const file = path.join(runDir, 'plan.csv');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${lines.map((line) => line.split(',').slice(0, 6).join()).join('\n')}\n`);
  expect((await planOf(runDir))[0]).toEqual({
    name: null,
    origin: null,
    cohort: 'inside',
    stay_ms: 600_000,
  });
  const { crowd, origins } = await summarise(runDir);
  expect([crowd.planned, crowd.joined, origins.inside.arrived]).toEqual([2, 1, 0]);
});
