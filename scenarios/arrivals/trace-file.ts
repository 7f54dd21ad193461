/**
 * Recorded arrivals as a file: CSV with a header, or Parquet with the same columns. Either `second,count` (how many
 * came in each second, spread evenly within it) or one row an arrival with its time, `at_s` or `at_ms`, in any
 * order. Times count from the earliest row of the file, so that epoch seconds are as good as seconds from 0.
 */
import { existsSync, readFileSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { RoomrushError, UsageError } from '../../errors.ts';

/** Equal shares of the people that a trace is cut into: each second keeps its people within a thousandth of all. */
const STEPS_MAX = 2048;
/** The schema takes a day at most. */
const SPAN_MS_MAX = 86_400_000;

const LAYOUTS = [
  { columns: ['second', 'count'], unitMs: 1000 },
  { columns: ['at_s'], unitMs: 1000 },
  { columns: ['at_ms'], unitMs: 1 },
] as const;
type Layout = (typeof LAYOUTS)[number];
const HINT =
  'a header with the columns second,count (people in each second), or at_s or at_ms (one row each)';

/**
 * Reads recorded arrivals.
 *
 * @param file path of a `.parquet` file, or of a CSV under any other name.
 * @returns ms from the earliest row by which equal shares of the people had come, ascending, at most 2,049.
 * @throws UsageError no such file, other columns, a time or count that is none (with its line), nobody, over a day.
 */
export async function readTrace(file: string): Promise<readonly number[]> {
  if (!existsSync(file)) {
    throw new UsageError(
      'no-such-file',
      `expected recorded arrivals in ${file}, but there is no such file`,
      'a relative path counts from the folder of the night that names it',
    );
  }
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    return await readWith(connection, file);
  } catch (error) {
    if (error instanceof RoomrushError) throw error;
    throw new UsageError('bad-trace', `${file} cannot be read: ${(error as Error).message}`, HINT);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function readWith(connection: DuckDBConnection, file: string): Promise<readonly number[]> {
  const isParquet = file.endsWith('.parquet');
  const source = isParquet
    ? `read_parquet(${quoted(file)})`
    : `read_csv(${quoted(file)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"',
        null_padding = true, strict_mode = false)`;
  const { layout, names } = await layoutOf(connection, source, file);
  const [first, second] = names.map((name) => `CAST("${name.replaceAll('"', '""')}" AS VARCHAR)`);
  await connection.run(`
    CREATE TABLE rows AS SELECT row_number() OVER () AS nth, *,
      TRY_CAST(time_text AS DOUBLE) AS time, TRY_CAST(people_text AS DOUBLE) AS people
    FROM (SELECT ${first} AS time_text, ${second ?? "'1'"} AS people_text FROM ${source})
    WHERE coalesce(trim(time_text), '') <> ''${second === undefined ? '' : " OR coalesce(trim(people_text), '') <> ''"}`);
  await checkRows(connection, layout, file, isParquet);
  const [extent] = await rowsOf(
    connection,
    'SELECT min(time) AS first, max(time) AS last, sum(people) AS people FROM rows',
  );
  if (!(Number(extent?.['people'] ?? 0) > 0)) {
    throw new UsageError('empty-trace', `expected arrivals in ${file}, but nobody comes`, HINT);
  }
  const spanMs = (Number(extent!['last']) - Number(extent!['first'])) * layout.unitMs;
  if (spanMs > SPAN_MS_MAX - 1000) {
    throw new UsageError(
      'long-trace',
      `expected arrivals within a day, but ${file} spans ${(spanMs / 3_600_000).toFixed(1)} h`,
      'cut the file to the incident; at_ms takes milliseconds, at_s and second take seconds',
    );
  }
  const quantiles =
    layout.columns.length === 2 ? await countQuantiles(connection) : await timeQuantiles(connection);
  // A thousandth of a millisecond is finer than any timer, and keeps a run's scenario.json small.
  return quantiles.map((value) => Math.round(value * layout.unitMs * 1000) / 1000);
}

async function layoutOf(
  connection: DuckDBConnection,
  source: string,
  file: string,
): Promise<{ readonly layout: Layout; readonly names: readonly string[] }> {
  const found = (await rowsOf(connection, `DESCRIBE SELECT * FROM ${source}`)).map((row) =>
    String(row['column_name']),
  );
  const fitting = LAYOUTS.flatMap((layout) => {
    const names = layout.columns.map((column) => found.find((name) => name.trim().toLowerCase() === column));
    return names.every((name) => name !== undefined) ? [{ layout, names }] : [];
  });
  if (fitting.length === 1) return fitting[0]!;
  throw new UsageError(
    'trace-columns',
    `expected ${file} to have the columns second,count or at_s or at_ms${fitting.length > 1 ? ', only one of these' : ''}; ` +
      `found: ${found.join(', ') || 'none'}`,
    HINT,
  );
}

/** Refuses the first time or count that is none, with its line, and says how many more there are. */
async function checkRows(
  connection: DuckDBConnection,
  { columns }: Layout,
  file: string,
  isParquet: boolean,
): Promise<void> {
  const badTime = `time IS NULL OR NOT isfinite(time)${columns.length === 2 ? ' OR time <> floor(time)' : ''}`;
  const bad = await rowsOf(
    connection,
    `SELECT nth, ${badTime} AS "isTime", time_text, people_text, count(*) OVER () AS bad
    FROM rows WHERE ${badTime} OR people IS NULL OR NOT isfinite(people) OR people < 0 ORDER BY nth LIMIT 1`,
  );
  const [row] = bad;
  if (row === undefined) return;
  const nth = Number(row['nth']);
  const expected = row['isTime']
    ? columns.length === 2
      ? 'a whole second'
      : `a number in ${columns[0]}`
    : 'a count of at least 0';
  const got = row[row['isTime'] ? 'time_text' : 'people_text'];
  const more = Number(row['bad']) - 1;
  throw new UsageError(
    'trace-row',
    `${file}, ${isParquet ? `row ${nth}` : lineOf(file, nth)}: expected ${expected}, got ${got === null ? 'nothing' : `'${got}'`}` +
      `${more > 0 ? ` (and ${more} more such lines)` : ''}`,
    'mend or leave out the line',
  );
}

/** The line of the nth row after the header; lines with nothing on them are no rows. */
function lineOf(file: string, nth: number): string {
  let rows = -1;
  const lines = readFileSync(file, 'utf8').split('\n');
  const at = lines.findIndex((line) => /[^\s,]/.test(line) && ++rows === nth);
  // A file that DuckDB unpacks by itself has no lines that could be counted here.
  return at < 0 ? `row ${nth}` : `line ${at + 1}`;
}

/** Of single times, with the people between two of them spread evenly; exact when they are few. */
async function timeQuantiles(connection: DuckDBConnection): Promise<number[]> {
  const [counted] = await rowsOf(connection, 'SELECT count(*) AS people FROM rows');
  const steps = Math.max(1, Math.min(STEPS_MAX, Number(counted!['people']) - 1));
  const quantiles = await rowsOf(
    connection,
    `SELECT unnest(quantile_cont(time - (SELECT min(time) FROM rows),
      [least(1, nth / ${steps}) FOR nth IN range(${steps + 1})])) AS quantile FROM rows`,
  );
  return quantiles.map((row) => Number(row['quantile']));
}

/** Of counts by second, in seconds: where the running sum passes each share, evenly within a second. */
async function countQuantiles(connection: DuckDBConnection): Promise<number[]> {
  const seconds = await rowsOf(
    connection,
    `SELECT time - (SELECT min(time) FROM rows) AS at, sum(people) AS people
    FROM rows GROUP BY time HAVING sum(people) > 0 ORDER BY time`,
  );
  const total = seconds.reduce((sum, second) => sum + Number(second['people']), 0);
  const quantiles: number[] = [];
  let before = 0;
  let nth = 0;
  for (let step = 0; step <= STEPS_MAX; step++) {
    const wanted = (step / STEPS_MAX) * total;
    while (nth < seconds.length - 1 && before + Number(seconds[nth]!['people']) < wanted) {
      before += Number(seconds[nth++]!['people']);
    }
    const { at, people } = seconds[nth]!;
    quantiles.push(Number(at) + Math.min(1, (wanted - before) / Number(people)));
  }
  return quantiles;
}

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjects();
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
