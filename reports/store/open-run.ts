/** A run folder opened for questions: its rows and its crowd as tables in DuckDB. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { UsageError } from '../../errors.ts';
import { checkScenario } from '../../scenarios/index.ts';
import { type NightTimes, nightTimes, type Scenario } from '../../scenarios/schema.ts';
import { type RunRecord, readRunRecord } from './run-record.ts';

const EVENT_TYPES = `{
  't_ns': 'BIGINT', 'side': 'VARCHAR', 'process': 'VARCHAR', 'person_id': 'BIGINT', 'attempt': 'BIGINT',
  'connection_id': 'BIGINT', 'type': 'VARCHAR', 'room': 'VARCHAR', 'cause': 'VARCHAR', 'value': 'DOUBLE',
  'lost': 'DOUBLE', 'longest_gap_ms': 'DOUBLE'}`;
const PARQUET = 'events.parquet';

export type Row = Readonly<Record<string, unknown>>;
export type OpenRun = {
  readonly runDir: string;
  readonly record: RunRecord;
  readonly scenario: Scenario;
  readonly times: NightTimes;
  /** Rows of a query; integers come as numbers. */
  query(sql: string): Promise<readonly Row[]>;
  close(): void;
};

/**
 * Opens a run: `events` (with `ms`, the time since the night's start), `plan`, and `night`, one row with the
 * instants of the phases. A segment whose last line is torn gives all its whole lines.
 *
 * @throws UsageError when the folder holds no run of this version, or no night that ever started.
 */
export async function openRun(runDir: string): Promise<OpenRun> {
  const record = readRunRecord(runDir);
  const scenarioFile = path.join(runDir, 'scenario.json');
  const scenario = checkScenario(JSON.parse(readFileSync(scenarioFile, 'utf8')), scenarioFile);
  const times = nightTimes(scenario);
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    await loadEvents(connection, path.join(runDir, 'events'));
    await connection.run(
      `CREATE TABLE plan AS SELECT * FROM read_csv(${quote(path.join(runDir, 'plan.csv'))}, header = true, columns = {
        'person_id': 'BIGINT', 'intended_ms': 'DOUBLE', 'cohort': 'VARCHAR', 'body': 'VARCHAR', 'counted': 'BOOLEAN'})`,
    );
    await connection.run(nightTable(scenario, times));
  } catch (error) {
    close();
    throw error;
  }
  return {
    runDir,
    record,
    scenario,
    times,
    query: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS().map(withNumbers),
    close,
  };
}

/**
 * Turns the segments of a finished run into one Parquet file, and removes them once it is known to hold as many
 * rows. Does nothing when that was done before.
 */
export async function segmentsToParquet(runDir: string): Promise<void> {
  const dir = path.join(runDir, 'events');
  const segments = segmentsIn(dir);
  if (segments.length === 0) return;
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const file = path.join(dir, PARQUET);
    await loadEvents(connection, dir);
    await connection.run(
      `COPY (SELECT * EXCLUDE (ms) FROM events ORDER BY t_ns) TO ${quote(file)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    const counts = await connection.runAndReadAll(
      `SELECT (SELECT count(*) FROM events) = (SELECT count(*) FROM ${quote(file)}) AS equal`,
    );
    if (counts.getRowObjectsJS()[0]?.['equal'] !== true) return;
    for (const segment of segments) rmSync(path.join(dir, segment));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function segmentsIn(dir: string): readonly string[] {
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.csv')) : [];
}

async function loadEvents(connection: DuckDBConnection, dir: string): Promise<void> {
  const parquet = path.join(dir, PARQUET);
  const hasSegments = segmentsIn(dir).length > 0;
  const hasParquet = existsSync(parquet);
  if (!hasSegments && !hasParquet) {
    throw new UsageError(
      'no-events',
      `${dir} holds no rows`,
      'the run ended before anything happened: see its *.log',
    );
  }
  // A run that was killed between its Parquet file and the removal of its segments has every row twice.
  const sources = [
    ...(hasSegments
      ? [
          `SELECT * FROM read_csv(${quote(path.join(dir, '*.csv'))}, header = false, delim = ',', quote = '', escape = '',
            null_padding = true, ignore_errors = true, columns = ${EVENT_TYPES})`,
        ]
      : []),
    ...(hasParquet ? [`SELECT * FROM ${quote(parquet)}`] : []),
  ];
  await connection.run(`CREATE TABLE raw AS ${sources.join(' UNION ')}`);
  const start = await connection.runAndReadAll(
    `SELECT coalesce(min(t_ns) FILTER (type = 'night-start'), min(t_ns)) AS start FROM raw WHERE t_ns IS NOT NULL`,
  );
  const startNs = start.getRowObjectsJS()[0]?.['start'];
  await connection.run(
    `CREATE TABLE events AS
       SELECT *, (t_ns - ${String(startNs)})::DOUBLE / 1e6 AS ms FROM raw
       WHERE t_ns IS NOT NULL AND type IS NOT NULL ORDER BY t_ns`,
  );
  await connection.run('DROP TABLE raw');
}

function nightTable(scenario: Scenario, times: NightTimes): string {
  const { main, overflow } = scenario.rooms;
  return `CREATE TABLE night AS SELECT
    ${times.baselineStartMs}::DOUBLE AS baseline_start_ms,
    ${times.surgeStartMs}::DOUBLE AS surge_start_ms,
    ${times.surgeEndMs}::DOUBLE AS planned_surge_end_ms,
    coalesce((SELECT quantile_cont(intended_ms, 0.95) FROM plan WHERE cohort <> 'incumbent'), ${times.surgeEndMs})::DOUBLE AS surge_end_ms,
    ${times.tailEndMs}::DOUBLE AS tail_end_ms,
    ${times.nightEndMs}::DOUBLE AS night_end_ms,
    ${quote(main.room)} AS main_room,
    ${main.seats}::DOUBLE AS main_seats,
    ${overflow.seats}::DOUBLE AS overflow_seats,
    ${scenario.server.heartbeatMissedMs}::DOUBLE AS heartbeat_missed_ms,
    ${scenario.server.seatHoldMs}::DOUBLE AS seat_hold_ms`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** BIGINT comes as bigint; every figure here is far below 2^53. */
function withNumbers(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  );
}
