/**
 * The recipes of docs/guides/ci.md: their commands are read by the real command line, their shell by bash, and what they make
 * of each exit code is tried with a stand-in for `npx` that ends with it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { roomrushProgram, withSubcommands } from '../../../cli/program.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const GATE_SH = here('gate.sh');
const GUIDE = readFileSync(here('../ci.md'), 'utf8');

type Step = {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
};
type Job = {
  readonly needs?: string;
  readonly if: string;
  readonly 'timeout-minutes': number;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
};
type Workflow = { readonly jobs: Readonly<Record<string, Job>>; readonly permissions: unknown };

const WORKFLOW: Workflow = parse(readFileSync(here('roomrush-gate.yml'), 'utf8'));
const STEPS = Object.values(WORKFLOW.jobs).flatMap(({ steps }) => steps);

/** Code blocks of the guide, by their language. */
const BLOCKS = [...GUIDE.matchAll(/```(\w*)\n([\s\S]*?)```/g)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}));

const SHELL: readonly (readonly [string, string])[] = [
  ['gate.sh', readFileSync(GATE_SH, 'utf8')],
  ...STEPS.flatMap(({ run, name }): [string, string][] => (run === undefined ? [] : [[name!, run]])),
];

/** Commands of ours in a text, in words as a shell splits them; a variable stands for one word. */
function commandsIn(text: string): string[][] {
  const lines = text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => !line.trim().startsWith('#'));
  return lines.flatMap((line) => {
    const [, command] = /\bnpx roomrush (.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    const [own] = command.split(/ (?:\|\||&&|[|;>])/);
    return [[...own!.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, ...words]) => words.find(Boolean)!)];
  });
}

/** Reads a command as the command line would, and does nothing. */
async function readCommand(words: readonly string[]): Promise<void> {
  const program = roomrushProgram();
  for (const command of withSubcommands(program)) {
    command.configureOutput({ writeErr: () => {} });
    if (command.commands.length === 0) command.action(() => {});
  }
  await program.parseAsync([...words], { from: 'user' });
}

const COMMANDS = [
  ...SHELL.flatMap(([name, text]) => commandsIn(text).map((words) => [name, words] as const)),
  ...BLOCKS.filter(({ language }) => language === '').flatMap(({ text }) =>
    commandsIn(text).map((words) => ['ci.md', words] as const),
  ),
];

test('the recipes hold the commands that they should', () => {
  expect(COMMANDS.map(([where, words]) => `${where}: ${words.join(' ')}`)).toEqual([
    `gate.sh: gate $night --write-baseline \${2:?expected a file for the baseline} --out $out`,
    `gate.sh: gate $night --base \${1:-origin/main} --out $out --junit $out/junit.xml --markdown $out/summary.md`,
    'Gate: gate $NIGHT --base $BASE --out runs --junit runs/gate.xml --markdown runs/gate.md',
    'Measure main: gate $NIGHT --write-baseline runs/baseline.json --out runs',
    'ci.md: report runs/<gate>/<run> --listener 812',
    'ci.md: gate zuckerberg --write-baseline runs/baseline.json',
    'ci.md: gate zuckerberg --base runs/baseline.json',
    'ci.md: gate zuckerberg --base-cmd node old/server.js --port {port} --candidate-cmd node server.js --port {port}',
  ]);
});

test.each(COMMANDS)('%s: the command line knows %j', async (_where, words) => {
  await readCommand(words);
});

test('a flag that there is not would be seen', async () => {
  await expect(readCommand(['gate', 'zuckerberg', '--base', 'x', '--junit-xml', 'y'])).rejects.toThrow(
    "unknown option '--junit-xml'",
  );
  await expect(readCommand(['gates', 'zuckerberg'])).rejects.toThrow("unknown command 'gates'");
});

