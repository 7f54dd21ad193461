import fc from 'fast-check';
import { expect, test } from 'vitest';
import { comparePhase, type Joins, quantile } from './compare.ts';

/** A night from ms of the way in, by person. */
const nightOf = (ms: Readonly<Record<number, number>>): Joins =>
  new Map(Object.entries(ms).map(([personId, join]) => [Number(personId), new Map([['join', join]])]));

const reference = nightOf({ 0: 100, 1: 110, 2: 120, 3: 130, 4: 140, 5: 150, 6: 160 });

test('each person is compared with themselves, whatever lies between people', () => {
  const ours = nightOf({ 0: 105, 1: 115, 2: 125, 3: 135, 4: 145, 5: 155, 6: 165 });
  const { p50Ms, referenceP50Ms, differenceMs, holds } = comparePhase('join', [ours], [reference]);
  expect([p50Ms, referenceP50Ms, holds]).toEqual([135, 130, true]);
  expect(differenceMs).toMatchObject({ pairs: 7, mean: 5, sameInEveryPair: true });
});

test('rounds of one person are one pair: their mean', () => {
  const rounds = [nightOf({ 0: 100, 1: 110 }), nightOf({ 0: 130, 1: 110 })];
  const { differenceMs } = comparePhase('join', rounds, [reference, reference]);
  expect(differenceMs).toMatchObject({ pairs: 2, mean: 7.5, interval: null });
});

test('rounds are paired by number: a round that one driver lacks pairs nobody', () => {
  const { differenceMs, p50Ms } = comparePhase(
    'join',
    [nightOf({ 0: 90 }), nightOf({ 0: 500 })],
    [reference],
  );
  expect(differenceMs).toMatchObject({ pairs: 1, mean: -10 });
  // The medians are of everybody and every round.
  expect(p50Ms).toBe(90);
});

test('who did not get in with both drivers is no pair', () => {
  expect(comparePhase('join', [nightOf({ 0: 100, 99: 1 })], [reference]).differenceMs.pairs).toBe(1);
});

test('medians hold within 20 ms, or within 10 % where that is more', () => {
  const holds = (ours: number, theirs: number) =>
    comparePhase('join', [nightOf({ 0: ours })], [nightOf({ 0: theirs })]).holds;
  expect([holds(120, 100), holds(121, 100), holds(80, 100), holds(79, 100)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect([holds(1_100, 1_000), holds(1_101, 1_000), holds(900, 1_000)]).toEqual([true, false, true]);
});

test('a phase that one of them lacks neither holds nor does not', () => {
  expect(comparePhase('ice', [reference], [reference])).toMatchObject({ p50Ms: null, holds: null });
});

test('a quantile is a sample, with at least its share of them at or below', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (samples, q) => {
        const value = quantile(samples, q)!;
        expect(samples).toContain(value);
        expect(samples.filter((one) => one <= value).length).toBeGreaterThanOrEqual(
          q * samples.length - 1e-6,
        );
      },
    ),
  );
  expect(quantile([], 0.5)).toBeNull();
});
