import { expect, test } from 'vitest';
import { openRun } from '../reports/store/open-run.ts';
import { type HandRow, removeRun, writeHandRun } from '../reports/testing/hand-log.ts';
import { coreShare, costByDifference, costWithin, type NightCosts, readNightCosts } from './night-costs.ts';

const JOIN_MS = 2;
const LISTENER_SECOND_MS = 0.25;
const LISTENER_BYTES = 5_000;
const IDLE_MS_A_SECOND = 10;
const FIXED_BYTES = 40e6;

/**
 * A night whose costs are known: a process that idles, and `people` who take so much each for the join and for a second.
 *
 * @param aside bytes that a tool takes for each before the night.
 */
function nightOf(people: number, aside = 0): NightCosts {
  const seconds = { quiet: 2, joining: 8, steady: 5 };
  const listenerSeconds = { quiet: 0, joining: people * 6, steady: people * 5 };
  const cpuOf = (name: 'quiet' | 'joining' | 'steady', joins: number) =>
    IDLE_MS_A_SECOND * seconds[name] + JOIN_MS * joins + LISTENER_SECOND_MS * listenerSeconds[name];
  const bytesQuiet = FIXED_BYTES + aside * people;
  return {
    joined: people,
    seconds,
    listenerSeconds,
    processes: [
      {
        name: 'swarm-webrtc',
        cpuMs: { quiet: cpuOf('quiet', 0), joining: cpuOf('joining', people), steady: cpuOf('steady', 0) },
        bytesMax: bytesQuiet + LISTENER_BYTES * people,
        bytesQuiet,
      },
      // Of no interest where one asks for the swarm.
      {
        name: 'server',
        cpuMs: { quiet: 1_000, joining: 7 * people, steady: 333 },
        bytesMax: 9e9,
        bytesQuiet: 0,
      },
    ],
  };
}

const isSwarm = (name: string) => name.startsWith('swarm-');

test('the difference of two sizes is what people add: what both have in common is no part of it', () => {
  const costs = costByDifference(nightOf(100), nightOf(300), isSwarm);
  expect(costs.joinMs).toBeCloseTo(JOIN_MS, 9);
  expect(costs.listenerSecondMs).toBeCloseTo(LISTENER_SECOND_MS, 9);
  expect(costs.listenerBytes).toBeCloseTo(LISTENER_BYTES, 6);
});

test('what a tool sets aside for its people before the night is theirs by difference, not within one night', () => {
  expect(costByDifference(nightOf(100, 1_000), nightOf(300, 1_000), isSwarm).listenerBytes).toBeCloseTo(
    LISTENER_BYTES + 1_000,
    6,
  );
  expect(costWithin(nightOf(100, 1_000), isSwarm).listenerBytes).toBeCloseTo(LISTENER_BYTES, 6);
});

test('within one night the quiet before it is taken off, second by second', () => {
  const costs = costWithin(nightOf(100), isSwarm);
  expect(costs.joinMs).toBeCloseTo(JOIN_MS, 9);
  expect(costs.listenerSecondMs).toBeCloseTo(LISTENER_SECOND_MS, 9);
});

test('a share of a core is CPU time a second, idling included', () => {
  expect(coreShare(nightOf(0), 'quiet', isSwarm)).toBeCloseTo(IDLE_MS_A_SECOND / 1000, 9);
  expect(coreShare(nightOf(1_000), 'steady', isSwarm)).toBeCloseTo(0.26, 9);
});

test('nights that say nothing are refused', () => {
  expect(() => costByDifference(nightOf(100), nightOf(100), isSwarm)).toThrow(
    'expected more people in the larger night, got 100 after 100',
  );
  expect(() => costWithin(nightOf(0), isSwarm)).toThrow('expected somebody to have got in');
});

/** The watcher looks each second, a few ms later each time, from 1 s on; surge from 4 s, the tail ends at 24 s. */
test('a night is cut at the looks of the watcher, and nobody counts before they are in or after they left', async () => {
  const rows: HandRow[] = [];
  for (let second = 1; second <= 25; second++) {
    const ms = 1000 * second + second;
    rows.push([ms, 'rehearsal', 'rss', null, { cause: 'server', value: second <= 3 ? 50 : 50 + second }]);
    if (second === 1) continue;
    // 1 ms in the quiet, 10 while people join, 100 when they are in.
    const value = second <= 3 ? 1 : second <= 18 ? 10 : 100;
    rows.push([ms + 2, 'rehearsal', 'cpu', null, { cause: 'server', value }]);
  }
  rows.push([5_000, 'listener', 'in', 0, { attempt: 1 }], [20_000, 'listener', 'left', 0, { attempt: 1 }]);
  rows.push([6_000, 'listener', 'in', 1, { attempt: 1 }]);
  rows.push([6_500, 'listener', 'gave-up', 2, { cause: 'tries' }]);
  const people = [{ intendedMs: 4_500 }, { intendedMs: 5_500 }, { intendedMs: 5_900 }];
  const runDir = await writeHandRun({ people, rows });
  const run = await openRun(runDir);
  try {
    const costs = await readNightCosts(run, { steadyMs: 5_000 });
    expect(costs.joined).toBe(2);
    expect(costs.seconds.quiet).toBeCloseTo(2.002, 9);
    expect(costs.seconds.joining).toBeCloseTo(15.015, 9);
    expect(costs.seconds.steady).toBeCloseTo(5.005, 9);
    expect(costs.listenerSeconds.quiet).toBe(0);
    expect(costs.listenerSeconds.joining).toBeCloseTo(18.018 - 5 + (18.018 - 6), 9);
    expect(costs.listenerSeconds.steady).toBeCloseTo(20 - 18.018 + 5.005, 9);
    expect(costs.processes).toEqual([
      { name: 'server', cpuMs: { quiet: 2, joining: 150, steady: 500 }, bytesMax: 75, bytesQuiet: 50 },
    ]);
    const shorter = await readNightCosts(run, { steadyMs: 5_000, quietMs: 2_000 });
    expect(shorter.seconds.quiet).toBeCloseTo(1.001, 9);
    expect(shorter.processes[0]!.cpuMs).toEqual({ quiet: 1, joining: 150, steady: 500 });
  } finally {
    run.close();
    removeRun(runDir);
  }
});
