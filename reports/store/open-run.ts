/**
 * The store: a run's folder as tables in DuckDB, in memory. `events` is the log as both sides wrote it, `plan`
 * the crowd that was to come, `night` one row with the night's instants on the log's own clock. Everything that a
 * report says is a query over these three.
 */
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { listIssues, UsageError } from '../../errors.ts';
import { ROW_COLUMNS } from '../../events/row.ts';
import { nightTimes, type Scenario, scenarioSchema } from '../../scenarios/schema.ts';
import { type RunRecord, readJson, readRunRecord } from './run-record.ts';
import { findEventFiles, PARQUET_FILE } from './segments.ts';

export type RunStore = {
  readonly runDir: string;
  readonly record: RunRecord;
  readonly scenario: Scenario;
  /** Lines of the log that could not be read: torn by a kill, or not rows at all. */
  readonly linesUnread: number;
  /** Runs one statement; rows as objects, whole numbers as numbers. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Packs the log into one file, checks it by its row count, and removes the segments. */
  toParquet(): Promise<void>;
  close(): void;
};

export type OpenOptions = {
  /** Threads that queries may use: 1 while a run is on, so that the reader does not disturb what it reads. */
  readonly threads?: number;
};

const COLUMN_TYPES: Readonly<Record<(typeof ROW_COLUMNS)[number], string>> = {
  t_ns: 'BIGINT',
  side: 'VARCHAR',
  process: 'VARCHAR',
  person_id: 'BIGINT',
  attempt: 'BIGINT',
  connection_id: 'BIGINT',
  type: 'VARCHAR',
  room: 'VARCHAR',
  cause: 'VARCHAR',
  value: 'DOUBLE',
  lost: 'DOUBLE',
  longest_gap_ms: 'DOUBLE',
  late_ms: 'DOUBLE',
};
const TABLE_COLUMNS = ROW_COLUMNS.map((name) => `${name} ${COLUMN_TYPES[name]}`).join(', ');
const CSV_COLUMNS = `{${ROW_COLUMNS.map((name) => `'${name}': '${COLUMN_TYPES[name]}'`).join(', ')}}`;

/**
 * Opens a run's folder. A log without its end (a run that was killed, or still runs) is opened as far as it goes.
 *
 * @throws UsageError when the folder is not a run's.
 */
export async function openRun(runDir: string, options: OpenOptions = {}): Promise<RunStore> {
  const record = readRunRecord(runDir);
  const scenario = readScenario(runDir);
  const instance = await DuckDBInstance.create(':memory:', {
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
  });
  const connection = await instance.connect();
  const query = (sql: string) => runQuery(connection, sql);
  try {
    const linesUnread = await loadEvents(query, runDir);
    await loadPlan(query, runDir);
    await query(nightTable(scenario));
    return {
      runDir,
      record,
      scenario,
      linesUnread,
      query,
      toParquet: () => packEvents(query, runDir),
      close: () => {
        connection.closeSync();
        instance.closeSync();
      },
    };
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  }
}

type Query = (sql: string) => Promise<Record<string, unknown>[]>;

async function runQuery(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader
    .getRowObjects()
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
}

/** Counts come as 64-bit integers, which neither JSON nor arithmetic here has a use for. */
function plain(value: DuckDBValue): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

function readScenario(runDir: string): Scenario {
  const parsed = scenarioSchema.safeParse(readJson(path.join(runDir, 'scenario.json')));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    'bad-run-scenario',
    `${runDir}/scenario.json is not a night:\n${listIssues(parsed.error.issues)}`,
    'it was written by another version of roomrush: play the night again',
  );
}

/** @returns how many lines were left out. */
async function loadEvents(query: Query, runDir: string): Promise<number> {
  await query(`CREATE TABLE events (${TABLE_COLUMNS})`);
  const files = findEventFiles(runDir);
  try {
    if (files.parquet !== null) {
      await refuseOtherColumns(query, files.parquet);
      await query(
        `INSERT INTO events SELECT ${ROW_COLUMNS.join()} FROM read_parquet(${quoted(files.parquet)})`,
      );
      return 0;
    }
    if (files.segments.length === 0) return files.tornLines;
    await query(
      `INSERT INTO events SELECT * FROM read_csv([${files.segments.map(quoted).join()}], columns = ${CSV_COLUMNS},
        header = false, auto_detect = false, delim = ',', quote = '', escape = '', new_line = '\\n',
        store_rejects = true)`,
    );
    const [rejected] = await query('SELECT count(DISTINCT (file_id, line)) AS lines FROM reject_errors');
    return files.tornLines + Number(rejected?.['lines'] ?? 0);
  } finally {
    files.cleanUp();
  }
}

