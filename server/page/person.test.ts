/** What a person's page does by itself between two presses of a button. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encodeFrame, FROM_SERVER } from '../protocol/wire.ts';
import { openMemory } from './memory.ts';
import { Person } from './person.ts';
import type { PageEvent } from './room.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A browser's storage, as far as the page uses it. */
function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
}

/** A person with hands that write down what they are told to do; heartbeats and the hallway are left out. */
function somebody() {
  const did: string[] = [];
  const told: PageEvent[] = [];
  const hands = {
    dial: () => void did.push('dial'),
    send(frame: string) {
      if (frame[0] !== 'b' && frame[0] !== 'h') did.push(frame);
    },
    close: (how: string) => void did.push(`close ${how}`),
    connectMedia: () => void did.push('connect-media'),
    closeMedia: () => {},
    silence: () => {},
    audioStats: async () => null,
  };
  const person = new Person(hands, openMemory(storage(), storage()), (event) => told.push(event));
  const hear = (letter: string, head: object): void => person.frame(encodeFrame(letter as never, head));
  const asks = (): { attempt: number; ticket?: string }[] =>
    did.filter((one) => one[0] === 'a').map((one) => JSON.parse(one.slice(1)));
  return { person, did, told, hear, asks };
}

const SEATED = {
  ...{ room: 'main', seat: 3, resumed: false, ticket: 'one', heldForMs: 5_000, listeners: 1 },
  ...{ rosterPages: 0, media: null },
};

function seatedOne() {
  const one = somebody();
  one.person.opened();
  one.person.join('Ada');
  one.hear(FROM_SERVER.seated, SEATED);
  return one;
}

test('a guest has an id that no crowd numbers, the same as long as the tab lives', () => {
  const tab = storage();
  const { personId } = openMemory(storage(), tab);
  expect(personId).toBeGreaterThanOrEqual(2 ** 31);
  expect(personId).toBeLessThan(2 ** 32);
  expect(openMemory(storage(), tab).personId).toBe(personId);
});

test('thrown out, it dials again soon and asks once, with the newest ticket', () => {
  const { person, hear, did, asks } = seatedOne();
  hear(FROM_SERVER.ejected, { cause: 'room-closed', ticket: 'two', heldForMs: 5_000 });
  expect(did.at(-1)).toBe('close graceful');
  vi.advanceTimersByTime(750);
  expect(did.at(-1)).toBe('dial');
  person.opened();
  expect(asks()).toMatchObject([{ attempt: 1 }, { attempt: 2, ticket: 'two' }]);
  expect(asks()[0]).not.toHaveProperty('ticket');
});

test('displaced, it does not fight: nothing happens until the person wants it', () => {
  const { did, hear, person } = seatedOne();
  hear(FROM_SERVER.ejected, { cause: 'displaced', ticket: null, heldForMs: null });
  const before = did.length;
  vi.advanceTimersByTime(3_600_000);
  expect(did).toHaveLength(before);
  person.join('Ada');
  expect(did.at(-1)).toBe('dial');
});

test('displaced while it waits, it does not fight either', () => {
  const { did, hear, person } = somebody();
  person.opened();
  person.join('Ada');
  hear(FROM_SERVER.waiting, { ticket: 'place', position: 4, estimatedWaitMs: null, ticketLifeMs: 1 });
  hear(FROM_SERVER.bye, {});
  const before = did.length;
  vi.advanceTimersByTime(3_600_000);
  expect(did).toHaveLength(before);
});

test('where nobody answers it tries ever less often, and never gives up', () => {
  const { did, person } = somebody();
  const dials = (): number => did.filter((one) => one === 'dial').length;
  let answered = 0;
  /** How often it dials in this time, when each dial is refused. */
  const refuse = (ms: number): number => {
    const before = dials();
    for (let passedMs = 0; passedMs < ms; passedMs += 50) {
      vi.advanceTimersByTime(50);
      if (answered < dials()) {
        answered += 1;
        person.refused();
      }
    }
    return dials() - before;
  };
  const first = refuse(15_000);
  refuse(60_000);
  const late = refuse(60_000);
  expect(first).toBeGreaterThanOrEqual(3);
  expect(late).toBeGreaterThanOrEqual(2);
  expect(late).toBeLessThanOrEqual(8);
});

test('a full room is asked again on the same connection, after the time that it named', () => {
  const { asks, did, hear, person, told } = somebody();
  person.opened();
  person.join('Ada');
  hear(FROM_SERVER.full, { room: 'main', retryAfterMs: 4_000 });
  expect(told.at(-1)).toEqual({ type: 'tries-again', atMs: performance.now() + 4_000 });
  vi.advanceTimersByTime(3_999);
  expect(asks()).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(asks()).toHaveLength(2);
  expect(did.filter((one) => one === 'dial')).toHaveLength(1);
});

test('a server that says nothing any more is hung up on', () => {
  const { did, hear } = seatedOne();
  vi.advanceTimersByTime(9_000);
  hear(FROM_SERVER.heartbeat, { n: 1 });
  vi.advanceTimersByTime(9_000);
  expect(did).not.toContain('close abrupt');
  vi.advanceTimersByTime(2_000);
  expect(did).toContain('close abrupt');
});

test('who leaves says so, is not asked for again, and has no ticket left', () => {
  const { asks, did, person } = seatedOne();
  person.leave();
  expect(did.slice(-3)).toEqual(['q{}', 'close graceful', 'dial']);
  person.opened();
  vi.advanceTimersByTime(3_600_000);
  expect(asks()).toHaveLength(1);
  person.join('Ada');
  vi.advanceTimersByTime(1_000);
  person.opened();
  expect(asks().at(-1)).not.toHaveProperty('ticket');
});

test('a refused ticket is forgotten, and the ask that goes on without it is not repeated', () => {
  const { asks, hear, person } = seatedOne();
  person.closed();
  vi.advanceTimersByTime(750);
  person.opened();
  hear(FROM_SERVER.error, { code: 'ticket-expired', message: '' });
  expect(asks()).toHaveLength(2);
  person.closed();
  vi.advanceTimersByTime(1_500);
  person.opened();
  expect(asks().at(-1)).not.toHaveProperty('ticket');
});
