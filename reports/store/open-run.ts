/**
 * The store: a run's folder as tables in DuckDB, in memory. `events` is the log as both sides wrote it, `plan`
 * the crowd that was to come, `night` one row with the night's instants on the log's own clock. Everything that a
 * report says is a query over these three.
 */
import { type DuckDBConnection, DuckDBInstance, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';
import { nightTimes, type Scenario } from '../../scenarios/schema.ts';
import { loadEvents, packEvents, quoted } from './load-log.ts';
import { loadPlan } from './load-plan.ts';
import { requireRunFolder } from './run-folder.ts';
import { type RunRecord, readRunRecord } from './run-record.ts';
import { readScenario } from './run-scenario.ts';
import { voiceFrameBytes } from './voice.ts';

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
  /**
   * Only this person's rows, and those that are about nobody: for one listener's story. Measures over such a store are
   * right for this person and mean nothing for the crowd.
   */
  readonly personId?: number;
};

/** Harm to those inside where a night has no objective on it: the limits of the library's nights. */
const LOSS_SHARE_MAX = 0.01;
const GAP_MS_MAX = 500;

/**
 * Opens a run's folder. A log without its end (a run that was killed, or still runs) is opened as far as it goes.
 *
 * @throws UsageError when the folder is not a run's.
 */
export async function openRun(runDir: string, options: OpenOptions = {}): Promise<RunStore> {
  requireRunFolder(runDir);
  const record = readRunRecord(runDir);
  const scenario = readScenario(runDir);
  const instance = await DuckDBInstance.create(':memory:', {
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
  });
  const connection = await instance.connect();
  const query = (sql: string) => runQuery(connection, sql);
  try {
    const linesUnread = await loadEvents(query, runDir, options.personId ?? null);
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

async function runQuery(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader
    .getRowObjects()
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
}

/** Counts come as 64-bit integers, which neither JSON nor arithmetic here has a use for; structs become objects. */
function plain(value: DuckDBValue): unknown {
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, entry]) => [name, plain(entry)]));
  }
  return typeof value === 'bigint' ? Number(value) : value;
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
      ${voiceFrameBytes(server.frameMs)}::DOUBLE AS voice_frame_bytes,
      ${limitOf(scenario, 'incumbents.lossShareSurge') ?? LOSS_SHARE_MAX}::DOUBLE AS loss_share_limit,
      ${limitOf(scenario, 'incumbents.longestGapMs') ?? GAP_MS_MAX}::DOUBLE AS gap_ms_limit,
      ${Math.round((server.heartbeatMissedMs + Math.max(server.seatHoldMs, server.ticketLifeMs)) * 1e6)}::BIGINT AS timeouts_ns
    FROM zero, surge`;
}

/** The limit that a night's objectives set on a measure; undefined: none of them is on it. */
function limitOf({ objectives }: Scenario, measure: string): number | undefined {
  return objectives.find((objective) => objective.measure === measure)?.limit;
}
