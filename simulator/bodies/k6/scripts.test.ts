/** The scripts that a person runs with k6 by hand, each by the real k6 against the real server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { drawPlan } from '../../plan/plan.ts';
import { folder, startServer } from '../../swarm/testing/processes.ts';
import { writeNightFile } from './night-file.ts';
import { k6ServerConfig, SEED, setup, smallNight } from './testing/parts.ts';

/** Runs one of the scripts to its end, without blocking this process, whose child the server is. */
async function k6(script: string, env: Readonly<Record<string, string>>) {
  const file = fileURLToPath(new URL(`../../../scenarios/k6/${script}`, import.meta.url));
  const child = spawn(setup.k6!, ['run', '--quiet', '--no-color', '--address=', file], {
    env: { ...process.env, K6_NO_USAGE_REPORT: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

test('the night by hand begins by itself, and k6 tells how it went', async () => {
  const dir = folder();
  const host = await startServer(dir, k6ServerConfig(dir, 'guarded'));
  const plan = drawPlan(smallNight, SEED);
  const people = Array.from({ length: plan.size }, (_, id) => id);
  const target = `ws://${host}/signal`;
  const file = path.join(dir, 'night.jsonl');
  writeNightFile(file, { scenario: smallNight, seed: SEED, plan, people, target });
  const { code, output } = await k6('surge.ts', { NIGHT: file, USERS: '2' });
  expect(output).toContain(
    `steady, seed ${SEED}: 40 people at ${target}\n  arrived 40, joined 40, gave up 0,`,
  );
  expect(output).not.toContain('virtual users played to the end');
  expect(output).toContain('not for k6 to judge: incumbents-loss, incumbents-gap, seats-filled');
  expect(code).toBe(0);
});

test('the hallway gives its list at a constant rate', async () => {
  const dir = folder();
  const host = await startServer(dir, k6ServerConfig(dir, 'guarded'));
  const { code, output } = await k6('hallway.ts', { SERVER: `http://${host}`, RATE: '50', SECONDS: '2' });
  expect(output).toMatch(/checks_succeeded\.*: 100\.00% (20\d|19\d) out of \1/);
  expect(code).toBe(0);
});

test('the hallway refuses another machine, and more than its bounds', async () => {
  const remote = await k6('hallway.ts', { SERVER: 'http://rooms.example:7600' });
  expect(remote.output).toContain('rooms.example is not this machine');
  expect(remote.code).toBe(107);
  const many = await k6('hallway.ts', { RATE: '2001' });
  expect(many.output).toContain("expected RATE to be a whole number from 1 to 2000, got '2001'");
});

test.skipIf(setup.chromium === null)(
  'a listener in a browser of k6 joins over the page and hears the host',
  async () => {
    const dir = folder();
    const host = await startServer(dir, k6ServerConfig(dir, 'guarded', true));
    const { code, output } = await k6('listener.browser.ts', {
      PAGE: `http://${host}/`,
      K6_BROWSER_EXECUTABLE_PATH: setup.chromium!,
      K6_BROWSER_ARGS: 'no-sandbox,autoplay-policy=no-user-gesture-required',
      K6_BROWSER_HEADLESS: 'true',
    });
    expect(output).toMatch(/checks_succeeded\.*: 100\.00% 3 out of 3/);
    expect(code).toBe(0);
  },
);
