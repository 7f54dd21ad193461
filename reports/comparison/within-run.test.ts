/** A figure that is the same in every resample has no width, which must not be taken for certainty. */
import { expect, test } from 'vitest';
import type { Summary } from '../summary-schema.ts';
import { withinAt } from './within-run.ts';

const summary = { crowd: { arrived: 600 } } as Summary;
const at = (path: string, low: number, high: number | null) =>
  withinAt(summary, { [path]: { low, high, highNotReached: high === null } }, path);

test('an interval with a width is taken as it is, and an open end is infinite', () => {
  expect(at('ejections.involuntary', 850, 930)).toEqual({ low: 850, high: 930 });
  expect(at('joinLatencyMs.webrtc.p50', 4_000, null)).toEqual({
    low: 4_000,
    high: Number.POSITIVE_INFINITY,
  });
  expect(withinAt(summary, {}, 'ejections.involuntary')).toBeNull();
});

test('of what never happened up to three may be expected, of so many or in all', () => {
  expect(at('ejections.involuntary', 0, 0)).toEqual({ low: 0, high: 3 });
  expect(at('ejections.stranded', 0, 0)).toEqual({ low: 0, high: 3 });
  expect(at('crowd.neverInShare', 0, 0)).toEqual({ low: 0, high: 3 / 600 });
  expect(at('crowd.neverInShare', 1, 1)).toEqual({ low: 1 - 3 / 600, high: 1 });
});

test('elsewhere no width is no interval', () => {
  expect(at('goodput.share', 1, 1)).toBeNull();
  expect(at('ejections.involuntary', 4, 4)).toBeNull();
  expect(at('crowd.neverInShare', 0.5, 0.5)).toBeNull();
  const nobody = { crowd: { arrived: 0 } } as Summary;
  expect(
    withinAt(
      nobody,
      { 'crowd.neverInShare': { low: 0, high: 0, highNotReached: false } },
      'crowd.neverInShare',
    ),
  ).toBeNull();
});
