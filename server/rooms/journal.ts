/**
 * The seat journal: an append-only file that says who took which seat, so that a restarted server knows
 * whose seats to keep. Taking a seat awaits its line.
 *
 * That awaited step is the gap between check and take in which a soft cap overshoots: appends of one moment
 * share one write. A line survives the death of the process; it is not synced, so it may not survive the
 * death of the machine.
 *
 * Lines: `T <room> <seat> <person>` taken, `R <room> <seat>` free again, `Q <sequence>` places in the queue
 * may have been given below this number.
 */
import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Inheritance } from '../admission/step.ts';
import { nodeCode, ServerError } from '../errors.ts';

/** A larger seat number in a journal is damage, not a seat. */
const SEAT_MAX = 1_000_000;
/** Sequence numbers are noted ahead in blocks, so that a place in the queue costs no line of its own. */
const SEQUENCE_BLOCK = 1_024;

export class SeatJournal {
  readonly #file: FileHandle;
  readonly #onTrouble: (error: unknown) => void;
  #sequenceNoted: number;
  #lines = '';
  #batch: Promise<void> | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: FileHandle, nextSequence: number, onTrouble: (error: unknown) => void) {
    this.#file = file;
    this.#sequenceNoted = nextSequence;
    this.#onTrouble = onTrouble;
  }

  /** Resolves when the line is written; rejects with the file system's error. */
  taken(personId: number, room: string, seat: number): Promise<void> {
    return this.#append(`T ${room} ${seat} ${personId}\n`);
  }

  moved(personId: number, from: { room: string; seat: number }, to: { room: string; seat: number }): void {
    const lines = `T ${to.room} ${to.seat} ${personId}\nR ${from.room} ${from.seat}\n`;
    this.#append(lines).catch(this.#onTrouble);
  }

  released(room: string, seat: number): void {
    this.#append(`R ${room} ${seat}\n`).catch(this.#onTrouble);
  }

  /** A place with this number was given. */
  placed(sequence: number): void {
    if (sequence < this.#sequenceNoted) return;
    this.#sequenceNoted = sequence + SEQUENCE_BLOCK;
    this.#append(`Q ${this.#sequenceNoted}\n`).catch(this.#onTrouble);
  }

  /** Writes what is left and closes the file. */
  async close(): Promise<void> {
    await this.#batch?.catch(this.#onTrouble);
    await this.#writing.catch(this.#onTrouble);
    await this.#file.close();
  }

  /** Everything that is appended while a write is under way goes into the next one. */
  #append(lines: string): Promise<void> {
    this.#lines += lines;
    this.#batch ??= this.#writing.then(
      () => this.#write(),
      () => this.#write(),
    );
    return this.#batch;
  }

  #write(): Promise<void> {
    const lines = this.#lines;
    this.#lines = '';
    this.#batch = null;
    this.#writing = this.#file.appendFile(lines);
    return this.#writing;
  }
}

/** Reads what a journal says. A torn last line and lines that make no sense are passed over. */
export function readJournal(text: string): Inheritance {
  const seats = new Map<string, { personId: number; room: string; seat: number }>();
  let nextSequence = 1;
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    const taken = /^T ([a-z0-9-]{1,40}) (\d{1,7}) (\d{1,10})$/.exec(line);
    if (taken !== null) {
      const [, room, seat, personId] = taken as unknown as [string, string, string, string];
      if (Number(seat) < 1 || Number(seat) > SEAT_MAX) continue;
      seats.set(`${room} ${seat}`, { personId: Number(personId), room, seat: Number(seat) });
      continue;
    }
    const released = /^R (\S+ \d+)$/.exec(line);
    if (released !== null) seats.delete(released[1]!);
    const queued = /^Q (\d{1,15})$/.exec(line);
    if (queued !== null) nextSequence = Math.max(nextSequence, Number(queued[1]));
  }
  return { seats: [...seats.values()], nextSequence };
}

/**
 * Opens the journal of a run and says what an earlier server of the same run left; null when there was none.
 *
 * @param keepSeats false: this server holds no seats, and those of the earlier one are free.
 * @param onTrouble hears of appends that failed and that nobody awaits.
 * @throws ServerError RUN_DIR when the journal can be neither read nor written.
 */
export async function openJournal(
  runDir: string,
  keepSeats: boolean,
  onTrouble: (error: unknown) => void,
): Promise<{ readonly journal: SeatJournal; readonly inheritance: Inheritance | null }> {
  const path = join(runDir, 'seats.journal');
  try {
    const found = await readFile(path, 'utf8').catch((error: unknown) => {
      if (nodeCode(error) === 'ENOENT') return null;
      throw error;
    });
    const read = found === null ? null : readJournal(found);
    const inheritance = read === null ? null : { ...read, seats: keepSeats ? read.seats : [] };
    const seats = inheritance?.seats ?? [];
    const lines = seats.map(({ room, seat, personId }) => `T ${room} ${seat} ${personId}\n`);
    const nextSequence = inheritance?.nextSequence ?? 1;
    await writeFile(`${path}.new`, `${lines.join('')}Q ${nextSequence}\n`);
    await rename(`${path}.new`, path);
    const file = await open(path, 'a');
    return { journal: new SeatJournal(file, nextSequence, onTrouble), inheritance };
  } catch (error) {
    throw new ServerError(
      'RUN_DIR',
      `the seat journal ${path} cannot be kept: ${error instanceof Error ? error.message : error}`,
      "See that the run's folder exists, is writable and has space.",
      { cause: error },
    );
  }
}
