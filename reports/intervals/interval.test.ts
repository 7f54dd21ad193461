/** Resampling and estimating, without a run: what holds for any crowd, and how often the interval is right. */
import fc from 'fast-check';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { jainOf, quantileOf, ratioOf, totalOf, type Values } from './estimate.ts';
import { type Figure, intervalOf } from './interval.ts';
import { blockLengthOf, drawResamples } from './resample.ts';

const DRAWS = { seed: 7, resamples: 500 } as const;
const peopleBySecond = (min: number, max: number) =>
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: min, maxLength: max });

function valuesOf(bySecond: readonly (readonly number[])[]): Values {
  const all = bySecond.flatMap((values, second) => values.map((value) => ({ value, second })));
  all.sort((a, b) => a.value - b.value || a.second - b.second);
  return {
    sorted: Float64Array.from(all, ({ value }) => value),
    second: Uint32Array.from(all, ({ second }) => second),
  };
}

function quantileFigure(bySecond: readonly (readonly number[])[], q: number): Figure {
  const values = valuesOf(bySecond);
  return {
    seconds: Uint32Array.from(new Set(values.second)),
    estimate: (weights) => quantileOf(values, q, weights),
  };
}

const sizes = (bySecond: readonly (readonly unknown[])[]) => bySecond.map(({ length }) => length);
const ones = (seconds: number) => new Float64Array(seconds).fill(1);

test.each([
  [1, 2],
  [8, 2],
  [27, 3],
  [60, 4],
  [1_000, 5],
])('%d seconds: blocks of %d', (seconds, length) => {
  expect(blockLengthOf(seconds)).toBe(length);
});

