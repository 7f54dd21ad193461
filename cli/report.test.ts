/** `roomrush report --listener` after a real night, as a user meets it; and what is no run, by its exit code. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Summary } from '../reports/summary.ts';
import { roomrush, SMALL_NIGHT, testFolder } from './testing/command.ts';

/** Whoever is thrown out takes longer to tap again than the night lasts: they are stranded, however busy the machine is. */
const SLOW_TO_RETURN = {
  ...SMALL_NIGHT,
  crowd: { ...SMALL_NIGHT.crowd, retap: { firstMs: 60_000, thenMeanMs: 60_000, triesMax: 6 } },
};

/** A line of the table, with what stands in the listener's column or, with nothing there, in the server's. */
const inColumn = (side: 'listener' | 'server', text: string) =>
  new RegExp(`\n[ \\d.,]{11}${' '.repeat(side === 'listener' ? 2 : 44)}${text}`);

test('the story of somebody whose connection was cut, and who could not come back', async () => {
  const { dir, night } = testFolder(SLOW_TO_RETURN);
  const faults = ['--fault', 'cut=0.5@4s'];
  const played = await roomrush('run', night, '--no-preflight', '--json', '--out', dir, ...faults).ended;
  const summary: Summary = JSON.parse(played.stdout);
  const [person] = summary.strandedPeople;
  expect(person).toBeDefined();
  const [name] = readdirSync(dir).filter((one) => one.includes('-small-'));
  const runDir = path.join(dir, name!);
  const before = readFileSync(path.join(runDir, 'summary.json'), 'utf8');

  const told = await roomrush('report', runDir, '--listener', String(person!.personId)).ended;
  expect(told.stderr).toBe('');
  expect(told.code).toBe(0);
  const [first, second] = told.stdout.split('\n');
  expect(first).toContain(`Listener ${person!.personId} of ${summary.run.id}: `);
  for (const text of ['sets out', 'is told: seat', 'loses the seat: the connection broke']) {
    expect(told.stdout).toMatch(inColumn('listener', text));
  }
  for (const text of ['gives seat', 'throws them out', 'keeps the seat']) {
    expect(told.stdout).toMatch(inColumn('server', text));
  }
  expect(told.stdout).toContain('stranded: was about to try when the night ended');

  const handle = /^@(\S+),/.exec(second!)![1]!;
  const machine = await roomrush('report', runDir, '--listener', handle, '--json').ended;
  const story = JSON.parse(machine.stdout);
  expect(story.fate).toMatchObject({
    afterLosses: 'stranded',
    tries: person!.tries,
    endCause: person!.endCause,
    losses: [{ countedBy: 'listener', atMs: person!.lostAtMs, cause: person!.cause }],
  });
  // The verdict's own lists name this one for the same objectives; they are whole where they are short.
  const named = summary.verdict.objectives.filter(
    ({ brokenBy: { count, listeners } }) => count === listeners.length,
  );
  const naming = named.filter(({ brokenBy }) =>
    brokenBy.listeners.some((one) => one.personId === person!.personId),
  );
  const against: readonly { readonly id: string }[] = story.against;
  expect(against.length).toBeGreaterThan(0);
  expect(against.map(({ id }) => id)).toEqual(expect.arrayContaining(naming.map(({ id }) => id)));
  expect(readFileSync(path.join(runDir, 'summary.json'), 'utf8')).toBe(before);

  const nobody = await roomrush('report', runDir, '--listener', '5000').ended;
  expect(nobody.stderr).toContain('it planned 50 people, numbered from 0 to 49');
  expect(nobody.code).toBe(2);
});

test('what is no run, or two of them for one story, is wrong use', async () => {
  const { dir } = testFolder();
  const comparison = path.join(dir, 'comparison');
  mkdirSync(comparison);
  writeFileSync(path.join(comparison, 'comparison.json'), '{}');
  const other = await roomrush('report', comparison).ended;
  expect(other.stderr).toContain(`${comparison} is a comparison's`);
  expect(other.code).toBe(2);
  const half = path.join(dir, 'half');
  mkdirSync(half);
  writeFileSync(path.join(half, 'run.json'), '{"schema": "roomrush/ru');
  const damaged = await roomrush('report', half).ended;
  expect(damaged.stderr).toContain(path.join(half, 'run.json'));
  expect(damaged.stderr).not.toContain('a defect');
  expect(damaged.code).toBe(2);
  const two = await roomrush('report', half, half, '--listener', '1').ended;
  expect(two.stderr).toContain('expected one run for --listener, got 2');
  expect(two.code).toBe(2);
});
