import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../../errors.ts';
import { judgeGate } from './judge.ts';
import { alphaOfEach, gateOptions, looksUpTo } from './options.ts';
import { judgePairedRatios, judgeUnpairedRatio } from './ratios.ts';
import type { GatePair } from './schema.ts';
import { nextStep } from './sequence.ts';
import { drawPairs, figures, type Truth } from './testing/pairs.ts';

const OPTIONS = gateOptions();
const evidence = (pairs: readonly GatePair[]) => ({ kind: 'paired', pairs, voidRuns: [] }) as const;
const play = (seed: number, truth: Truth) => nextStep(evidence(drawPairs(seed, 16, truth)), OPTIONS);
const HONEST: Truth = { ratio: 1, scatter: 0.05, leaks: 0 };

test('the paired t test, against figures worked out by hand', () => {
  // Log ratios -0.1, 0, 0.1: mean 0, deviation 0.1, standard error 0.1 / sqrt(3); t(0.95, 2) is 2.919986.
  const rule = { tolerance: 0, alpha: 0.05, power: 0.9, resolution: 0.002 };
  const found = judgePairedRatios([-0.1, 0, 0.1].map(Math.exp), rule);
  const error = 0.1 / Math.sqrt(3);
  expect(found.ratio).toBeCloseTo(1, 12);
  expect(Math.log(found.interval.to)).toBeCloseTo(2.919986 * error, 6);
  expect(Math.log(found.interval.from)).toBeCloseTo(-2.919986 * error, 6);
  expect(found.p).toBeCloseTo(0.5, 12);
  // t(0.9, 2) is 1.885618.
  expect(Math.log(found.smallestSeen)).toBeCloseTo((2.919986 + 1.885618) * error, 6);
});

test("Welch's test has the degrees of freedom of Welch", () => {
  const rule = { tolerance: 0, alpha: 0.05, power: 0.9, resolution: 0.0001 };
  const base = [0, 0.02, 0.04].map(Math.exp);
  const candidate = [0.1, 0.2, 0.3, 0.4].map(Math.exp);
  const { ratio, p } = judgeUnpairedRatio(base, candidate, rule);
  expect(Math.log(ratio)).toBeCloseTo(0.23, 12);
  // t = 0.23 / sqrt(0.0004 / 3 + 0.05 / 3 / 4) = 3.5077 with 3.19 degrees of freedom.
  expect(p).toBeGreaterThan(0.015);
  expect(p).toBeLessThan(0.02);
});

test('pairs that agree to the last digit are not certain: their scatter has a floor', () => {
  const rule = { tolerance: 0, alpha: 0.05, power: 0.9, resolution: 0.002 };
  expect(judgePairedRatios([1, 1, 1], rule).p).toBeCloseTo(0.5, 12);
  expect(judgePairedRatios([1, 1, 1], rule).smallestSeen).toBeGreaterThan(1.003);
  expect(() => judgePairedRatios([1], rule)).toThrow(RangeError);
});

test('the error rate is divided without a rest', () => {
  const { cost, event } = alphaOfEach(OPTIONS, { costs: 4, events: 8 });
  expect(3 * (4 * cost + 8 * event)).toBeCloseTo(0.05, 12);
  expect(alphaOfEach(OPTIONS, { costs: 0, events: 5 })).toEqual({ cost: 0, event: 0.05 / 3 / 5 });
  expect(looksUpTo(16)).toEqual([6, 10, 16]);
  expect(looksUpTo(8)).toEqual([6, 8]);
  expect(() => looksUpTo(1)).toThrow(UsageError);
  expect(() => gateOptions({ detect: 0.01 })).toThrow(/larger than tolerance/);
});

test('false alarms: of 2,000 gates on two equal servers at most 5 % say so, of all measures and looks together', () => {
  const alarms = Array.from({ length: 2_000 }, (_, seed) =>
    play(seed + 1, { ...HONEST, scatter: 0.1 }),
  ).filter((next) => next.step === 'verdict' && next.result === 'regression');
  expect(alarms.length / 2_000).toBeLessThanOrEqual(0.05);
}, 60_000);