/** A log of another version has other columns; half of one would be measured as if it were whole. */
async function refuseOtherColumns(query: Query, file: string): Promise<void> {
  const found = await query(`DESCRIBE SELECT * FROM read_parquet(${quoted(file)})`);
  const names = new Set(found.map((column) => String(column['column_name'])));
  const missing = ROW_COLUMNS.filter((name) => !names.has(name));
  if (missing.length === 0) return;
  throw new UsageError(
    'other-log',
    `${file} lacks the column ${missing.join(', ')}`,
    'it was written by another version of roomrush: play the night again',
  );
}

/** Columns that a plan of an earlier version lacks are null. */
async function loadPlan(query: Query, runDir: string): Promise<void> {
  const file = path.join(runDir, 'plan.csv');
  if (!existsSync(file)) {
    throw new UsageError('no-plan', `expected the crowd in ${file}`, 'give the folder of a run');
  }
  await query(
    `CREATE TABLE plan AS SELECT * FROM read_csv(${quoted(file)}, header = true, auto_detect = false, delim = ',',
      quote = '"', escape = '"', allow_quoted_nulls = false, parallel = false, null_padding = true,
      columns = {'person_id': 'BIGINT', 'intended_ms': 'DOUBLE', 'cohort': 'VARCHAR', 'body': 'VARCHAR', 'counted': 'BOOLEAN',
        'stay_ms': 'DOUBLE', 'origin': 'VARCHAR', 'name': 'VARCHAR'})`,
  );
}

/**
 * The instants of a night. The surge ends when 95 % of its planned arrivals were due: a long tail of stragglers
 * would thin out everything that is measured over it. `end_ns` is where the measured night stops, which is
 * earlier than planned when the run was stopped or killed.
 */
function nightTable(scenario: Scenario): string {
  const times = nightTimes(scenario);
  const { server, rooms } = scenario;
  const at = (ms: number) => `start_ns + ${Math.round(ms * 1e6)}::BIGINT`;
  return `
    CREATE TABLE night AS
    WITH zero AS (
      SELECT coalesce(min(t_ns) FILTER (type = 'night-start'), min(t_ns) FILTER (type <> 'anchor'), 0)::BIGINT AS start_ns,
        bool_or(type = 'night-start') IS TRUE AS started,
        bool_or(type = 'night-end') IS TRUE AS ended,
        min(t_ns) FILTER (type = 'interrupted') AS interrupted_ns,
        coalesce(max(t_ns) FILTER (type <> 'anchor'), 0)::BIGINT AS last_ns
      FROM events
    ), surge AS (
      SELECT list_sort(list(intended_ms)) AS due FROM plan WHERE intended_ms >= ${times.surgeStartMs} AND cohort <> 'incumbent'
    )
    SELECT start_ns, started, ended, interrupted_ns, last_ns,
      ${at(times.baselineStartMs)} AS baseline_start_ns,
      ${at(times.surgeStartMs)} AS surge_start_ns,
      CASE WHEN coalesce(len(due), 0) = 0 THEN ${at(times.surgeEndMs)}
        ELSE start_ns + (due[ceil(0.95 * len(due) - 1e-9)::INT] * 1e6)::BIGINT END AS surge_end_ns,
      ${at(times.tailEndMs)} AS tail_end_ns,
      ${at(times.nightEndMs)} AS planned_end_ns,
      least(${at(times.nightEndMs)}, coalesce(interrupted_ns, CASE WHEN ended THEN ${at(times.nightEndMs)} ELSE last_ns END)) AS end_ns,
      ${quoted(rooms.main.room)} AS main_room,
      ${rooms.main.seats}::BIGINT AS main_seats,
      ${rooms.overflow.seats}::BIGINT AS overflow_seats,
      ${server.frameMs}::DOUBLE AS frame_ms,
      ${Math.round((server.heartbeatMissedMs + Math.max(server.seatHoldMs, server.ticketLifeMs)) * 1e6)}::BIGINT AS timeouts_ns
    FROM zero, surge`;
}

/** The name is the proof: the file gets it only after its rows were counted. */
async function packEvents(query: Query, runDir: string): Promise<void> {
  const dir = path.join(runDir, 'events');
  const file = path.join(dir, PARQUET_FILE);
  if (existsSync(file)) return;
  const segments = findEventFiles(runDir);
  segments.cleanUp();
  if (segments.segments.length === 0) return;
  await query(
    `COPY (SELECT * FROM events ORDER BY t_ns) TO ${quoted(`${file}.part`)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  const [rows] = await query(
    `SELECT (SELECT count(*) FROM events) AS loaded, (SELECT count(*) FROM read_parquet(${quoted(`${file}.part`)})) AS packed`,
  );
  if (rows?.['loaded'] !== rows?.['packed']) {
    rmSync(`${file}.part`);
    throw new Error(`expected ${rows?.['loaded']} rows in ${file}, counted ${rows?.['packed']}`);
  }
  renameSync(`${file}.part`, file);
  for (const segment of segments.segments) rmSync(segment, { force: true });
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
