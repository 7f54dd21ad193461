/**
 * `roomrush capacity`, as a user meets it: searches over real nights of a few seconds. What cuts is an objective on people,
 * who grow with the scale as the plan says, so that the true knee is known: 50 people at scale 1, and 80 at most.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { CapacityFile } from '../reports/capacity/schema.ts';
import { capacityTable } from '../reports/capacity/terminal.ts';
import type { ScenarioInput } from '../scenarios/schema.ts';
import { processesOf, roomrush, SMALL_NIGHT, testFolder } from './testing/command.ts';

/** Nobody but the plan decides; no media, so that a probe takes some seconds. */
const NIGHT: ScenarioInput = {
  ...SMALL_NIGHT,
  phases: { rampMs: 300, baselineMs: 1_000, surgeMs: 1_000, tailMs: 600, leavingMs: 200 },
  waves: [{ id: 'evening', moment: 'doors', count: 30, overMs: 1_000, model: { kind: 'even' } }],
  bodies: { incumbents: { signal: 1 }, arrivals: { signal: 1 } },
  objectives: [
    {
      id: 'few',
      title: 'Eighty come at most',
      measure: 'crowd.arrived',
      op: '<=',
      limit: 80,
      unit: 'people',
    },
  ],
};
const SIZE = ['--grow', 'night', '--start', '1', '--resolution', '1.3', '--minutes', '3'];

test.each([
  ['no night', [], 'expected a night'],
  ['an unknown profile', ['steady', '--profile', 'gaurded'], 'did you mean guarded?'],
  ['a profile twice', ['steady', '--profiles', 'guarded,guarded'], 'expected different profiles'],
  ['both of them', ['steady', '--profile', 'guarded', '--profiles', 'guarded'], 'got both'],
  ['a start beyond the end', ['steady', '--start', '4', '--scale-max', '2'], 'got 4 and 2'],
  ['a resolution of nothing', ['steady', '--resolution', '1'], 'Expected a ratio from 1.01 to 2.'],
  ['no such search', ['--resume', '/nowhere/at/all'], 'there is no /nowhere/at/all'],
])('%s is wrong use, and said', async (_what, args, message) => {
  const { code, stderr } = await roomrush('capacity', ...args).ended;
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('finds a knee that is known; broken off by Ctrl-C it goes on, and plays nothing twice', async () => {
  const { dir, night } = testFolder(NIGHT);
  const first = roomrush('capacity', night, ...SIZE, '--out', dir);
  await first.printed('guarded              1 ');
  first.kill('SIGINT');
  const stopped = await first.ended;
  expect(stopped.code).toBe(130);
  const folder = /go on with: roomrush capacity --resume (.+)/.exec(stopped.stdout)![1]!;
  const before: CapacityFile = JSON.parse(readFileSync(path.join(folder, 'capacity.json'), 'utf8'));
  expect(before).toMatchObject({ finished: false, searches: [{ result: { kind: 'unfinished' } }] });
  expect(processesOf(dir)).toEqual([]);

  const second = await roomrush('capacity', '--resume', folder, '--json').ended;
  const file: CapacityFile = JSON.parse(second.stdout);
  expect(file.startedAt).toBe(before.startedAt);
  expect(second.stderr).toContain('kept');
  const [{ probes, result } = { probes: [], result: null }] = file.searches;
  expect(probes[0]).toEqual(before.searches[0]!.probes[0]);
  // Whatever void probes a busy machine adds, those that count say what the plan says.
  for (const { scale, people, outcome } of probes) {
    if (outcome !== 'held' && outcome !== 'failed') continue;
    expect([scale, outcome]).toEqual([scale, people <= 80 ? 'held' : 'failed']);
  }
  expect(second.code).toBe(result!.kind === 'knee' ? 0 : 4);
  if (result!.kind === 'knee') {
    expect(result).toMatchObject({
      isNarrow: true,
      gaveIn: { who: 'server' },
      limit: { objectives: ['few'] },
    });
    expect(result!.interval.low! * 50).toBeLessThanOrEqual(80.5);
    expect(result!.interval.high! * 50).toBeGreaterThan(80);
    expect(result!.held!.people).toBeLessThanOrEqual(80);
    expect(result!.held!.seatedMax).toBeGreaterThan(0);
    expect(result!.held!.seatedMax).toBeLessThanOrEqual(result!.held!.people);
  }
  // The event log stays where there is something to explain.
  for (const { scale, seed, outcome } of probes) {
    const runDir = path.join(folder, `guarded-${scale}-${seed}`);
    expect([scale, existsSync(path.join(runDir, 'report.html'))]).toEqual([scale, outcome !== 'held']);
  }

  // One that ended void would go on, and is right to.
  if (result!.kind === 'void') return;
  const third = await roomrush('capacity', '--resume', folder, '--json', '--quiet').ended;
  expect(JSON.parse(third.stdout)).toEqual(file);
  expect(third.stderr).toBe(`\n${capacityTable(file)}`);
}, 240_000);

test('where only the surge grows, each level meets so many more, and each of its probes another crowd', async () => {
  const { dir, night } = testFolder(NIGHT);
  const size = ['--start', '1', '--scale-max', '2', '--minutes', '3'];
  const { stdout } = await roomrush('capacity', night, ...size, '--json', '--out', dir).ended;
  const [{ probes } = { probes: [] }] = (JSON.parse(stdout) as CapacityFile).searches;
  expect(new Set(probes.map(({ scale }) => scale))).toEqual(new Set([1, 2]));
  expect(probes.map(({ people }) => people)).toEqual(probes.map(({ scale }) => 20 + 30 * scale));
  expect(new Set(probes.map(({ scale, seed }) => `${scale} ${seed}`)).size).toBe(probes.length);
}, 240_000);

test('the generator that gives in first is no knee: its process is stopped at every larger scale', async () => {
  const { dir, night } = testFolder({ ...NIGHT, objectives: SMALL_NIGHT.objectives });
  const size = ['--grow', 'night', '--start', '2', '--resolution', '2', '--scale-max', '2', '--minutes', '3'];
  const command = roomrush('capacity', night, ...size, '--json', '--out', dir);
  const stopped = new Set<number>();
  const look = setInterval(() => {
    for (const { pid, command: line } of processesOf(dir)) {
      if (!line.includes('swarm-signal.json') || !line.includes('guarded-2-') || stopped.has(pid)) continue;
      stopped.add(pid);
      hold(pid);
    }
  }, 50);
  onTestFinished(() => clearInterval(look));
  const { code, stdout, stderr } = await command.ended;
  const file: CapacityFile = JSON.parse(stdout);
  expect(stopped.size).toBeGreaterThan(0);
  expect(code).toBe(4);
  const [{ probes, result } = { probes: [], result: null }] = file.searches;
  expect(probes.filter(({ scale }) => scale === 2).map(({ outcome }) => outcome)).not.toContain('held');
  expect(result!.kind).not.toBe('knee');
  if (result!.kind === 'generator') {
    expect(result).toMatchObject({ held: { scale: 1 }, gaveIn: { scale: 2, who: 'generator' }, limit: null });
    expect(stderr).toContain('No knee: at least scale 1 ');
  }
  expect(readdirSync(dir).some((name) => name.includes('-capacity-small'))).toBe(true);
}, 240_000);

/** From the surge on it stands still for longer than a second of its arrivals. */
function hold(pid: number): void {
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const timers = [setTimeout(() => signal('SIGSTOP'), 2_600), setTimeout(() => signal('SIGCONT'), 3_600)];
  onTestFinished(() => timers.forEach(clearTimeout));
}
