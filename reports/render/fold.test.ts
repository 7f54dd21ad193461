/** Folding a night's series keeps what it says it keeps. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldSeries, stepSeconds } from './fold.ts';

test('each way of folding, with holes and a last step that is short', () => {
  const values = [1, 5, null, null, null, null, 2, 4, 9];
  expect(foldSeries(values, 3, 'sum')).toEqual([6, null, 15]);
  expect(foldSeries(values, 3, 'max')).toEqual([5, null, 9]);
  expect(foldSeries(values, 3, 'mean')).toEqual([3, null, 5]);
  expect(foldSeries(values, 2, 'first')).toEqual([1, null, null, 2, 9]);
});

test('sums stay the same, and the largest stays the largest, however long the steps are', () => {
  const series = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 400 });
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 60 }), (values, step) => {
      const sum = (all: readonly (number | null)[]) =>
        all.reduce<number>((total, one) => total + (one ?? 0), 0);
      expect(sum(foldSeries(values, step, 'sum'))).toBe(sum(values));
      expect(Math.max(...(foldSeries(values, step, 'max') as number[]))).toBe(Math.max(...values));
    }),
  );
});

test.each([
  [59, 60, 1],
  [61, 60, 2],
  [106, 60, 2],
  [600, 60, 10],
  [86_400, 1_800, 60],
  [10_000_000, 60, 166_667],
])('%s s in at most %s rows are steps of %s s', (seconds, rows, step) => {
  expect(stepSeconds(seconds, rows)).toBe(step);
});
