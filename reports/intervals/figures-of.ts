/** From what an interval is made of to a figure of a run that can be computed again from weighted seconds. */
import type { DuckDBListValue } from '@duckdb/node-api';
import type { RunStore } from '../store/open-run.ts';
import { costFigure, readCostSeconds } from './costs.ts';
import { jainOf, ofAllOf, quantileOf, ratioOf, type Sums, totalOf, type Values } from './estimate.ts';
import { type Figure, SECONDS_MIN } from './interval.ts';
import { listenersFigure, readHeard } from './listeners.ts';
import { blockLengthOf } from './resample.ts';
import type { Statistic } from './statistics.ts';

type FigureOfRun = {
  readonly figure: Figure;
  /** How much lies in each second of each part that is resampled apart; null: the people, by when they were to come. */
  readonly parts: readonly (readonly number[])[] | null;
};

/**
 * Gives the figures of one run. What several of them need is read once.
 *
 * @param store with the tables of people.sql.
 */
export function figuresOf(store: RunStore): (measure: string, statistic: Statistic) => Promise<FigureOfRun> {
  const costs = once(() => readCostSeconds(store));
  const heard = once(() => readHeard(store));
  return async (measure, statistic) => {
    switch (statistic.kind) {
      case 'cost': {
        const seconds = await costs();
        return watched(costFigure(seconds, measure), seconds.parts);
      }
      case 'listeners': {
        const listeners = await heard();
        return watched(listenersFigure(listeners, statistic.of), listeners.parts);
      }
      case 'quantile': {
        const from = `(${statistic.values}) JOIN arrivals USING (person_id)`;
        return { figure: quantileFigure(await readValues(store, from), statistic.q), parts: null };
      }
      case 'samples': {
        const from = `(SELECT value, dense_rank() OVER (ORDER BY second) - 1 AS second FROM (${statistic.values}))`;
        const figure = quantileFigure(await readValues(store, from), statistic.q);
        return watched(figure, [oneEach(figure.seconds)]);
      }
      default: {
        const sums = await readSums(store, statistic);
        const estimate = ESTIMATES[statistic.kind];
        const figure = {
          seconds: sums.seconds,
          estimate: (weights: Float64Array) => estimate(sums, weights),
        };
        return statistic.kind === 'packets'
          ? watched(figure, [oneEach(sums.seconds)])
          : { figure, parts: null };
      }
    }
  };
}

function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | null = null;
  return () => (value ??= read());
}

/** A figure that stands on windows of the night: the shortest of them says how many blocks there are to differ. */
export function watched(figure: Figure, parts: readonly (readonly number[])[]): FigureOfRun {
  const used = new Set(figure.seconds);
  let first = 0;
  let shortest = Number.POSITIVE_INFINITY;
  for (const { length } of parts) {
    const isUsed = Array.from({ length }, (_, nth) => first + nth).some((second) => used.has(second));
    if (isUsed) shortest = Math.min(shortest, length);
    first += length;
  }
  const short =
    parts.length > 1 && shortest < SECONDS_MIN
      ? {
          reason: `a part that it stands on has ${shortest} seconds, and blocks need at least ${SECONDS_MIN}`,
        }
      : {};
  const blocks = shortest / blockLengthOf(shortest);
  // A figure's own reason says which part it is.
  return { figure: { ...figure, blocks, ...short, ...reasonOf(figure) }, parts };
}

function reasonOf({ reason }: Figure): Pick<Figure, 'reason'> {
  return reason === undefined ? {} : { reason };
}

function oneEach(seconds: Figure['seconds']): number[] {
  return new Array<number>(seconds.length).fill(1);
}

function quantileFigure(values: Values, q: number): Figure {
  return {
    seconds: Uint32Array.from(new Set(values.second)),
    estimate: (weights) => quantileOf(values, q, weights),
  };
}

type SumsStatistic = Extract<Statistic, { kind: 'total' | 'of-all' | 'ratio' | 'jain' | 'packets' }>;

const ESTIMATES = {
  total: totalOf,
  'of-all': ofAllOf,
  ratio: ratioOf,
  jain: jainOf,
  packets: ratioOf,
} as const;

async function readSums(store: RunStore, statistic: SumsStatistic): Promise<Sums> {
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

/** @param from rows of `value` and `second`. */
async function readValues(store: RunStore, from: string): Promise<Values> {
  const [row] = await store.query(`
    SELECT list(value ORDER BY value, second) AS sorted, list(second ORDER BY value, second) AS seconds
    FROM ${from} WHERE value IS NOT NULL`);
  const listOf = (name: string) => (row?.[name] as DuckDBListValue | null)?.items ?? [];
  return {
    sorted: Float64Array.from(listOf('sorted') as number[]),
    second: Uint32Array.from(listOf('seconds') as bigint[], Number),
  };
}