test('each part of the crowd keeps its people, and a seed its draws', () => {
  fc.assert(
    fc.property(
      fc.array(peopleBySecond(1, 30), { minLength: 1, maxLength: 3 }),
      fc.integer(),
      (parts, seed) => {
        const resamples = drawResamples(parts, { seed, resamples: 20 });
        expect(drawResamples(parts, { seed, resamples: 20 })).toEqual(resamples);
        for (const weights of resamples) {
          let first = 0;
          for (const part of parts) {
            const people = part.reduce((sum, count, nth) => sum + count * weights[first + nth]!, 0);
            expect(people).toBeCloseTo(
              part.reduce((sum, count) => sum + count, 0),
              6,
            );
            first += part.length;
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('blocks are of seconds in a row, and the first second is drawn as often as any', () => {
  const seconds = 64;
  const resamples = drawResamples([new Array<number>(seconds).fill(1)], { seed: 3, resamples: 4_000 });
  const drawn = Array.from({ length: seconds }, (_, second) =>
    resamples.reduce((sum, weights) => sum + weights[second]!, 0),
  );
  // Counted with this seed: 4,000 is the mean, and a second's own chance moves it by about 120.
  for (const times of drawn) expect(Math.abs(times - 4_000)).toBeLessThan(500);
  for (const weights of resamples) {
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(seconds);
    // 16 blocks of 4 in a circle: a second that was drawn has a drawn neighbour.
    weights.forEach((weight, second) => {
      if (weight === 0) return;
      const neighbours = weights[(second + 1) % seconds]! + weights[(second + seconds - 1) % seconds]!;
      expect(neighbours).toBeGreaterThan(0);
    });
  }
});

test('a weighted quantile is the nearest rank of everybody written down as often as they count', () => {
  const crowd = fc.array(
    fc.record({
      values: fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(Number.POSITIVE_INFINITY)), {
        minLength: 1,
        maxLength: 12,
      }),
      weight: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(crowd, fc.constantFrom(0.1, 0.5, 0.9, 0.95, 0.99), (seconds, q) => {
      const written = seconds
        .flatMap(({ values, weight }) => Array.from({ length: weight }, () => values).flat())
        .sort((a, b) => a - b);
      const expected =
        written.length === 0 ? Number.NaN : written[Math.max(1, Math.ceil(q * written.length - 1e-9)) - 1];
      const weights = Float64Array.from(seconds, ({ weight }) => weight);
      expect(quantileOf(valuesOf(seconds.map(({ values }) => values)), q, weights)).toBe(expected);
    }),
  );
});

test('sums: totals, ratios, and the index of fairness', () => {
  const sums = {
    seconds: [0, 2],
    by: [Float64Array.of(3, 4), Float64Array.of(9, 16), Float64Array.of(1, 1)],
  };
  expect(totalOf(sums, Float64Array.of(2, 5, 1))).toBe(10);
  expect(ratioOf(sums, Float64Array.of(2, 5, 1))).toBe(10 / 34);
  // Waits of 3 and 4: (3 + 4)^2 / (2 * (9 + 16)).
  expect(jainOf(sums, ones(3))).toBe(49 / 50);
});

test('quantiles and ratios lie in their interval', () => {
  const crowd = fc.array(
    fc.array(fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.constant(Number.POSITIVE_INFINITY)), {
      minLength: 1,
      maxLength: 30,
    }),
    { minLength: 8, maxLength: 60 },
  );
  fc.assert(
    fc.property(crowd, fc.constantFrom(0.5, 0.9, 0.99), (bySecond, q) => {
      const resamples = drawResamples([sizes(bySecond)], DRAWS);
      const figure = quantileFigure(bySecond, q);
      const value = figure.estimate(ones(bySecond.length));
      const { interval } = intervalOf(figure, resamples);
      if (interval === null) expect(value).toBe(Number.POSITIVE_INFINITY);
      else {
        expect(interval.low).toBeLessThanOrEqual(value);
        expect(interval.high ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(value);
        expect(interval.highNotReached).toBe(interval.high === null);
      }
      const sums = {
        seconds: bySecond.map((_, second) => second),
        by: [
          Float64Array.from(
            bySecond,
            (values) => values.filter((one) => one === Number.POSITIVE_INFINITY).length,
          ),
          Float64Array.from(bySecond, ({ length }) => length),
        ],
      };
      const share = ratioOf(sums, ones(bySecond.length));
      const of = intervalOf(
        { seconds: sums.seconds, estimate: (weights) => ratioOf(sums, weights) },
        resamples,
      );
      expect(of.interval!.low).toBeLessThanOrEqual(share + 1e-12);
      expect(of.interval!.high!).toBeGreaterThanOrEqual(share - 1e-12);
    }),
    { numRuns: 60 },
  );
});

test('identical people: no width; nobody in: no end, and no interval', () => {
  const seconds = Array.from({ length: 20 }, () => [120, 120, 120]);
  const resamples = drawResamples([sizes(seconds)], DRAWS);
  const interval = { low: 120, high: 120, highNotReached: false, level: 0.95, scope: 'within this run' };
  expect(intervalOf(quantileFigure(seconds, 0.99), resamples)).toEqual({ interval, reason: null });
  // The last 5 seconds let nobody in: a quarter of the crowd, so p90 is never reached, p50 always, p75 now and then.
  const collapsed = seconds.map((values, second) => (second < 15 ? values : [Number.POSITIVE_INFINITY]));
  const some = drawResamples([sizes(collapsed)], DRAWS);
  expect(intervalOf(quantileFigure(collapsed, 0.5), some).interval).toEqual(interval);
  expect(intervalOf(quantileFigure(collapsed, 0.93), some).interval).toEqual({
    ...interval,
    high: null,
    highNotReached: true,
  });
  const nobody = seconds.map(() => [Number.POSITIVE_INFINITY]);
  expect(intervalOf(quantileFigure(nobody, 0.5), drawResamples([sizes(nobody)], DRAWS))).toEqual({
    interval: null,
    reason: 'not reached in any resample that counts',
  });
});

test('too few seconds, or nobody left to divide by: no interval, and why', () => {
  const few = [[1], [2], [3]];
  expect(intervalOf(quantileFigure(few, 0.5), drawResamples([sizes(few)], DRAWS))).toEqual({
    interval: null,
    reason: 'it stands on 3 seconds, and blocks need at least 8',
  });
  const sums = {
    seconds: Array.from({ length: 10 }, (_, second) => second),
    by: [new Float64Array(10), Float64Array.from({ length: 10 }, (_, second) => (second === 4 ? 1 : 0))],
  };
  const figure = { seconds: sums.seconds, estimate: (weights: Float64Array) => ratioOf(sums, weights) };
  expect(intervalOf(figure, drawResamples([new Array<number>(10).fill(1)], DRAWS))).toEqual({
    interval: null,
    reason: 'in some resamples nobody is left to take it from',
  });
});

/** A share that depends on a mood which neighbouring seconds share: what one person at a time would not see. */
function moodyCrowd(seed: number, seconds: number) {
  const generator = xoroshiro128plus(seed);
  const draw = () => uniformFloat64(generator);
  let mood = draw() - 0.5;
  return Array.from({ length: seconds }, () => {
    mood = 0.5 * mood + 0.5 * (draw() - 0.5);
    const people = 20 + Math.floor(draw() * 20);
    const failing = 0.2 + 0.3 * mood;
    return { people, failed: Array.from({ length: people }, draw).filter((one) => one < failing).length };
  });
}

test('how often the interval holds the truth, over many crowds of known truth', () => {
  const crowds = 400;
  let held = 0;
  let heldBySingles = 0;
  for (let seed = 1; seed <= crowds; seed++) {
    const crowd = moodyCrowd(seed, 60);
    const sums = {
      seconds: crowd.map((_, second) => second),
      by: [Float64Array.from(crowd, (one) => one.failed), Float64Array.from(crowd, (one) => one.people)],
    };
    const figure: Figure = { seconds: sums.seconds, estimate: (weights) => ratioOf(sums, weights) };
    const resamples = drawResamples([crowd.map(({ people }) => people)], { seed, resamples: 300 });
    const { low, high } = intervalOf(figure, resamples).interval!;
    if (low <= 0.2 && 0.2 <= high!) held++;
    const share = ratioOf(sums, ones(60));
    const people = crowd.reduce((sum, one) => sum + one.people, 0);
    if (Math.abs(share - 0.2) <= 1.96 * Math.sqrt((share * (1 - share)) / people)) heldBySingles++;
  }
  // Counted with these seeds, and the same wherever they are drawn.
  expect({ held, heldBySingles, crowds }).toMatchInlineSnapshot(`
    {
      "crowds": 400,
      "held": 354,
      "heldBySingles": 313,
    }
  `);
  expect(held / crowds).toBeGreaterThan(0.88);
});
