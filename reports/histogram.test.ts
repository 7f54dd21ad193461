import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Histogram, mergeHistograms, quantileOf, RELATIVE_ERROR, readHistograms } from './histogram.ts';
import { summarise } from './index.ts';
import { getsIn, type HandRow, removeRun, writeHandRun } from './testing/hand-log.ts';

/** As the SQL of the measure. */
const bucketOf = (ms: number) => Math.ceil(64 * Math.log2(Math.max(ms, 0.0625)));

function histogramOf(latenciesMs: readonly (number | null)[]): Histogram {
  return mergeHistograms(
    latenciesMs.map((ms) =>
      ms === null ? { buckets: [], never: 1 } : { buckets: [[bucketOf(ms), 1]], never: 0 },
    ),
  );
}

const latency = fc.option(fc.double({ min: 0.1, max: 120_000, noNaN: true }));

test('seconds merge to the histogram of all, in whatever order and grouping', () => {
  fc.assert(
    fc.property(fc.array(fc.array(latency, { maxLength: 20 }), { maxLength: 10 }), (seconds) => {
      const each = seconds.map(histogramOf);
      const all = histogramOf(seconds.flat());
      expect(mergeHistograms(each)).toEqual(all);
      expect(mergeHistograms(each.toReversed())).toEqual(all);
      expect(mergeHistograms([mergeHistograms(each.slice(0, 3)), ...each.slice(3)])).toEqual(all);
    }),
  );
});

test('a quantile is within the stated error of the nearest rank, and infinite where that one never got in', () => {
  fc.assert(
    fc.property(
      fc.array(latency, { minLength: 1, maxLength: 60 }),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      (all, q) => {
        const sorted = all.map((ms) => ms ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1]!;
        const told = quantileOf(histogramOf(all), q)!;
        if (exact === Number.POSITIVE_INFINITY) expect(told).toBe(exact);
        else expect(Math.abs(told / exact - 1)).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
      },
    ),
  );
  expect(quantileOf({ buckets: [], never: 0 }, 0.5)).toBeNull();
});

test('a measured run leaves its histograms behind: everybody who arrived is in one of them', async () => {
  const rows: HandRow[] = [
    ...getsIn(0, { dial: 5_000, opened: 5_000, seated: 5_100 }),
    ...getsIn(1, { dial: 5_500, opened: 5_500, seated: 5_600 }),
    ...getsIn(2, { dial: 7_000, opened: 7_000, seated: 7_800 }),
    [7_000, 'listener', 'arrive', 3, { value: 0 }],
  ];
  const runDir = await writeHandRun({
    people: [{ intendedMs: 5_000 }, { intendedMs: 5_500 }, { intendedMs: 7_000 }, { intendedMs: 7_000 }],
    rows,
  });
  await summarise(runDir);
  const { seconds } = readHistograms(runDir);
  removeRun(runDir);
  expect(seconds).toEqual([
    { body: 'signal', second: 5, buckets: [[bucketOf(100), 2]], never: 0 },
    { body: 'signal', second: 7, buckets: [[bucketOf(800), 1]], never: 1 },
  ]);
});