test.each(SHELL)('%s is shell', (_name, text) => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

test.skipIf(spawnSync('shellcheck', ['--version']).status !== 0)('shellcheck has nothing to say', () => {
  for (const [name, input] of SHELL) {
    const { stdout } = spawnSync('shellcheck', ['--shell=bash', '-'], { input, encoding: 'utf8' });
    expect([name, stdout]).toEqual([name, '']);
  }
});

test('the workflow: what it refers to is there, all is pinned and bounded, and it may write nothing', () => {
  expect(WORKFLOW.permissions).toEqual({ contents: 'read' });
  for (const [name, job] of Object.entries(WORKFLOW.jobs)) {
    expect([name, job['timeout-minutes'] > 0]).toEqual([name, true]);
    if (job.needs !== undefined) expect(Object.keys(WORKFLOW.jobs)).toContain(job.needs);
    const ids = job.steps.map(({ id }) => id);
    for (const [, id] of JSON.stringify(job).matchAll(/steps\.(\w+)\.outputs/g)) expect(ids).toContain(id);
    for (const [, needed, output] of JSON.stringify(job).matchAll(/needs\.(\w+)\.outputs\.(\w+)/g)) {
      expect(needed).toBe(job.needs);
      expect(Object.keys(WORKFLOW.jobs[needed!]!.outputs!)).toContain(output);
    }
    for (const { uses } of job.steps) expect(uses ?? 'a/b@v1').toMatch(/^[\w-]+\/[\w/-]+@v\d+$/);
  }
});

test('recipes of other systems are the YAML that they say, and let 4 be neutral', () => {
  const [gitlab, buildkite] = BLOCKS.filter(({ language }) => language === 'yaml').map(({ text }) =>
    parse(text),
  );
  expect(gitlab['roomrush-gate'].allow_failure).toEqual({ exit_codes: 4 });
  expect(buildkite.steps[0].soft_fail).toEqual([{ exit_status: 4 }]);
  for (const script of [gitlab['roomrush-gate'].script[0], buildkite.steps[0].command]) {
    expect(path.resolve(here('../../..'), script.split(' ')[0])).toBe(GATE_SH);
  }
});

/** A folder with an `npx` that writes down its arguments and ends with this code. */
function standIn(code: number) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-ci-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" > '${dir}/arguments'\nexit ${code}\n`;
  writeFileSync(path.join(dir, 'npx'), script, { mode: 0o755 });
  const { PATH } = process.env;
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    spawnSync('bash', args, {
      cwd: dir,
      encoding: 'utf8',
      env: { PATH: `${dir}:${PATH}`, GITHUB_OUTPUT: path.join(dir, 'output'), ...more },
    });
  return { dir, run, read: (name: string) => readFileSync(path.join(dir, name), 'utf8') };
}

test.each([
  [0, 'gate: no regression seen\n'],
  [3, 'gate: a regression\n'],
  [4, 'gate: void, neither green nor red: let exit code 4 be neutral\n'],
  [5, 'gate: not played (exit code 5)\n'],
])('gate.sh passes %d on', (code, said) => {
  const { run, read } = standIn(code);
  const { status, stdout } = run([GATE_SH, 'HEAD~1']);
  expect([status, stdout]).toEqual([code, said]);
  expect(read('arguments').split('\n').slice(0, 7)).toEqual(
    'roomrush gate zuckerberg --base HEAD~1 --out runs'.split(' '),
  );
});

test('gate.sh keeps a baseline, in a file that must be named', () => {
  const { run, read } = standIn(0);
  expect(run([GATE_SH, '--baseline', 'b.json'], { NIGHT: 'musk' }).status).toBe(0);
  expect(read('arguments')).toBe('roomrush\ngate\nmusk\n--write-baseline\nb.json\n--out\nruns\n');
  expect(run([GATE_SH, '--baseline']).stderr).toContain('expected a file for the baseline');
});

const runOf = (job: string, name: string) =>
  WORKFLOW.jobs[job]!.steps.find((step) => step.name === name)!.run!;

test.each([
  // Code of the gate, of the job that plays it, and of the verdict; null: skipped.
  [0, 0, 0],
  [3, 0, 3],
  [4, 0, null],
  [5, 5, 5],
])('the workflow on %d: measure ends with %d, and the verdict with %s', (code, measured, verdict) => {
  const { run, read } = standIn(code);
  // As the runner starts a step of a workflow.
  const step = (script: string, more: Readonly<Record<string, string>>) =>
    run(['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], more).status;
  expect(step(runOf('measure', 'Gate'), { NIGHT: 'zuckerberg', BASE: 'HEAD^1' })).toBe(measured);
  expect(read('output')).toBe(`code=${code}\n`);
  expect(WORKFLOW.jobs['measure']!.outputs!['code']).toMatch(/^.{3} steps\.gate\.outputs\.code }}$/);
  expect(WORKFLOW.jobs['verdict']!.if).toBe(
    "always() && github.event_name == 'pull_request' && needs.measure.outputs.code != '4'",
  );
  if (verdict !== null)
    expect(step(runOf('verdict', 'No regression seen'), { CODE: String(code) })).toBe(verdict);
});

test('the verdict on a gate that never came to an end is red', () => {
  const { run } = standIn(0);
  const script = runOf('verdict', 'No regression seen');
  expect(run(['-e', '-c', script], { CODE: '' }).status).toBe(1);
});
