/**
 * Intervals within one run: how far a figure would move if the same night had met other seconds of the same crowd. They
 * say nothing about other nights, machines or seeds (only repeated runs do), and resampling cannot show what never
 * happened: nobody thrown out is nobody in every resample, so that interval has no width.
 */
import { readFileSync } from 'node:fs';
import type { DuckDBListValue } from '@duckdb/node-api';
import type { RunStore } from '../store/open-run.ts';
import { jainOf, quantileOf, ratioOf, type Sums, totalOf, type Values } from './estimate.ts';
import { type Figure, type IntervalOrReason, intervalOf } from './interval.ts';
import { drawResamples } from './resample.ts';
import { type Statistic, statisticOf } from './statistics.ts';

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
  const seed = store.record.seed;
  const people = drawResamples(await partsOf(store), { seed, resamples: RESAMPLES });
  const found = new Map<string, IntervalOrReason>();
  for (const measure of new Set(measures)) {
    const statistic = statisticOf(measure);
    if (statistic.kind === 'none') {
      found.set(measure, { interval: null, reason: statistic.reason });
      continue;
    }
    const figure = await figureOf(store, statistic);
    const seconds = Math.max(0, ...figure.seconds) + 1;
    const weights =
      statistic.kind === 'packets'
        ? drawResamples([new Array<number>(seconds).fill(1)], { seed, resamples: RESAMPLES })
        : people;
    found.set(measure, intervalOf(figure, weights));
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

/** Reads what a statistic needs, once; needs the tables of people.sql. */
export async function figureOf(store: RunStore, statistic: Statistic): Promise<Figure> {
  if (statistic.kind === 'quantile') {
    const values = await readValues(store, statistic.values);
    return {
      seconds: Uint32Array.from(new Set(values.second)),
      estimate: (weights) => quantileOf(values, statistic.q, weights),
    };
  }
  const sums = await readSums(store, statistic);
  const estimate = { total: totalOf, ratio: ratioOf, jain: jainOf, packets: ratioOf }[statistic.kind];
  return { seconds: sums.seconds, estimate: (weights) => estimate(sums, weights) };
}

async function readSums(store: RunStore, statistic: Exclude<Statistic, { kind: 'quantile' }>): Promise<Sums> {
  const [columns, from] =
    statistic.kind === 'packets'
      ? [['lost', 'lost + received'], `audible WHERE in_surge = ${statistic.inSurge}`]
      : [statistic.columns, `arrivals WHERE ${statistic.where}`];
  const sums = columns.map((column, nth) => `sum((${column})::DOUBLE) AS c${nth}`).join(', ');
  const rows = await store.query(`SELECT second, ${sums} FROM ${from} GROUP BY second ORDER BY second`);
  return {
    // Windows of packets are numbered from their own first second.
    seconds:
      statistic.kind === 'packets' ? rows.map((_, nth) => nth) : rows.map(({ second }) => Number(second)),
    by: columns.map((_, nth) => Float64Array.from(rows, (row) => Number(row[`c${nth}`]))),
  };
}

async function readValues(store: RunStore, query: string): Promise<Values> {
  const [row] = await store.query(`
    SELECT list(value ORDER BY value, second) AS sorted, list(second ORDER BY value, second) AS seconds
    FROM (${query}) JOIN arrivals USING (person_id) WHERE value IS NOT NULL`);
  const listOf = (name: string) => (row?.[name] as DuckDBListValue | null)?.items ?? [];
  return {
    sorted: Float64Array.from(listOf('sorted') as number[]),
    second: Uint32Array.from(listOf('seconds') as bigint[], Number),
  };
}
