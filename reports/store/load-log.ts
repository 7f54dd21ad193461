/**
 * The log's files into the table `events`, and into one file when the run is over. A log of another version is refused by
 * its columns: half of one would be measured as if it were whole.
 */
import { closeSync, existsSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { NotReadyError, UsageError } from '../../errors.ts';
import { ROW_COLUMNS } from '../../events/row.ts';
import { type EventFiles, findEventFiles, PARQUET_FILE } from './segments.ts';

export type Query = (sql: string) => Promise<Record<string, unknown>[]>;

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
  jitter_ms: 'DOUBLE',
};
const TABLE_COLUMNS = ROW_COLUMNS.map((name) => `${name} ${COLUMN_TYPES[name]}`).join(', ');
const CSV_COLUMNS = `{${ROW_COLUMNS.map((name) => `'${name}': '${COLUMN_TYPES[name]}'`).join(', ')}}`;

const OTHER_VERSION = 'it was written by another version of roomrush: play the night again';

/**
 * Creates `events`.
 *
 * @param personId only this person's rows and those that are about nobody; null: all.
 * @returns how many lines were left out: torn by a kill, or not rows at all.
 * @throws UsageError when the log is another version's, or its file is damaged.
 */
export async function loadEvents(query: Query, runDir: string, personId: number | null): Promise<number> {
  await query(`CREATE TABLE events (${TABLE_COLUMNS})`);
  const files = findEventFiles(runDir);
  try {
    if (files.parquet !== null) {
      await loadPacked(query, files.parquet, personId);
      return 0;
    }
    if (files.segments.length === 0) return files.tornLines;
    refuseOtherSegments(files.segments[0]!);
    const unread = await loadSegments(query, files);
    if (personId !== null) {
      // The last row stays, whoever's it is: the measured night of a run that was killed ends with it.
      await query(
        `DELETE FROM events WHERE person_id <> ${personId} AND t_ns <> (SELECT max(t_ns) FROM events WHERE type <> 'anchor')`,
      );
    }
    return files.tornLines + unread;
  } finally {
    files.cleanUp();
  }
}

/** @returns how many lines were no rows. */
async function loadSegments(query: Query, files: EventFiles): Promise<number> {
  const load = (segments: readonly string[]) =>
    query(
      `INSERT INTO events SELECT * FROM read_csv([${segments.map(quoted).join()}], columns = ${CSV_COLUMNS},
        header = false, auto_detect = false, delim = ',', quote = '', escape = '', new_line = '\\n',
        store_rejects = true)`,
    );
  let noise = 0;
  try {
    await load(files.segments);
  } catch {
    // What is no text at all stops the reader, whatever it is told to reject: it is taken out line by line first.
    const { segments, lines } = files.withoutNoise();
    await load(segments);
    noise = lines;
  }
  const [rejected] = await query('SELECT count(DISTINCT (file_id, line)) AS lines FROM reject_errors');
  return noise + Number(rejected?.['lines'] ?? 0);
}

async function loadPacked(query: Query, file: string, personId: number | null): Promise<void> {
  try {
    await refuseOtherColumns(query, file);
    const whose = personId === null ? '' : `WHERE person_id IS NULL OR person_id = ${personId}`;
    await query(
      `INSERT INTO events SELECT ${ROW_COLUMNS.join()} FROM read_parquet(${quoted(file)}) ${whose}`,
    );
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      'damaged-log',
      `expected the whole log of a run in ${file}, but it is damaged or half of one: ${firstLine(error)}`,
      'take it from a copy, or play the night again; what was measured of it before is untouched',
    );
  }
}

async function refuseOtherColumns(query: Query, file: string): Promise<void> {
  const found = await query(`DESCRIBE SELECT * FROM read_parquet(${quoted(file)})`);
  const names = new Set(found.map((column) => String(column['column_name'])));
  const missing = ROW_COLUMNS.filter((name) => !names.has(name));
  if (missing.length === 0) return;
  throw new UsageError('other-log', `${file} lacks the column ${missing.join(', ')}`, OTHER_VERSION);
}

/** A log of another version has more or fewer cells in every line. What is no line of a log is left to the reader. */
function refuseOtherSegments(file: string): void {
  const line = /^\d+,(?:listener|server|rehearsal),.*(?=\n)/.exec(headOf(file))?.[0];
  const cells = line?.split(',').length;
  if (cells === undefined || cells === ROW_COLUMNS.length) return;
  throw new UsageError(
    'other-log',
    `expected ${ROW_COLUMNS.length} cells in each line of ${file}, found ${cells}`,
    OTHER_VERSION,
  );
}

const HEAD_BYTES = 1024;

function headOf(file: string): string {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const fd = openSync(file, 'r');
  try {
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}

/**
 * Packs the log into one file and removes the segments. The name is the proof: the file gets it only after its rows were
 * counted. Rows of one instant stay in the order in which they were written.
 *
 * @throws NotReadyError when there is no space; the segments are kept.
 */
export async function packEvents(query: Query, runDir: string): Promise<void> {
  const dir = path.join(runDir, 'events');
  const file = path.join(dir, PARQUET_FILE);
  if (existsSync(file)) return;
  const segments = findEventFiles(runDir);
  segments.cleanUp();
  if (segments.segments.length === 0) return;
  const part = `${file}.part`;
  try {
    await query(
      `COPY (SELECT * FROM events ORDER BY t_ns, rowid) TO ${quoted(part)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    const [rows] = await query(
      `SELECT (SELECT count(*) FROM events) AS loaded, (SELECT count(*) FROM read_parquet(${quoted(part)})) AS packed`,
    );
    if (rows?.['loaded'] !== rows?.['packed']) {
      throw new Error(`expected ${rows?.['loaded']} rows in ${file}, counted ${rows?.['packed']}`);
    }
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw isFull(error) ? diskFull(dir, error) : error;
  }
  for (const segment of segments.segments) rmSync(segment, { force: true });
}

/** The database says it in words only. */
function isFull(error: unknown): boolean {
  return error instanceof Error && /No space left on device|Disk quota exceeded/.test(error.message);
}

function diskFull(dir: string, error: unknown): NotReadyError {
  return new NotReadyError(
    'disk-full',
    `the disk is full: the log in ${dir} cannot be packed: ${firstLine(error)}`,
    'make room (df -h .) and measure it again with roomrush report; the log is kept as it was',
  );
}

/** What a database says first; the rest is about its own statement. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
