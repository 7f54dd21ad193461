/** `roomrush gate` as a user meets it, with surges of a few people. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { writeSettings } from '../rehearsal/gate/gate-folder.ts';
import { gateOptions } from '../reports/gate/options.ts';
import { gateSchema } from '../reports/gate/schema.ts';
import { gateTable } from '../reports/gate/terminal.ts';
import { FakeScreen } from '../reports/testing/fake-screen.ts';
import { processesOf, roomrush, testFolder } from './testing/command.ts';

const SECOND_SERVER = fileURLToPath(new URL('../tests/second-server/server.ts', import.meta.url));
const FEW = ['--people', '10,40', '--pairs-max', '2'];

beforeAll(() => {
  // A void gate is played once more in CI: not these.
  delete process.env['CI'];
  delete process.env['GITHUB_ACTIONS'];
});

const gateOf = (dir: string) =>
  gateSchema.parse(JSON.parse(readFileSync(path.join(dir, 'gate.json'), 'utf8')));
const folderIn = (stdout: string) => /^into (.+)$/m.exec(stdout)![1]!;

test('a commit against this tree: Ctrl-C keeps what was played, and --resume goes on to a verdict', async () => {
  const { dir } = testFolder();
  const first = roomrush('gate', 'zuckerberg', '--base', 'HEAD', ...FEW, '--out', dir);
  // One run has been played; on a busy machine it is void, and the base's turn again.
  await first.printed(/^ {2}(?:server|void)/m);
  first.kill('SIGINT');
  const stopped = await first.ended;
  expect(stopped.code).toBe(130);
  const folder = folderIn(stopped.stdout);
  expect(stopped.stdout).toContain(`go on with: roomrush gate --resume ${folder}`);
  expect(gateOf(folder).verdict).toMatchObject({
    result: 'void',
    reasons: [expect.stringMatching(/^interrupted: /)],
  });

  const second = await roomrush('gate', '--resume', folder, '--json').ended;
  const gate = gateSchema.parse(JSON.parse(second.stdout));
  expect(gate).toEqual(gateOf(folder));
  expect(second.stderr).toMatch(/^\d runs? were measured before/m);
  expect(gate.looks.at(-1)?.runs ?? 2).toBe(2);
  expect({ 'no regression seen': 0, regression: 3, void: 4 }[gate.verdict.result]).toBe(second.code);
  if (gate.runs.kind !== 'paired') throw new Error('expected pairs');
  for (const { base, candidate } of gate.runs.pairs) {
    expect(candidate.planDigest).toBe(base.planDigest);
    expect(base.costs.serverCpuMsPerJoin).toBeGreaterThan(0);
    expect(base.yardstickMs).toBeGreaterThan(0);
    expect(base.events).toMatchObject({ stranded: 0, neverIn: 0, 'seats-leaked': 0 });
  }

  const quiet = await roomrush('gate', '--resume', folder, '--quiet').ended;
  expect(quiet.stderr).toBe('');
  expect(quiet.stdout).toBe(`\n${gateTable(gate, new FakeScreen(80, false))}`);
  expect(processesOf(dir)).toEqual([]);
}, 180_000);

test("two commands: what needs the server's rows is not checked, and the gate says so", async () => {
  const { dir } = testFolder();
  const command = `node ${SECOND_SERVER} '{"port":{port},"seats":60}' < /dev/zero`;
  const { code, stdout } = await roomrush(
    ...['gate', 'zuckerberg', '--base-cmd', command, '--candidate-cmd', command],
    ...[...FEW, '--out', dir],
  ).ended;
  expect([0, 3, 4]).toContain(code);
  const gate = gateOf(folderIn(stdout));
  expect(gate.notes.join()).toContain('checks that need the server');
  if (gate.runs.kind !== 'paired') throw new Error('expected pairs');
  // A busy machine may leave none that counts; then there is a reason for each that was played.
  expect(gate.runs.pairs.length + gate.voidRuns.length).toBeGreaterThan(0);
  for (const { base } of gate.runs.pairs) {
    expect(base.events['seats-leaked']).toBeNull();
    expect(base.costs.serverCpuMsPerJoin).toBeGreaterThan(0);
  }
  expect(processesOf(dir)).toEqual([]);
}, 120_000);

test.each([
  ['nothing to compare with', [], /expected one of --base, --base-cmd and --write-baseline, got none/],
  ['a ref that git does not know', ['--base', 'no-such-ref'], /git knows no 'no-such-ref'/],
  ['a baseline that is not there', ['--base', 'none.json'], /expected a baseline at .*none\.json/],
  ['a command without its port', ['--base-cmd', 'node server.js'], /expected \{port\} in --base-cmd/],
  ['more than can be seen', ['--base', 'HEAD', '--detect', '0.01'], /must be larger than tolerance/],
  [
    'the knee of a baseline',
    ['--base', 'none.json', '--knee'],
    /expected a base that can be played for --knee/,
  ],
  [
    'the knee into a baseline',
    ['--write-baseline', 'b.json', '--knee'],
    /--knee or --write-baseline, got both/,
  ],
  ['time for no knee', ['--base', 'HEAD', '--knee-minutes', '5'], /expected --knee with --knee-minutes/],
])('%s is wrong use, before anything is played', async (_, flags, message) => {
  const { dir } = testFolder();
  const { code, stderr } = await roomrush('gate', 'zuckerberg', ...flags, '--out', dir).ended;
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});

test('a night that does something in its server has no knee against a command: said before the surges', async () => {
  const { dir } = testFolder();
  const command = 'node none.js --port {port}';
  const { code, stderr } = await roomrush(
    ...['gate', 'restart', '--base-cmd', command, '--candidate-cmd', command, '--knee', '--out', dir],
  ).ended;
  expect(stderr).toContain('in the server, but the target is not ours');
  expect(code).toBe(2);
});

test('a folder that is no gate, and one whose runs are broken, are not gone on with', async () => {
  const { dir } = testFolder();
  const none = await roomrush('gate', '--resume', dir).ended;
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no settings.json') });
  writeFileSync(path.join(dir, 'settings.json'), '{"schema": "roomrush/gate-se');
  const half = await roomrush('gate', '--resume', dir).ended;
  expect(half).toMatchObject({ code: 2, stderr: expect.stringContaining('settings.json is no JSON') });
  rmSync(dir, { recursive: true });
});

test('a gate that was begun without the knee cannot be asked for it later', async () => {
  const { dir } = testFolder();
  const side = { kind: 'command', command: 'node none.js {port}' } as const;
  writeSettings(dir, {
    ...{ startedAt: '2021-02-04T22:00:00.000Z', night: 'steady', size: { incumbents: 1, arrivals: 1 } },
    ...{ seed: 1, base: side, candidate: side, treeDigest: null, options: gateOptions() },
    ...{ keepRuns: false, kneeMinutes: 1 },
  });
  const { code, stderr } = await roomrush('gate', '--resume', dir, '--knee').ended;
  expect(stderr).toContain('that gate was begun without --knee');
  expect(code).toBe(2);
});
