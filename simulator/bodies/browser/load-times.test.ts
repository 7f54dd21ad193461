import { expect, test } from 'vitest';
import { loadTimes } from './load-times.ts';

test('a page that is needed alone begins to load just so long before', () => {
  expect(loadTimes([2_000, 20_000], 5_000, 500)).toEqual([-3_000, 15_000]);
});

test('pages that are needed at once load one after the other, all in time', () => {
  expect(loadTimes([10_000, 10_000, 10_100, 30_000], 5_000, 500)).toEqual([
    4_100,
    4_600,
    5_000 + 100,
    25_000,
  ]);
  expect(loadTimes([], 5_000, 500)).toEqual([]);
});
