/** The statistics of pairs: pinned figures, and what holds for any figures. */
import fc from 'fast-check';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { comparePairs, PAIRS_MIN } from './paired.ts';

test('the interval is the one of the textbook', () => {
  // Student's own data (1908): hours of sleep that ten patients gained from one drug more than from another.
  const sleep = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];
  const { pairs, mean, interval, signFlipP } = comparePairs(sleep, 0.95);
  expect(pairs).toBe(10);
  expect(mean).toBeCloseTo(1.58, 10);
  expect(interval!.from).toBeCloseTo(0.7001142, 6);
  expect(interval!.to).toBeCloseTo(2.4598858, 6);
  // No difference is negative, and one is zero: the observed signs, with the zero either way, and their mirror.
  expect(signFlipP).toBe(4 / 1024);
});

test('six pairs: the quantile of five degrees of freedom, also far out', () => {
  const differences = [1, 2, 3, 4, 5, 6];
  const standardError = Math.sqrt(3.5 / 6);
  expect(comparePairs(differences, 0.95).interval!.to).toBeCloseTo(3.5 + 2.5705818356 * standardError, 8);
  expect(comparePairs(differences, 0.9992).interval!.to).toBeCloseTo(3.5 + 7.2098144065 * standardError, 8);
  expect(comparePairs(differences, 0.95).signFlipP).toBe(2 / 64);
});

test('the sign-flip test counts every flip that is as extreme', () => {
  expect(comparePairs([1, 1, 1, 1, 1, -1], 0.95).signFlipP).toBe(14 / 64);
  expect(comparePairs([0.1, 0.2, 0.3, -0.1, -0.2, -0.3], 0.95).signFlipP).toBe(1);
  expect(
    comparePairs(
      Array.from({ length: 17 }, (_, nth) => nth),
      0.95,
    ).signFlipP,
  ).toBeNull();
});

test('under six pairs there is a mean and nothing else', () => {
  expect(comparePairs([], 0.95)).toEqual({
    pairs: 0,
    mean: null,
    sameInEveryPair: false,
    interval: null,
    signFlipP: null,
  });
  const five = comparePairs([10, 11, 12, 13, 14], 0.95);
  expect(five).toEqual({ pairs: 5, mean: 12, sameInEveryPair: false, interval: null, signFlipP: null });
});

test('the same in every pair is said, and is no interval without width', () => {
  expect(comparePairs([0, 0, 0, 0, 0, 0], 0.95)).toEqual({
    pairs: 6,
    mean: 0,
    sameInEveryPair: true,
    interval: null,
    signFlipP: 1,
  });
  const three = comparePairs([3, 3, 3, 3, 3, 3], 0.95);
  expect([three.sameInEveryPair, three.interval, three.mean]).toEqual([true, null, 3]);
});

test('a confidence that is none is refused', () => {
  expect(() => comparePairs([1, 2], 95)).toThrow('expected a confidence between 0 and 1, got 95');
});

const differences = fc.array(fc.integer({ min: -10_000, max: 10_000 }), {
  minLength: PAIRS_MIN,
  maxLength: 10,
});

test('who is taken first changes the signs and nothing else', () => {
  fc.assert(
    fc.property(differences, (given) => {
      const one = comparePairs(given, 0.99);
      const other = comparePairs(
        given.map((difference) => 0 - difference),
        0.99,
      );
      expect(other.mean).toBe(0 - one.mean!);
      expect(other.signFlipP).toBe(one.signFlipP);
      expect(other.sameInEveryPair).toBe(one.sameInEveryPair);
      expect(other.interval).toEqual(
        one.interval === null ? null : { from: 0 - one.interval.to, to: 0 - one.interval.from },
      );
    }),
  );
});

test('the interval moves with its figures, and is as wide as before', () => {
  fc.assert(
    fc.property(differences, fc.integer({ min: -1_000, max: 1_000 }), (given, shift) => {
      const before = comparePairs(given, 0.95);
      const after = comparePairs(
        given.map((difference) => difference + shift),
        0.95,
      );
      expect(after.mean).toBeCloseTo(before.mean! + shift, 6);
      if (before.interval === null) expect(after.interval).toBeNull();
      else {
        expect(after.interval!.from).toBeCloseTo(before.interval.from + shift, 6);
        expect(after.interval!.to).toBeCloseTo(before.interval.to + shift, 6);
      }
    }),
  );
});

test('a higher confidence is a wider interval around the same middle', () => {
  fc.assert(
    fc.property(differences, (given) => {
      const narrow = comparePairs(given, 0.95).interval;
      const wide = comparePairs(given, 0.999).interval;
      if (narrow === null) return;
      expect(wide!.from).toBeLessThan(narrow.from);
      expect(wide!.to).toBeGreaterThan(narrow.to);
    }),
  );
});

test('of 2,000 intervals at 95 % from six normal pairs, as many hold the truth as they promise', () => {
  const generator = xoroshiro128plus(42);
  const draw = () => ((generator.next() >>> 0) + 0.5) / 0x1_0000_0000;
  // Box and Muller (1958).
  const normal = () => Math.sqrt(-2 * Math.log(draw())) * Math.cos(2 * Math.PI * draw());
  let holds = 0;
  for (let nth = 0; nth < 2_000; nth++) {
    const { interval } = comparePairs(
      Array.from({ length: 6 }, () => 7 + 3 * normal()),
      0.95,
    );
    if (interval!.from <= 7 && 7 <= interval!.to) holds++;
  }
  // Binomial: 1,900 expected, with a standard deviation of 9.7.
  expect(holds).toBe(1_891);
});
