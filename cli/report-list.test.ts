/** `roomrush report` after the fact, as a user meets it: runs side by side, the list of a folder, and a report on paper. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { comparisonSchema } from '../reports/comparison/schema.ts';
import { emptyFolder, playInto, type RunsFolder } from '../reports/listing/testing/runs-folder.ts';
import { roomrush } from './testing/command.ts';

let runs: RunsFolder;
let one: string;
let other: string;
beforeAll(async () => {
  runs = emptyFolder();
  one = await playInto(runs.dir, 'one', { id: 'one' });
  other = await playInto(runs.dir, 'other', { id: 'other', profile: 'clubhouse-2021', scale: 0.5 });
});
afterAll(() => runs?.remove());

test('runs that are not like for like: side by side, with a warning in terminal, file and page', async () => {
  const out = path.join(runs.dir, 'both');
  const { code, stdout, stderr } = await roomrush('report', one, other, '--out', out).ended;
  expect([stderr, code]).toEqual(['', 0]);
  const warning = 'another scale: 1 for guarded, 0.5 for clubhouse-2021';
  expect(stdout).toContain('Differences from guarded, not like for like');
  expect(stdout).toContain(`warning: ${warning}`);
  expect(stdout).toContain('What to choose is not said');
  const file = comparisonSchema.parse(JSON.parse(readFileSync(path.join(out, 'comparison.json'), 'utf8')));
  expect(file.builds!.notAlike).toEqual([warning]);
  expect(file.policies).toBeNull();
  const page = readFileSync(path.join(out, 'report.html'), 'utf8');
  expect(page).toContain(`<li>${warning}</li>`);
  expect(page).toContain('<section id="differences"><h2>Differences, not like for like</h2>');
});

test('the list of a folder: a table, or JSON alone on stdout, and a page', async () => {
  const { dir, remove } = emptyFolder();
  onTestFinished(remove);
  await playInto(dir, 'run');
  const told = await roomrush('report', '--list', dir).ended;
  expect([told.stderr, told.code]).toEqual(['', 0]);
  expect(told.stdout).toContain('PASS: guarded, waiting-room');
  expect(told.stdout).toContain(`list: ${path.join(dir, 'index.html')}\n`);
  const { stdout, code } = await roomrush('report', '--list', dir, '--json').ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'roomrush/list@1',
    folder: dir,
    entries: [{ kind: 'run', folder: 'run', verdict: 'pass', page: 'run/report.html' }],
  });
  expect(existsSync(path.join(dir, 'index.html'))).toBe(true);
});

test('the report on paper lies beside the page', async () => {
  const { code, stdout, stderr } = await roomrush('report', one, '--pdf').ended;
  expect([stderr, code]).toEqual(['', 0]);
  expect(stdout).toContain(`pdf: ${path.join(one, 'report.pdf')}\n`);
  expect(readFileSync(path.join(one, 'report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
});

test.each([
  ['a list and runs', ['--list', 'RUNS', 'ONE'], 'got it with folders of runs'],
  ['a list and a listener', ['--list', 'RUNS', '--listener', '1'], 'got it with --listener'],
  ['a list, on paper, elsewhere', ['--list', 'RUNS', '--pdf', '--out', 'x'], 'got it with --pdf, --out'],
  ['a story on paper', ['ONE', '--listener', '0', '--pdf'], 'expected --listener or --pdf, got both'],
  ['nothing', [], 'expected the folder of a run, got none'],
  ['a list of nowhere', ['--list', 'ONE/gone'], 'expected a folder of runs, but'],
])('%s is wrong use, and said', async (_what, args, message) => {
  const { code, stderr } = await roomrush(
    'report',
    ...args.map((arg) => arg.replace('RUNS', runs.dir).replace('ONE', one)),
  ).ended;
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});