test('misses: a fifth more CPU is found in nine gates of ten, whoever plays first', () => {
  const found = Array.from({ length: 500 }, (_, seed) => play(seed + 1, { ...HONEST, ratio: 1.2 }));
  const caught = found.filter((next) => next.step === 'verdict' && next.result === 'regression');
  expect(caught.length / 500).toBeGreaterThanOrEqual(0.9);
  // And who is not caught is not cleared for a look at too few.
  for (const next of found) {
    expect(next.step).toBe('verdict');
    if (next.step === 'verdict' && next.result === 'regression')
      expect(next.judgement.measures.find(({ significant }) => significant)?.name).toBe('serverCpuMsPerJoin');
  }
}, 30_000);

test('a leak that shows in most runs is found, and named', () => {
  const next = play(3, { ...HONEST, leaks: 0.9 });
  expect(next).toMatchObject({ step: 'verdict', result: 'regression' });
  expect(next.judgement.events.filter(({ significant }) => significant).map(({ name }) => name)).toEqual([
    'seats-leaked',
  ]);
});

test('equal servers on a quiet machine are cleared at the first look at which a leak would have shown', () => {
  const next = play(1, { ...HONEST, scatter: 0.01 });
  expect(next).toMatchObject({ step: 'verdict', result: 'no regression seen' });
  expect(
    next.judgement.measures.every(({ smallestSeen }) => smallestSeen === null || smallestSeen <= 1.2),
  ).toBe(true);
});

test('a machine that is too noisy clears nobody', () => {
  const next = play(1, { ...HONEST, scatter: 0.6 });
  expect(next).toMatchObject({ step: 'verdict', result: 'void' });
  expect(next.judgement.reasons[0]).toMatch(/could not have seen a regression smaller than/);
});

test('a candidate that loses a figure which the base has is never cleared', () => {
  const pairs = drawPairs(1, 16, { ...HONEST, scatter: 0.01 }).map((pair) => ({
    ...pair,
    candidate: { ...pair.candidate, costs: { ...pair.candidate.costs, serverCpuMsPerJoin: null } },
  }));
  const next = nextStep(evidence(pairs), OPTIONS);
  expect(next).toMatchObject({ step: 'verdict', result: 'void' });
});

test('void runs count for nothing, and too many of them make the gate void', () => {
  const [pair] = drawPairs(1, 1, HONEST);
  const spoilt = { ...pair!, base: figures(0, { voidReasons: ['slip'] }) };
  const next = nextStep(evidence(Array.from({ length: 7 }, () => spoilt)), OPTIONS);
  expect(next).toMatchObject({ step: 'verdict', result: 'void' });
  expect(next.judgement.runs).toBe(0);
  const other = { ...pair!, candidate: { ...pair!.candidate, planDigest: 'another crowd' } };
  expect(() => nextStep(evidence([other]), OPTIONS)).toThrow(/one crowd/);
});

const truth = fc.record({
  ratio: fc.double({ min: 0.7, max: 1.5, noNaN: true }),
  scatter: fc.double({ min: 0.01, max: 0.2, noNaN: true }),
  leaks: fc.double({ min: 0, max: 1, noNaN: true }),
});

test('the order of pairs within a look changes nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), truth, (seed, of) => {
      const pairs = drawPairs(seed, 10, of);
      const { reasons: _, ...one } = judgeGate(evidence(pairs), OPTIONS);
      const { reasons: __, ...other } = judgeGate(evidence(pairs.toReversed()), OPTIONS);
      expect(other.says).toBe(one.says);
      expect(other.measures.map(({ p }) => p)).toEqual(one.measures.map(({ p }) => p));
    }),
    { numRuns: 50 },
  );
});

test('what is a regression one way is none the other way', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), truth, (seed, of) => {
      const pairs = drawPairs(seed, 16, of);
      const swapped = pairs.map((pair) => ({ ...pair, base: pair.candidate, candidate: pair.base }));
      const judged = [pairs, swapped].map((each) => judgeGate(evidence(each), OPTIONS));
      for (const [nth, measure] of judged[0]!.measures.entries())
        expect(measure.significant && judged[1]!.measures[nth]!.significant).toBe(false);
      for (const [nth, event] of judged[0]!.events.entries())
        expect(event.significant && judged[1]!.events[nth]!.significant).toBe(false);
    }),
    { numRuns: 50 },
  );
});
