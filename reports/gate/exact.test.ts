import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clopperPearson, fisherP, medianWithInterval, smallestRateSeen } from './exact.ts';

const of = (affected: number, runs: number) => ({ affected, runs });

test("Fisher's tea: all four cups right by chance, and three of four", () => {
  expect(fisherP(of(0, 4), of(4, 4))).toBeCloseTo(1 / 70, 12);
  expect(fisherP(of(1, 4), of(3, 4))).toBeCloseTo(17 / 70, 12);
});

test('nothing is evidence where nothing happened', () => {
  expect(fisherP(of(0, 10), of(0, 10))).toBe(1);
  expect(fisherP(of(10, 10), of(10, 10))).toBeCloseTo(1, 12);
});

test('the exact interval of 0 of 20, 7 of 21 and 20 of 20, as tables have it', () => {
  expect(clopperPearson(0, 20)).toEqual({ from: 0, to: expect.closeTo(0.16843, 5) });
  expect(clopperPearson(7, 21)).toEqual({ from: expect.closeTo(0.14588, 4), to: expect.closeTo(0.56968, 4) });
  expect(clopperPearson(20, 20)).toEqual({ from: expect.closeTo(0.83157, 5), to: 1 });
  expect(() => clopperPearson(1, 0)).toThrow(RangeError);
});

/** P(at least k of n) at a rate, summed. */
function atLeast(k: number, n: number, rate: number): number {
  let [sum, choose] = [0, 1];
  for (let count = 0; count <= n; count++) {
    if (count >= k) sum += choose * rate ** count * (1 - rate) ** (n - count);
    choose = (choose * (n - count)) / (count + 1);
  }
  return sum;
}

test('the smallest rate that is seen is the one at which enough runs are affected nine times in ten', () => {
  for (const runs of [6, 10, 16]) {
    const rule = { alpha: 0.001, power: 0.9 };
    const rate = smallestRateSeen(of(0, runs), runs, rule);
    const needed = Array.from({ length: runs + 1 }, (_, k) => k).find(
      (k) => fisherP(of(0, runs), of(k, runs)) <= 0.001,
    );
    if (needed === undefined) expect(rate).toBeNull();
    else expect(atLeast(needed, runs, rate!)).toBeCloseTo(0.9, 6);
  }
});

test('a median lies in its interval, which is made of values that were seen; six are the fewest for one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 30 }),
      (values) => {
        const { median, interval } = medianWithInterval(values);
        expect(interval === null).toBe(values.length < 6);
        if (interval === null) return;
        expect(values).toContain(interval.from);
        expect(interval.from).toBeLessThanOrEqual(median);
        expect(interval.to).toBeGreaterThanOrEqual(median);
      },
    ),
  );
});
