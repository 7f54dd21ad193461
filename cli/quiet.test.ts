/** What a real run prints with --quiet, and to a reader who has gone. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { terminalTable } from '../reports/index.ts';
import { summarySchema } from '../reports/summary.ts';
import { FakeScreen } from '../reports/testing/fake-screen.ts';
import { processesOf, roomrush, testFolder } from './testing/command.ts';

const CODE_OF_VERDICT = { pass: 0, fail: 3, void: 4 } as const;

function summaryIn(dir: string) {
  const [run] = readdirSync(dir).filter((name) => name.includes('-small-'));
  return summarySchema.parse(JSON.parse(readFileSync(path.join(dir, run!, 'summary.json'), 'utf8')));
}

test('--quiet prints the verdict and nothing else', async () => {
  const { dir, night } = testFolder();
  const { code, stdout, stderr } = await roomrush('run', night, '--no-preflight', '-q', '--out', dir).ended;
  const summary = summaryIn(dir);
  expect(stdout).toBe(terminalTable([summary], new FakeScreen(80, false)));
  expect(stderr).toBe('');
  expect(code).toBe(CODE_OF_VERDICT[summary.verdict.result]);
});

test('--quiet leaves errors', async () => {
  const { code, stdout, stderr } = await roomrush('run', 'zuckerburg', '--quiet').ended;
  expect(stderr).toContain('did you mean zuckerberg?');
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('a reader who goes in the middle ends no run', async () => {
  const { dir, night } = testFolder();
  const command = roomrush('run', night, '--no-preflight', '--out', dir);
  await command.printed('starting the server');
  command.stopReading();
  const { code } = await command.ended;
  const summary = summaryIn(dir);
  expect(summary.run.partial).toBe(false);
  expect(summary.crowd.joined).toBe(50);
  expect(code).toBe(CODE_OF_VERDICT[summary.verdict.result]);
  expect(processesOf(dir)).toEqual([]);
});
