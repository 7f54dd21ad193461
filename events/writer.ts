/**
 * The event log's writer, the same on both sides. A row is appended to memory; once a second what was gathered
 * is closed into a segment file of its own, written beside and renamed, so that killing everything loses at
 * most the last second and never leaves half a row.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RowType, Side } from './row.ts';

const SEGMENT_MS = 1000;
const WORD = /^[a-zA-Z0-9.:_-]*$/;

export type EventWriter = {
  /**
   * Appends one row. Absent fields are null.
   *
   * @param tNs CLOCK_MONOTONIC nanoseconds; now, when it is not given.
   */
  row(
    type: RowType,
    personId: number | null,
    attempt: number | null,
    connectionId: number | null,
    room: string | null,
    cause: string | null,
    value: number | null,
    lost?: number | null,
    longestGapMs?: number | null,
    tNs?: bigint,
    lateMs?: number | null,
    jitterMs?: number | null,
  ): void;
  /** Closes the current segment at once, synchronously: for the end of a process that cannot wait. */
  flushSync(): void;
  close(): Promise<void>;
  /** Rows that could not be written so far. */
  readonly rowsLost: number;
};

export type EventWriterOptions = {
  readonly dir: string;
  /** Name of the process; its segments are `<process>-<nnnnn>.csv`. */
  readonly process: string;
  readonly side: Side;
  /**
   * Called once, when rows cannot be written (a full disk): the run goes on, its log has a hole, and a `trouble`
   * row with the error's code says so as soon as there is space again.
   */
  readonly onError?: (error: Error) => void;
};

/** Opens the log of one process and writes its anchor row: the wall clock at a monotonic instant. */
export function openEventWriter(options: EventWriterOptions): EventWriter {
  mkdirSync(options.dir, { recursive: true });
  return new SegmentWriter(options);
}

class SegmentWriter implements EventWriter {
  readonly #options: EventWriterOptions;
  readonly #origin: string;
  /** Rooms and causes that were checked before: they come from small vocabularies. */
  readonly #checked = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #rows: string[] = [];
  #segment = 0;
  #writing: Promise<void> = Promise.resolve();
  #failed = false;
  #rowsLost = 0;

  constructor(options: EventWriterOptions) {
    this.#options = options;
    this.#origin = `,${options.side},${options.process},`;
    this.#anchor();
    this.#timer = setInterval(() => this.#closeSegment(), SEGMENT_MS);
    this.#timer.unref();
  }

  row(
    type: RowType,
    personId: number | null,
    attempt: number | null,
    connectionId: number | null,
    room: string | null,
    cause: string | null,
    value: number | null,
    lost: number | null = null,
    longestGapMs: number | null = null,
    tNs: bigint = process.hrtime.bigint(),
    lateMs: number | null = null,
    jitterMs: number | null = null,
  ): void {
    if (room !== null) this.#check(room);
    if (cause !== null) this.#check(cause);
    this.#rows.push(
      `${tNs}${this.#origin}${personId ?? ''},${attempt ?? ''},${connectionId ?? ''},${type},${room ?? ''},${cause ?? ''},` +
        `${value ?? ''},${lost ?? ''},${longestGapMs ?? ''},${lateMs ?? ''},${jitterMs ?? ''}\n`,
    );
  }

  flushSync(): void {
    if (this.#rows.length === 0) return;
    const { file, part, text, count } = this.#take();
    try {
      writeFileSync(part, text);
      renameSync(part, file);
    } catch (error) {
      this.#fail(error, count);
    }
  }

  get rowsLost(): number {
    return this.#rowsLost;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    this.flushSync();
  }

  /** The wall clock is read between two readings of the monotonic one: half their distance is its uncertainty. */
  #anchor(): void {
    const beforeNs = process.hrtime.bigint();
    const wallMs = Date.now();
    const afterNs = process.hrtime.bigint();
    const halfNs = (afterNs - beforeNs) / 2n;
    this.row('anchor', null, null, null, null, String(halfNs), wallMs, null, null, beforeNs + halfNs);
  }

  /** A second that wrote nothing makes no file. Segments are written one after the other. */
  #closeSegment(): void {
    if (this.#rows.length === 0) return;
    const { file, part, text, count } = this.#take();
    this.#writing = this.#writing
      .then(() => writeFile(part, text))
      .then(() => rename(part, file))
      .catch((error: unknown) => this.#fail(error, count));
  }

  #take(): { readonly file: string; readonly part: string; readonly text: string; readonly count: number } {
    const count = this.#rows.length;
    const text = this.#rows.join('');
    this.#rows = [];
    const name = `${this.#options.process}-${String(this.#segment++).padStart(5, '0')}.csv`;
    const file = path.join(this.#options.dir, name);
    return { file, part: `${file}.part`, text, count };
  }

  #fail(error: unknown, count: number): void {
    this.#rowsLost += count;
    const code = (error as NodeJS.ErrnoException).code ?? 'unwritable';
    this.row('trouble', null, null, null, null, code, count);
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onError?.(error as Error);
  }

  /** Nothing is quoted in a segment, so a word that would need it is a defect of the caller. */
  #check(word: string): void {
    if (this.#checked.has(word)) return;
    if (!WORD.test(word)) throw new TypeError(`expected a word of a-z, A-Z, 0-9, . : _ and -, got '${word}'`);
    this.#checked.add(word);
  }
}
