import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArrivalModel } from '../schema.ts';
import { bassCdf, bassQuantile } from './bass.ts';
import { arrivalCdf, arrivalQuantile, drawArrivals } from './index.ts';
import { seismicCdf, seismicQuantile } from './seismic.ts';

test('18.8 % of all reactions to a tweet come within 300 s, and the kernel is whole', () => {
  expect(seismicCdf(300)).toBeCloseTo(0.188, 3);
  expect(seismicCdf(Number.POSITIVE_INFINITY)).toBeCloseTo(1, 5);
  expect(seismicCdf(150)).toBeCloseTo(0.09398588, 8);
  expect(seismicQuantile(0.09398588)).toBeCloseTo(150, 4);
});

test('a compressed kernel that ends within its flat part is even', () => {
  // 5 s at 60 to 1 are the first 300 s of the real night.
  const quantile = arrivalQuantile({ kind: 'seismic', compression: 60 }, 5_000);
  expect(quantile(0.5)).toBeCloseTo(2_500, 9);
  expect(quantile(1)).toBeCloseTo(5_000, 9);
});

test('a compressed kernel puts its flat share where the compression says', () => {
  const quantile = arrivalQuantile({ kind: 'seismic', compression: 60 }, 30_000);
  const flatShare = seismicCdf(300) / seismicCdf(1_800);
  expect(quantile(flatShare)).toBeCloseTo(5_000, 6);
  expect(quantile(1)).toBeCloseTo(30_000, 6);
});

test('Bass without imitators is exponential, and with them has its known peak', () => {
  expect(bassQuantile(0.5, 0.2, 0)).toBeCloseTo(Math.LN2 / 0.2, 12);
  // At its peak, ln(q/p)/(p+q), the share that has come is 1/2 - p/(2q).
  const peakSeconds = Math.log(0.6 / 0.15) / 0.75;
  expect(bassCdf(peakSeconds, 0.15, 0.6)).toBeCloseTo(0.5 - 0.15 / 1.2, 12);
});

test('even arrivals come one in each step', () => {
  const into = new Float64Array(6);
  drawArrivals({ kind: 'even' }, 4_000, 4, into, 1, () => 0.5);
  expect([...into]).toEqual([0, 500, 1500, 2500, 3500, 0]);
});

const models: fc.Arbitrary<ArrivalModel> = fc.oneof(
  fc.constant<ArrivalModel>({ kind: 'even' }),
  fc.record({
    kind: fc.constant('bass' as const),
    innovatorsPerSecond: fc.double({ min: 0.001, max: 5, noNaN: true }),
    imitatorsPerSecond: fc.double({ min: 0, max: 5, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('seismic' as const),
    compression: fc.double({ min: 1, max: 10_000, noNaN: true }),
  }),
);

test('every model begins at 0, never falls and stays within its length', () => {
  fc.assert(
    fc.property(
      models,
      fc.integer({ min: 1, max: 3_600_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (model, overMs, one, other) => {
        const quantile = arrivalQuantile(model, overMs);
        const [low, high] = one < other ? [one, other] : [other, one];
        expect(quantile(0)).toBe(0);
        expect(quantile(low)).toBeGreaterThanOrEqual(0);
        expect(quantile(low)).toBeLessThanOrEqual(quantile(high) + 1e-6);
        expect(quantile(high)).toBeLessThanOrEqual(overMs);
      },
    ),
  );
});

test('share and instant are inverse for every model', () => {
  const withTrace = fc.oneof(
    models,
    fc
      .array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 40 })
      .map((steps): ArrivalModel => {
        let atMs = 0;
        const quantilesMs = [0, ...steps.map((step) => (atMs += step))];
        return { kind: 'trace', file: 'hand.csv', quantilesMs };
      }),
  );
  fc.assert(
    fc.property(
      withTrace,
      fc.integer({ min: 1000, max: 60_000 }),
      fc.double({ min: 0, max: 0.9, noNaN: true }),
      (model, overMs, share) => {
        const atMs = arrivalQuantile(model, overMs)(share);
        expect(arrivalCdf(model, overMs)(atMs)).toBeCloseTo(share, 6);
      },
    ),
  );
  const early = arrivalCdf({ kind: 'even' }, 4_000);
  expect([early(-1), early(0), early(1_000), early(9_000)]).toEqual([0, 0, 0.25, 1]);
});
