/**
 * From a frame of the server to what a listener hears. There is no zod in k6: the letter, that the head is an object,
 * and the fields that a listener uses are checked by hand; the log of any other body's run has passed the whole schema.
 */
import { FROM_SERVER, splitFrame } from '../../../server/protocol/wire.ts';
import type { HeardMessage, ListenerEvent } from '../../../simulator/listener/events.ts';

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number';
const isFlag: Check = (value) => typeof value === 'boolean';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const isRoom: Check = (value) =>
  fits(value, { room: isText, kind: isText, listeners: isNumber, seats: orNull(isNumber) });

/** What a listener acts on, and the fields that it reads. */
const HEARD: Readonly<Record<HeardMessage, Readonly<Record<string, Check>>>> = {
  hallway: { rooms: (value) => Array.isArray(value) && value.every(isRoom) },
  waiting: { position: isNumber, ticket: orNull(isText) },
  seated: { room: isText, seat: isNumber, resumed: isFlag, ticket: orNull(isText) },
  moved: { room: isText, seat: isNumber, ticket: orNull(isText) },
  ejected: { cause: isText, ticket: orNull(isText) },
  full: { retryAfterMs: orNull(isNumber) },
  error: { code: isText },
  heartbeat: { n: isNumber },
};

const nameByLetter = new Map<string, string>(
  Object.entries(FROM_SERVER).map(([name, letter]) => [letter, name]),
);

/** The last list of rooms: in a surge everybody gets the same one. */
let lastHallway: { readonly text: string; readonly event: ListenerEvent } = {
  text: '',
  event: { type: 'garbage' },
};

/** @returns null for a message of the protocol that a listener does not act on. */
export function hear(text: string): ListenerEvent | null {
  const name = nameByLetter.get(text.slice(0, 1));
  if (name === undefined) return { type: 'garbage' };
  if (!(name in HEARD)) return null;
  if (name !== 'hallway') return read(name as HeardMessage, text);
  if (lastHallway.text !== text) lastHallway = { text, event: read('hallway', text) };
  return lastHallway.event;
}

function read(name: HeardMessage, text: string): ListenerEvent {
  let head: unknown;
  try {
    head = JSON.parse(splitFrame(text).head);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { type: 'garbage' };
  }
  if (!fits(head, HEARD[name])) return { type: 'garbage' };
  return { type: 'message', name, head } as ListenerEvent;
}

function fits(value: unknown, checks: Readonly<Record<string, Check>>): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.keys(checks).every((name) => checks[name]!(fields[name]));
}
