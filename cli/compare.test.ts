/** `roomrush compare` with policies, as a user meets it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readStream } from '../dashboards/live/testing/read-stream.ts';
import type { ComparisonFile } from '../reports/comparison/schema.ts';
import { differencesTable, policiesTable } from '../reports/index.ts';
import { FakeScreen } from '../reports/testing/fake-screen.ts';
import { processesOf, roomrush, testFolder } from './testing/command.ts';

test.each([
  ['features of nowhere', ['--features', 'clubhouse-2012'], 'did you mean clubhouse-2021?'],
  ['no seed at all', ['--seeds', '0'], 'Expected a whole number from 1 to 1000.'],
  ['a policy twice', ['--policies', 'cap,cap'], 'expected different builds, got cap twice'],
  ['an unknown policy', ['--policies', 'cap,waiting-rom'], 'did you mean waiting-room?'],
  ['no such comparison', ['--resume', '/nowhere/at/all'], 'there is no /nowhere/at/all'],
])('%s is wrong use, and said', async (_what, args, message) => {
  const { code, stderr } = await roomrush('compare', 'steady', ...args).ended;
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('policies over the same crowd: comparison.json on stdout, and nothing is played twice', async () => {
  const { dir, night } = testFolder();
  const args = ['--policies', 'open,cap', '--seeds', '1', '--json'];
  const size = ['--scale', '1', '--time-scale', '0.45'];
  const command = roomrush('compare', night, ...args, ...size, '--out', dir);
  await command.printed('live: ');
  const live = await readStream(/^live: (.+)$/m.exec(command.stderr())![1]!);
  const first = await command.ended;
  // One page has all nights, each with its verdict.
  await live.ended;
  const about = live.frames.flatMap((frame) =>
    frame.type === 'night' ? [frame.name] : frame.type === 'verdict' ? [frame.result] : [],
  );
  const file: ComparisonFile = JSON.parse(first.stdout);
  expect(file.schema).toBe('roomrush/comparison@3');
  expect(file.policies).toMatchObject({ reference: 'open', policies: ['open', 'cap'], choice: [] });
  const digests = new Set(file.runs.map(({ summary }) => summary.run.planDigest));
  expect(digests.size).toBe(1);
  expect(about).toEqual(
    file.runs.flatMap(({ summary: { run, verdict } }) => [`guarded-${run.policy}`, verdict.result]),
  );
  expect(first.stderr).toContain('run 1 of 2: open, seed 20210204 (about');
  expect(first.code).toBe(file.policies!.runs.leftOut.length > 0 ? 4 : 0);

  const folder = path.dirname(/report: (.+)/.exec(first.stderr)![1]!);
  const second = await roomrush('compare', night, ...args, '--resume', folder).ended;
  expect(second.stderr).toContain('run 2 of 2: cap, seed 20210204 was measured before');
  expect(second.stderr).not.toContain('starting the server');
  expect(JSON.parse(second.stdout)).toEqual(
    JSON.parse(readFileSync(path.join(folder, 'comparison.json'), 'utf8')),
  );
  expect(JSON.parse(second.stdout)).toEqual(file);

  const quiet = await roomrush('compare', night, ...args.slice(0, 4), '-q', '--resume', folder).ended;
  const pipe = new FakeScreen(80, false);
  expect(quiet.stdout).toBe(policiesTable(file.policies!, pipe) + differencesTable(file.builds, pipe));
  expect(quiet.stderr).toBe('');
  expect(processesOf(dir)).toEqual([]);
});
