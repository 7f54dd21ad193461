/**
 * From rows to the lines of a story, in time order. Seconds of audio are condensed: a listener who sits and hears has a row
 * each second, and nothing happens. Pure.
 */
import type { Heard, StoryLine, StoryRow } from './story.ts';
import { heardWords, wordsOf } from './words.ts';

/** Rows that a listener has every second; the first is the one that counts the packets. */
const EACH_SECOND = new Set(['media', 'concealed', 'jitter-buffer', 'relay-lag']);

/** Rows that are about nobody, and that a story shows where they fall into it. */
export const NIGHT_ROWS = [
  'moment',
  'fault',
  'interrupted',
  'night-end',
  'room-opened',
  'room-closed',
  'worker-died',
  'worker-ready',
] as const;

/**
 * @param rows of one person in time order, and the night's own among them.
 * @param momentTitles titles of the night's moments, by id.
 */
export function linesOf(rows: readonly StoryRow[], momentTitles: ReadonlyMap<string, string>): StoryLine[] {
  const lines: StoryLine[] = [];
  let seconds: StoryRow[] = [];
  const close = () => {
    if (seconds.length > 0) lines.push(heardLine(seconds));
    seconds = [];
  };
  for (const row of betweenOwn(rows)) {
    if (EACH_SECOND.has(row.type)) {
      // A listener who goes silent, or hears again, is news.
      if (row.type !== 'media') continue;
      if (seconds.length > 0 && hears(seconds[0]!) !== hears(row)) close();
      seconds.push(row);
      continue;
    }
    close();
    const isNights = isOfNight(row);
    const { atMs, side, type, attempt, room, cause, value } = row;
    lines.push({
      atMs,
      column: isNights || side === 'rehearsal' ? 'night' : side,
      type,
      attempt,
      room,
      cause,
      value,
      heard: null,
      text: wordsOf(row, isNights, momentTitles),
    });
  }
  close();
  return lines;
}

/** What was counted over these seconds; null: none was. */
export function heardIn(rows: readonly StoryRow[]): Heard | null {
  const seconds = rows.filter(({ type }) => type === 'media');
  if (seconds.length === 0) return null;
  return {
    seconds: seconds.length,
    packets: sum(seconds.map(({ value }) => value)),
    lost: sum(seconds.map(({ lost }) => lost)),
    longestGapMs: largest(seconds.map(({ longestGapMs }) => longestGapMs)),
    lateMsMax: largest(seconds.map(({ lateMs }) => lateMs)),
    jitterMsMax: largest(seconds.map(({ jitterMs }) => jitterMs)),
  };
}

function heardLine(seconds: readonly StoryRow[]): StoryLine {
  const heard = heardIn(seconds)!;
  const { atMs, attempt, room } = seconds[0]!;
  const text = heardWords(heard);
  return { atMs, column: 'listener', type: 'media', attempt, room, cause: null, value: null, heard, text };
}

/** The night's rows before and after somebody's own say nothing of them. */
function betweenOwn(rows: readonly StoryRow[]): readonly StoryRow[] {
  const first = rows.findIndex((row) => !isOfNight(row));
  const last = rows.findLastIndex((row) => !isOfNight(row));
  return first < 0 ? [] : rows.slice(first, last + 1);
}

function isOfNight({ type }: StoryRow): boolean {
  return (NIGHT_ROWS as readonly string[]).includes(type);
}

function hears({ value }: StoryRow): boolean {
  return (value ?? 0) > 0;
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

function largest(values: readonly (number | null)[]): number | null {
  const counted = values.filter((value) => value !== null);
  return counted.length === 0 ? null : Math.max(...counted);
}
