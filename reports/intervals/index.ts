/**
 * Intervals within one run: how far a figure would move if the same night had met other seconds of the same crowd. They
 * say nothing about other nights, machines or seeds (only repeated runs do), and resampling cannot show what never
 * happened: nobody thrown out is nobody in every resample, so that interval has no width.
 */
import { readFileSync } from 'node:fs';
import type { RunStore } from '../store/open-run.ts';
import { figuresOf } from './figures-of.ts';
import { type IntervalOrReason, intervalOf } from './interval.ts';
import { drawResamples, type Weights } from './resample.ts';
import { statisticOf } from './statistics.ts';

const RESAMPLES = 500;

/**
 * The intervals of these measures of a measured run, by path. Seeded by the run, so that measuring it again gives the same.
 *
 * @param store with the shared tables of the measures built.
 */
export async function intervalsOf(
  store: RunStore,
  measures: readonly string[],
): Promise<ReadonlyMap<string, IntervalOrReason>> {
  await prepareArrivals(store);
  const people = await partsOf(store);
  const figureOf = figuresOf(store);
  const drawn = new Map<readonly (readonly number[])[], readonly Weights[]>();
  const resamplesOf = (parts: readonly (readonly number[])[]) => {
    const weights =
      drawn.get(parts) ?? drawResamples(parts, { seed: store.record.seed, resamples: RESAMPLES });
    drawn.set(parts, weights);
    return weights;
  };
  const found = new Map<string, IntervalOrReason>();
  for (const measure of new Set(measures)) {
    const statistic = statisticOf(measure);
    if (statistic.kind === 'none') {
      found.set(measure, { interval: null, reason: statistic.reason });
      continue;
    }
    const { figure, parts } = await figureOf(measure, statistic);
    found.set(measure, intervalOf(figure, resamplesOf(parts ?? people)));
  }
  return found;
}

/** Builds the tables of people.sql. */
export async function prepareArrivals(store: RunStore): Promise<void> {
  await store.query(readFileSync(new URL('people.sql', import.meta.url), 'utf8'));
}

/** People in each second of planned arrival that has any, for each part of the crowd. */
async function partsOf(store: RunStore): Promise<number[][]> {
  const rows = await store.query(
    'SELECT part, count(*) AS people FROM arrivals GROUP BY part, second ORDER BY second',
  );
  const parts = new Map<unknown, number[]>();
  for (const { part, people } of rows) {
    const seconds = parts.get(part);
    if (seconds === undefined) parts.set(part, [Number(people)]);
    else seconds.push(Number(people));
  }
  return [...parts.values()];
}
