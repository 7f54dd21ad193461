import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KneeNight } from '../../reports/gate/knee-schema.ts';
import { kneeOf } from '../../reports/gate/testing/knee.ts';
import { figures } from '../../reports/gate/testing/pairs.ts';
import { checkScenario, LIBRARY } from '../../scenarios/index.ts';
import { drawPlan } from '../../simulator/plan/plan.ts';
import { kneeSchedule, type PlayedRun, pairedSchedule, type Side, storedSchedule } from './schedule.ts';
import { SURGE_SIZE, shortSurge, surgeFaults } from './short-surge.ts';

const run = (side: Side, seed: number, isVoid = false): PlayedRun => ({
  round: 1,
  side,
  figures: figures(seed, isVoid ? { voidReasons: ['slip'] } : {}),
  tookMs: 1,
});

/** Plays on by the schedule; `isVoid` says of each run in turn whether it is. */
function playOut(runs: number, isVoid: (nth: number) => boolean) {
  const played: PlayedRun[] = [];
  const order: { readonly side: Side; readonly seed: number }[] = [];
  for (let nth = 0; nth < runs; nth++) {
    const { side, seed } = pairedSchedule(played, 5).next;
    order.push({ side, seed });
    played.push(run(side, seed, isVoid(nth)));
  }
  return { order, ...pairedSchedule(played, 5) };
}

test('base, candidate, candidate, base; one crowd a pair', () => {
  const { order, evidence } = playOut(8, () => false);
  expect(order.map(({ side }) => side[0]).join('')).toBe('bccbbccb');
  expect(order.map(({ seed }) => seed)).toEqual([5, 5, 6, 6, 7, 7, 8, 8]);
  expect(evidence.pairs.map(({ first }) => first)).toEqual(['base', 'candidate', 'base', 'candidate']);
});

test('a void run is repeated at once; after three tries the pair is given up with its crowd', () => {
  const once = playOut(3, (nth) => nth === 0);
  expect(once.order.map(({ side, seed }) => `${side[0]}${seed}`)).toEqual(['b5', 'b5', 'c5']);
  expect(once.evidence).toMatchObject({ pairs: [{ first: 'base' }], voidRuns: [{ side: 'base', seed: 5 }] });
  const never = playOut(4, (nth) => nth < 3);
  expect(never.order.map(({ side, seed }) => `${side[0]}${seed}`)).toEqual(['b5', 'b5', 'b5', 'c6']);
});

test('whatever is void, a pair has one crowd and what is broken off goes on as if it had not been', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (voids) => {
      const { evidence } = playOut(voids.length, (nth) => voids[nth]!);
      for (const { base, candidate } of evidence.pairs) expect(base.seed).toBe(candidate.seed);
      const seeds = evidence.pairs.map(({ base }) => base.seed);
      expect(new Set(seeds).size).toBe(seeds.length);
      expect(evidence.voidRuns).toHaveLength(voids.filter(Boolean).length);
    }),
  );
});

test('nights at the knee go in the same turns; one that does not count is played again into another folder', () => {
  const nights: KneeNight[] = [];
  const order: string[] = [];
  const left: number[] = [];
  for (const letter of 'hvhhhgfhhvvvh') {
    const { next, nightsLeft } = kneeSchedule(nights, 1_000);
    order.push(`${next.side[0]}${next.seed}.${next.tries}`);
    left.push(nightsLeft);
    const [column] = kneeOf(letter, '').nights;
    nights.push({ side: next.side, probe: { ...column!.probe, seed: next.seed } });
  }
  expect(order).toEqual([
    ...['b1000.0', 'c1000.0', 'c1000.1', 'c1001.0', 'b1001.0', 'b1002.0', 'b1002.1', 'c1002.0'],
    ...['c1003.0', 'b1003.0', 'b1003.1', 'b1003.2', 'b1004.0'],
  ]);
  expect(left).toEqual([12, 11, 11, 10, 9, 8, 8, 7, 6, 5, 5, 5, 6]);
});

test('against a stored base only the candidate is played, with the seeds of the base', () => {
  const stored = { base: [figures(3), figures(9)], refused: [] };
  const { next, evidence } = storedSchedule([run('candidate', 3), run('candidate', 9)], [3, 9], stored);
  expect(next).toEqual({ nth: 2, side: 'candidate', seed: 3 });
  expect(evidence.candidate).toHaveLength(2);
});

test.each(Object.keys(LIBRARY))('the short surge of %s is a night with all of its people', (name) => {
  const night = checkScenario(LIBRARY[name]!, name);
  const surge = shortSurge(night);
  const plan = drawPlan(surge, 1, 0);
  expect(plan.size).toBe(SURGE_SIZE.incumbents + SURGE_SIZE.arrivals);
  expect(surge.bodies).toEqual(night.bodies);
  expect(surgeFaults(surge)).toEqual(['cut=0.5@3000ms', 'cut=0.5@4000ms', 'cut=0.5@5000ms']);
  // A leaked seat shows before the end: missed heartbeat, hold, and the 2 s of the check.
  const { heartbeatMissedMs, seatHoldMs } = surge.server;
  expect(surge.phases.surgeMs + surge.phases.tailMs - 1_500).toBeGreaterThan(
    heartbeatMissedMs + seatHoldMs + 2_000,
  );
});
