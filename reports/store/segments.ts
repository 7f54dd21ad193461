/**
 * The event log's files as they are found. A process that was killed may leave a last line without its end; the
 * row is not used, because a number cut in two is still a number.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const PARQUET_FILE = 'events.parquet';

const PRINTABLE = /^[\x20-\x7e]*$/;

export type EventFiles = {
  /** The log as one file, once a finished run was packed; null before. */
  readonly parquet: string | null;
  /** Segments to read: those found, or whole copies of those that end in the middle of a line. */
  readonly segments: readonly string[];
  /** Lines that were cut off. */
  readonly tornLines: number;
  /** The segments without lines that hold anything but printable ASCII, which no row does; and how many lines those are. */
  withoutNoise(): { readonly segments: readonly string[]; readonly lines: number };
  /** Removes the copies. */
  cleanUp(): void;
};

/** Looks through `<runDir>/events`. A folder without any is an empty log, not an error. */
export function findEventFiles(runDir: string): EventFiles {
  const dir = path.join(runDir, 'events');
  const names = listNames(dir);
  if (names.includes(PARQUET_FILE)) {
    return {
      parquet: path.join(dir, PARQUET_FILE),
      segments: [],
      tornLines: 0,
      withoutNoise: () => ({ segments: [], lines: 0 }),
      cleanUp: () => {},
    };
  }
  // A segment that was killed before its renaming still has whole lines in it.
  const found = names.filter((name) => name.endsWith('.csv') || name.endsWith('.csv.part')).sort();
  const segments: string[] = [];
  let copies: string | null = null;
  let tornLines = 0;
  const copyOf = (name: string, bytes: Uint8Array | string) => {
    copies ??= mkdtempSync(path.join(os.tmpdir(), 'roomrush-log-'));
    const copy = path.join(copies, name.replace(/\.part$/, ''));
    writeFileSync(copy, bytes);
    return copy;
  };
  for (const name of found) {
    const file = path.join(dir, name);
    const bytes = readFileSync(file);
    if (bytes.length === 0) continue;
    const end = bytes.lastIndexOf(0x0a) + 1;
    if (end === bytes.length && name.endsWith('.csv')) {
      segments.push(file);
      continue;
    }
    if (end < bytes.length) tornLines++;
    if (end === 0) continue;
    segments.push(copyOf(name, bytes.subarray(0, end)));
  }
  return {
    parquet: null,
    segments,
    tornLines,
    withoutNoise: () => {
      let dropped = 0;
      const clean = segments.map((file) => {
        const lines = readFileSync(file, 'latin1').split('\n');
        const kept = lines.filter((line) => PRINTABLE.test(line));
        dropped += lines.length - kept.length;
        return kept.length === lines.length ? file : copyOf(path.basename(file), kept.join('\n'));
      });
      return { segments: clean, lines: dropped };
    },
    cleanUp: () => {
      if (copies !== null) rmSync(copies, { recursive: true, force: true });
    },
  };
}

function listNames(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
