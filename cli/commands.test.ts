/** The command line as a user meets it: what it prints, refuses and leaves behind. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Summary, summarySchema } from '../reports/summary.ts';
import { processesOf, roomrush, SMALL_NIGHT, testFolder } from './testing/command.ts';

const CODE_OF_VERDICT = { pass: 0, fail: 3, void: 4 } as const;

function runIn(dir: string): string {
  const [run] = readdirSync(dir).filter((name) => name.includes('-small-'));
  return path.join(dir, run!);
}

test('run --json prints exactly summary.json, and the exit code is the verdict', async () => {
  const { dir, night } = testFolder();
  const { code, stdout } = await roomrush('run', night, '--no-preflight', '--json', '--out', dir).ended;
  expect(stdout).toBe(readFileSync(path.join(runIn(dir), 'summary.json'), 'utf8'));
  const summary: Summary = summarySchema.parse(JSON.parse(stdout));
  expect(summary.crowd.planned).toBe(50);
  expect(summary.crowd.joined).toBe(50);
  expect(summary.joinLatencyMs['webrtc']?.count).toBe(6);
  expect(code).toBe(CODE_OF_VERDICT[summary.verdict.result]);
  expect(processesOf(dir)).toEqual([]);
});

test('help has examples, for each command', async () => {
  for (const command of ['run', 'compare', 'serve', 'report']) {
    const { code, stdout } = await roomrush(command, '--help').ended;
    expect(code).toBe(0);
    expect(stdout).toContain('Examples:');
  }
});

test.each([
  ['an unknown flag', ['run', 'zuckerberg', '--loud'], "unknown option '--loud'"],
  ['an unknown command', ['runn'], 'Did you mean run?'],
  ['an unknown night', ['run', 'zuckerburg'], 'did you mean zuckerberg?'],
  ['an unknown profile', ['run', 'steady', '--profile', 'guardet'], 'did you mean guarded?'],
  ['an unknown feature', ['run', 'steady', '--feature', 'presense=each'], 'did you mean presence?'],
  ['a bad share', ['run', 'steady', '--bodies', 'webrtc=0.4'], 'shares that sum to 1'],
  ['a bad fault', ['run', 'steady', '--fault', 'explode@3s'], 'expected kind[=share]@time'],
  ['a bad scale', ['run', 'steady', '--scale', 'big'], 'Expected a number from 0.01 to 100'],
  ['a remote target', ['run', 'steady', '--target', 'ws://example.org/signal'], 'is not this machine'],
  [
    'a night beyond its bounds',
    ['run', 'steady', '--target', 'ws://example.org/', '--allow-remote', 'listeners=2,seconds=9'],
    'expected at most 2 listeners and 9 s at example.org',
  ],
  [
    'an unknown tool of clinic',
    ['run', 'steady', '--clinic', 'bubbleprof'],
    'Allowed choices are doctor, flame, heapprofiler',
  ],
  [
    'a profile of another target',
    ['run', 'steady', '--target', 'ws://127.0.0.1:9/', '--clinic', 'flame'],
    'the target is not ours',
  ],
  [
    'a target with a build of ours',
    ['run', 'steady', '--target', 'ws://127.0.0.1:9/', '--profile', 'guarded', '--port', '99'],
    'got --profile, --port too',
  ],
])('%s is wrong use, and said', async (_what, args, message) => {
  const { code, stderr } = await roomrush(...args).ended;
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('a night that is not valid: every problem with its path', async () => {
  const { night } = testFolder({
    ...SMALL_NIGHT,
    crowd: { ...SMALL_NIGHT.crowd, returnShare: 7 },
    phases: { ...SMALL_NIGHT.phases, surgeMs: -1 },
  });
  const { code, stderr } = await roomrush('run', night).ended;
  expect(code).toBe(2);
  expect(stderr).toContain('crowd.returnShare:');
  expect(stderr).toContain('phases.surgeMs:');
});

test('an objective on a measure that does not exist is refused before anything starts', async () => {
  const [objective] = SMALL_NIGHT.objectives;
  const { dir, night } = testFolder({
    ...SMALL_NIGHT,
    objectives: [{ ...objective!, measure: 'ejections.strandet' }],
  });
  const { code, stderr } = await roomrush('run', night, '--out', dir).ended;
  expect(code).toBe(2);
  expect(stderr).toContain('ejections.stranded');
  expect(readdirSync(dir)).toEqual(['night.json']);
});

test('Ctrl-C in the middle: what was measured is kept, partial and void, and nothing runs on', async () => {
  const { dir, night } = testFolder();
  const command = roomrush('run', night, '--no-preflight', '--out', dir);
  await command.printed('Doors');
  command.kill('SIGINT');
  const { code } = await command.ended;
  expect(code).toBe(130);
  const summary: Summary = JSON.parse(readFileSync(path.join(runIn(dir), 'summary.json'), 'utf8'));
  expect(summary.run.partial).toBe(true);
  expect(summary.verdict.result).toBe('void');
  expect(summary.crowd.joined).toBeGreaterThan(0);
  expect(processesOf(dir)).toEqual([]);
});

test('kill -9 of everything: report reads the log, and says partial and void', async () => {
  const { dir, night } = testFolder();
  const command = roomrush('run', night, '--no-preflight', '--out', dir);
  await command.printed('Doors');
  for (const { pid } of processesOf(dir)) process.kill(pid, 'SIGKILL');
  await command.ended;
  const { code, stdout } = await roomrush('report', runIn(dir), '--json').ended;
  const summary: Summary = JSON.parse(stdout);
  expect(summary.run.partial).toBe(true);
  expect(summary.verdict.result).toBe('void');
  // The last second may be lost; of those before, everybody who was seated is there.
  expect(summary.crowd.joined).toBeGreaterThanOrEqual(18);
  expect(code).toBe(4);
  expect(processesOf(dir)).toEqual([]);
});

test('a server that is killed makes the run void and partial, and says so', async () => {
  const { dir, night } = testFolder();
  const { code, stdout } = await roomrush(
    'run',
    night,
    '--no-preflight',
    '--out',
    dir,
    '--fault',
    'kill-server@3s',
  ).ended;
  expect(stdout).toContain('server-ended');
  expect(code).toBe(4);
  expect(processesOf(dir)).toEqual([]);
});

test('a target that refuses every connection fails, as people arrived and none got in', async () => {
  const { dir, night } = testFolder();
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const { port } = free.address() as { readonly port: number };
  await new Promise((resolve) => free.close(resolve));
  const target = `ws://127.0.0.1:${port}/signal`;
  const { code, stdout } = await roomrush(
    'run',
    night,
    '--no-preflight',
    '--json',
    '--out',
    dir,
    '--target',
    target,
  ).ended;
  const summary: Summary = JSON.parse(stdout);
  expect(summary.crowd.arrived).toBe(50);
  expect(summary.crowd.joined).toBe(0);
  expect(summary.verdict.objectives.find(({ id }) => id === 'answered')).toMatchObject({
    measured: 0,
    pass: false,
  });
  expect(code).toBe(CODE_OF_VERDICT[summary.verdict.result]);
  expect(summary.verdict.result).not.toBe('pass');
});

test('cut connections and a dead media worker: whoever comes back has the same seat, and no seat leaks', async () => {
  const { dir, night } = testFolder({
    ...SMALL_NIGHT,
    phases: { ...SMALL_NIGHT.phases, tailMs: 5_000 },
  });
  const faults = ['--fault', 'cut=0.2@4s', '--fault', 'kill-worker@5500ms'];
  const { stdout } = await roomrush('run', night, '--no-preflight', '--json', '--out', dir, ...faults).ended;
  const summary: Summary = JSON.parse(stdout);
  expect(summary.ejections.byCause['worker-died']).toBe(10);
  expect(summary.ejections.involuntary).toBeGreaterThanOrEqual(18);
  expect(summary.ejections.stranded).toBe(0);
  expect(summary.admission.leakedSeats).toBe(0);
  expect(summary.admission.fifoInversions).toBe(0);
});

test('two runs at once keep out of each other’s way', async () => {
  const { dir, night } = testFolder();
  const runs = [
    roomrush('run', night, '--no-preflight', '--out', dir),
    roomrush('run', night, '--no-preflight', '--out', dir),
  ];
  for (const { ended } of runs) expect([0, 3, 4]).toContain((await ended).code);
  const folders = readdirSync(dir).filter((name) => name.includes('-small-'));
  expect(folders.length).toBe(2);
  for (const folder of folders) {
    const summary: Summary = JSON.parse(readFileSync(path.join(dir, folder, 'summary.json'), 'utf8'));
    expect(summary.crowd.joined).toBe(50);
  }
});

test('a folder that cannot be written is said before anything starts', async () => {
  const { dir, night } = testFolder();
  const file = path.join(dir, 'not-a-folder');
  writeFileSync(file, '');
  const { code, stderr } = await roomrush('run', night, '--no-preflight', '--out', file).ended;
  expect(stderr).toContain('cannot write to');
  expect(code).toBe(5);
});

test('serve: a port that is taken names its holder; Ctrl-C ends it', async () => {
  const { dir } = testFolder();
  const held = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => held.once('listening', resolve));
  const { port } = held.address() as { readonly port: number };
  const refused = await roomrush('serve', '--port', String(port), '--out', dir).ended;
  expect(refused.stderr).toContain(`port ${port} is taken by process ${process.pid}`);
  expect(refused.code).toBe(5);
  await new Promise((resolve) => held.close(resolve));

  const command = roomrush('serve', '--port', String(port), '--out', dir);
  await command.printed('/hallway');
  const hallway = (await (await fetch(`http://127.0.0.1:${port}/hallway`)).json()) as {
    readonly rooms: readonly { readonly room: string }[];
  };
  expect(hallway.rooms.map(({ room }) => room)).toEqual(['main']);
  command.kill('SIGINT');
  expect((await command.ended).code).toBe(130);
  expect(processesOf(dir)).toEqual([]);
});
