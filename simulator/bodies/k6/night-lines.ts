/**
 * A night as k6 is told it: one file of JSON lines, the head first and then a line a person. Both ways stand here,
 * because k6 runs this module as it is and has neither zod nor the plan: it imports nothing but types. What JSON has
 * no number for (NaN: never) is null in the file and NaN again once it is read.
 */
import type { ListenerRules, ListenerTraits } from '../../listener/listener.ts';
import type { Person } from '../../plan/person.ts';

const NIGHT_SCHEMA = 'roomrush/k6-night@1';

export type NightHead = {
  readonly schema: typeof NIGHT_SCHEMA;
  /** Id of the scenario. */
  readonly scenario: string;
  readonly seed: number;
  readonly planDigest: string;
  /** ws://... of the server's /signal. */
  readonly target: string;
  /** Lines that follow. */
  readonly people: number;
  readonly surgeStartMs: number;
  readonly nightEndMs: number;
  readonly rules: ListenerRules;
  /** k6's thresholds, by its metric. */
  readonly thresholds: Readonly<Record<string, readonly string[]>>;
  /** Objectives that k6 has nothing to judge by. */
  readonly unjudged: readonly string[];
};

/** One person: what their listener is like, and when they come. */
export type NightPerson = ListenerTraits & Pick<Person, 'hallwayAtMs' | 'seed' | 'cohort'>;

/** A head without what this module knows by itself. */
export function headLine(head: Omit<NightHead, 'schema'>): string {
  return JSON.stringify({ schema: NIGHT_SCHEMA, ...head });
}

export function personLine(person: NightPerson): string {
  return JSON.stringify(person);
}

/**
 * Checks the lines of a file and takes its head.
 *
 * @throws Error when it is another kind of file, or not whole.
 */
export function readHead(lines: readonly string[]): NightHead {
  const head = readObject(lines[0] ?? '');
  if (head === null || head['schema'] !== NIGHT_SCHEMA) {
    throw new Error(
      `expected a night's file whose first line says "schema":"${NIGHT_SCHEMA}", got ${(lines[0] || 'an empty file').slice(0, 80)}`,
    );
  }
  const people = lines.length - 1;
  if (head['people'] !== people) {
    throw new Error(
      `the night's file says ${head['people']} people and has lines for ${people}: it was cut off, write it anew`,
    );
  }
  return head as NightHead;
}

/** @throws Error when a line is not a person. */
export function readPerson(line: string): NightPerson {
  const person = readObject(line);
  if (person === null || typeof person['personId'] !== 'number' || typeof person['name'] !== 'string') {
    throw new Error(`expected a person of the night's file, got ${line.slice(0, 80)}`);
  }
  // The only fields of a person that may be null beside those that are no numbers at all.
  for (const [name, value] of Object.entries(person)) {
    if (value === null && name.endsWith('Ms')) person[name] = Number.NaN;
  }
  return person as NightPerson;
}

function readObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
