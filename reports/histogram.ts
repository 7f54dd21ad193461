/**
 * Join latencies as histograms of fixed, logarithmically equal buckets, one for each body and second of planned arrival:
 * `histograms.json` in a run's folder. Sums of them lose nothing, so that any choice of seconds, or of runs, has the
 * quantiles of its people without going back to the log. The buckets are defined in
 * `reports/measures/latency-by-second.sql`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Measured } from './measures/index.ts';

/** As in the SQL file. */
const BUCKETS_A_DOUBLING = 64;

/** How far a quantile may be off the exact one, as a share of it: half a bucket to each side, on the logarithmic scale. */
export const RELATIVE_ERROR = 2 ** (1 / (2 * BUCKETS_A_DOUBLING)) - 1;

const people = z.int().min(0);
const histogramSchema = z.strictObject({
  buckets: z
    .array(z.tuple([z.int(), people]))
    .describe('bucket and people in it, ascending; bucket k ends at 2^(k/64) ms'),
  never: people.describe('who never got in: +infinity'),
});
export type Histogram = z.infer<typeof histogramSchema>;

const histogramsSchema = z.strictObject({
  schema: z.literal('roomrush/histograms@1'),
  bucketsADoubling: z.literal(BUCKETS_A_DOUBLING),
  seconds: z.array(
    histogramSchema.extend({
      body: z.string(),
      second: z.int().describe('of the planned arrival, from the start of the night'),
    }),
  ),
});
export type Histograms = z.infer<typeof histogramsSchema>;

/** The published schema of `histograms.json`, as JSON Schema. */
export function histogramsJsonSchema(): object {
  return z.toJSONSchema(histogramsSchema, { target: 'draft-2020-12' });
}

/** Gathers the histograms of a measured run, ordered by body and second. */
export function assembleHistograms(measured: Measured): Histograms {
  const seconds = new Map<string, Histograms['seconds'][number]>();
  for (const row of measured['latency-by-second']) {
    const [body, second, counted] = [String(row['body']), Number(row['second']), Number(row['people'])];
    const key = `${body} ${second}`;
    const one = seconds.get(key) ?? { body, second, buckets: [], never: 0 };
    seconds.set(key, one);
    if (row['bucket'] === null) one.never = counted;
    else one.buckets.push([Number(row['bucket']), counted]);
  }
  return {
    schema: 'roomrush/histograms@1',
    bucketsADoubling: BUCKETS_A_DOUBLING,
    seconds: [...seconds.values()],
  };
}

/** Reads the histograms of a run that was measured before. */
export function readHistograms(runDir: string): Histograms {
  return histogramsSchema.parse(JSON.parse(readFileSync(path.join(runDir, 'histograms.json'), 'utf8')));
}

/** Adds histograms up: the histogram of all their people together. */
export function mergeHistograms(histograms: Iterable<Histogram>): Histogram {
  const counts = new Map<number, number>();
  let never = 0;
  for (const histogram of histograms) {
    never += histogram.never;
    for (const [bucket, counted] of histogram.buckets)
      counts.set(bucket, (counts.get(bucket) ?? 0) + counted);
  }
  return { buckets: [...counts].sort(([one], [other]) => one - other), never };
}

/**
 * Nearest-rank quantile in ms: the (geometric) middle of the bucket that the exact one is in, so within
 * `RELATIVE_ERROR` of it for latencies over 1/16 ms.
 *
 * @param q over 0, at most 1.
 * @returns Infinity when it falls among those who never got in; null when the histogram is empty.
 */
export function quantileOf({ buckets, never }: Histogram, q: number): number | null {
  const total = buckets.reduce((sum, [, counted]) => sum + counted, never);
  if (total === 0) return null;
  let left = Math.max(1, Math.ceil(q * total - 1e-9));
  for (const [bucket, counted] of buckets) {
    left -= counted;
    if (left <= 0) return 2 ** ((bucket - 0.5) / BUCKETS_A_DOUBLING);
  }
  return Number.POSITIVE_INFINITY;
}
