/** Welch's interval against figures that can be looked up. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareUnpaired } from './unpaired.ts';

test('two sides of equal scatter: ten degrees of freedom, as in the pooled t', () => {
  const { mean, interval } = compareUnpaired([1, 2, 3, 4, 5, 6], [11, 12, 13, 14, 15, 16], 0.95);
  // Each variance is 3.5; t(10) at 0.975 is 2.228139.
  const reach = 2.228139 * Math.sqrt(7 / 6);
  expect(mean).toBe(10);
  expect(interval!.from).toBeCloseTo(10 - reach, 4);
  expect(interval!.to).toBeCloseTo(10 + reach, 4);
});

test('where one side does not scatter, the other has all the degrees of freedom', () => {
  const { interval } = compareUnpaired([5, 5, 5], [7, 8, 9], 0.95);
  // t(2) at 0.975 is 4.302653; the variance is 1 over three runs.
  expect(interval!.from).toBeCloseTo(3 - 4.302653 / Math.sqrt(3), 4);
  expect(interval!.to).toBeCloseTo(3 + 4.302653 / Math.sqrt(3), 4);
});

test('too few, or all the same: a mean and no interval; nobody: not even that', () => {
  expect(compareUnpaired([1], [4, 6], 0.95)).toEqual({ mean: 4, interval: null });
  expect(compareUnpaired([1, 1], [4, 4], 0.95)).toEqual({ mean: 3, interval: null });
  expect(compareUnpaired([], [4, 6], 0.95)).toEqual({ mean: null, interval: null });
  expect(() => compareUnpaired([1, 2], [3, 4], 1)).toThrow(RangeError);
});

test('the other way round it is the same interval with its signs turned', () => {
  const figures = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 9 });
  fc.assert(
    fc.property(figures, figures, (first, second) => {
      const [one, other] = [compareUnpaired(first, second, 0.99), compareUnpaired(second, first, 0.99)];
      expect(one.mean).toBeCloseTo(-other.mean!, 9);
      expect(one.interval === null).toBe(other.interval === null);
      if (one.interval === null) return;
      expect(one.interval.from).toBeCloseTo(-other.interval!.to, 6);
      expect(one.interval.to).toBeCloseTo(-other.interval!.from, 6);
    }),
  );
});
