/** What there is to see after what happened, without a page. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, FROM_LISTENER, FROM_SERVER } from '../protocol/wire.ts';
import { AUDIENCE_LISTED_MAX } from './audience.ts';
import { AT_FIRST, type PageEvent, type PageState, reduce } from './room.ts';
import { readSaid } from './said.ts';

const said = (letter: string, head: object, users?: readonly object[]): PageEvent => {
  const frame = encodeFrame(letter as never, head, users === undefined ? undefined : JSON.stringify(users));
  return { type: 'said', said: readSaid(frame)! };
};
const sent = (letter: string, head: object = {}): PageEvent => ({
  type: 'sent',
  frame: encodeFrame(letter as never, head),
});
const after = (...events: readonly PageEvent[]): PageState => events.reduce(reduce, AT_FIRST);
const user = (id: number) => ({ id, name: `p${id}` });
const users = (count: number, from = 1) => Array.from({ length: count }, (_, nth) => user(from + nth));

const SEATED = {
  ...{ room: 'main', seat: 3, resumed: false, ticket: 't', heldForMs: 5_000, listeners: 120, rosterPages: 2 },
  media: null,
};
const seated = said(FROM_SERVER.seated, SEATED, users(50));
const page = (nth: number, list: readonly object[], pages = 3) =>
  said(FROM_SERVER.roster, { room: 'main', page: nth, pages }, list);
const joined = (id: number, listeners: number) =>
  said(FROM_SERVER.presence, { kind: 'joined', listeners, user: user(id) });

test('from the hallway through the queue into the room', () => {
  const waiting = { ticket: 't', position: 2, estimatedWaitMs: 61_000, ticketLifeMs: 1_000 };
  const asked = after({ type: 'dialled' }, { type: 'opened' }, sent(FROM_LISTENER.ask));
  expect(asked).toMatchObject({ scene: 'joining', link: 'up', isReturning: false });
  const inQueue = reduce(asked, said(FROM_SERVER.waiting, waiting));
  expect(inQueue).toMatchObject({ scene: 'waiting', waiting: { position: 2, estimatedWaitMs: 61_000 } });
  expect(inQueue.polite).toEqual({ nth: 1, text: 'You are number 2 in the queue. About 61 seconds.' });
  const sooner = reduce(inQueue, said(FROM_SERVER.waiting, { ...waiting, ticket: null, estimatedWaitMs: 9 }));
  expect(sooner.polite).toBe(inQueue.polite);
  const inside = reduce(sooner, seated);
  expect(inside).toMatchObject({
    scene: 'room',
    waiting: null,
    seat: { seat: 3, nextPage: 1, sound: 'none' },
  });
});

test('pages come one after the other, and people who changed page stand in the list once', () => {
  const second = reduce(after(seated), page(1, users(50, 41)));
  expect(second.seat).toMatchObject({ nextPage: 2 });
  expect(second.seat!.audience).toHaveLength(90);
  const whole = reduce(second, page(2, users(30, 91)));
  expect(whole.seat).toMatchObject({ nextPage: null });
  expect(whole.seat!.audience.map(({ id }) => id)).toEqual(users(120).map(({ id }) => id));
});

test('whoever comes is listed where the list is whole, and counted always', () => {
  const part = reduce(after(seated), joined(900, 121));
  expect(part.seat!.listeners).toBe(121);
  expect(part.seat!.audience).toHaveLength(50);
  const whole = reduce(
    after(said(FROM_SERVER.seated, { ...SEATED, rosterPages: 0 }, users(2))),
    joined(900, 3),
  );
  expect(whole.seat!.audience.map(({ id }) => id)).toEqual([1, 2, 900]);
  const batch = { kind: 'batch', listeners: 2, joined: [user(7)], left: [1, 900] };
  expect(reduce(whole, said(FROM_SERVER.presence, batch)).seat!.audience.map(({ id }) => id)).toEqual([2, 7]);
});

test('a move keeps the sound and begins the audience anew; a roster of the old room is not for it', () => {
  const hearing = after(seated, { type: 'sound', sound: 'audible' });
  const head = { room: 'over-1', seat: 9, ticket: 'u', heldForMs: null, media: null };
  const moved = reduce(hearing, said(FROM_SERVER.moved, head));
  expect(moved.seat).toMatchObject({ room: 'over-1', seat: 9, sound: 'audible', audience: [], nextPage: 0 });
  expect(moved.polite.text).toBe('You were moved to an overflow room. The voice goes on.');
  expect(reduce(moved, page(1, users(50)))).toEqual(moved);
});

test.each([
  [said(FROM_SERVER.ejected, { cause: 'room-closed', ticket: 't', heldForMs: 3_000 }), 'out', 'room-closed'],
  [said(FROM_SERVER.ejected, { cause: 'displaced', ticket: null, heldForMs: null }), 'displaced', undefined],
  [{ type: 'closed' } as const, 'out', 'connection-lost'],
  [{ type: 'hung-up' } as const, 'out', 'pong-timeout'],
  [sent(FROM_LISTENER.bye), 'hallway', undefined],
  [said(FROM_SERVER.bye, {}), 'room', undefined],
])('out of the room by %j', (event, scene, cause) => {
  const state = reduce(after(seated), event);
  expect(state.scene).toBe(scene);
  expect(state.out?.cause).toBe(cause);
  expect(state.seat === null).toBe(scene !== 'room');
});

test('audio that is lost is why one hangs up', () => {
  const state = after(seated, { type: 'sound', sound: 'lost' }, { type: 'hung-up' });
  expect(state.out).toEqual({ cause: 'media-lost', heldForMs: null });
});

test('the reason for being out stays until one is in again, whatever the dials come to', () => {
  const out = after(seated, said(FROM_SERVER.ejected, { cause: 'worker-died', ticket: 't', heldForMs: 9 }));
  const tries = [{ type: 'dialled' }, { type: 'refused' }, { type: 'dialled' }, { type: 'opened' }] as const;
  const back = [...tries, sent(FROM_LISTENER.ask)].reduce(reduce, out);
  expect(back).toMatchObject({ scene: 'joining', isReturning: true });
  expect(reduce(back, { type: 'closed' }).out).toEqual({ cause: 'worker-died', heldForMs: 9 });
  expect(reduce(back, seated).out).toBe(null);
});

test('a profile that comes late or for somebody else is not shown', () => {
  const answer = (id: number) => said(FROM_SERVER.profile, { id, name: 'Grace', profile: null });
  const asked = after(seated, sent(FROM_LISTENER.profile, { id: 5 }));
  expect(reduce(asked, answer(6)).profile).toEqual({ id: 5, answer: null });
  expect(reduce(asked, answer(5)).profile!.answer!.name).toBe('Grace');
  expect([{ type: 'profile-closed' } as const, answer(5)].reduce(reduce, asked).profile).toBe(null);
});

test('what is no message is not read', () => {
  for (const text of ['', 'Z{}', 'S{', 'S{}', 'R{"room":"main","page":0,"pages":1}\n[{"id":1}]', 'Hnull'])
    expect(readSaid(text), text).toBe(null);
});

const anyEvent = fc.oneof(
  fc.constantFrom<PageEvent>(
    ...(['dialled', 'opened', 'refused', 'closed', 'hung-up', 'profile-closed'] as const).map((type) => ({
      type,
    })),
    seated,
    sent(FROM_LISTENER.ask),
    sent(FROM_LISTENER.bye),
    sent(FROM_LISTENER.profile, { id: 5 }),
    said(FROM_SERVER.bye, {}),
    said(FROM_SERVER.full, { room: 'main', retryAfterMs: null }),
    said(FROM_SERVER.waiting, { ticket: null, position: 1, estimatedWaitMs: null, ticketLifeMs: 1 }),
    said(FROM_SERVER.error, { code: 'unknown-room', message: '' }),
    said(FROM_SERVER.moved, { room: 'o', seat: 1, ticket: null, heldForMs: null, media: null }),
    said(FROM_SERVER.ejected, { cause: 'displaced', ticket: null, heldForMs: null }),
    said(FROM_SERVER.ejected, { cause: 'slow-client', ticket: null, heldForMs: null }),
    said(FROM_SERVER.hand, { raised: true, hands: 4 }),
  ),
  fc.integer({ min: 1, max: 400 }).map((id) => joined(id, id)),
  fc.integer({ min: 0, max: 4 }).map((nth) => page(nth, users(50, 50 * nth))),
);

test('whatever happens: a seat in the room only, a reason where one is out, nobody listed twice', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      const state = after(...events);
      expect(state.seat !== null).toBe(state.scene === 'room');
      expect(state.waiting !== null).toBe(state.scene === 'waiting');
      if (state.scene === 'out') expect(state.out).not.toBe(null);
      if (state.scene === 'hallway' || state.scene === 'room') expect(state.out).toBe(null);
      const ids = state.seat?.audience.map(({ id }) => id) ?? [];
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeLessThanOrEqual(AUDIENCE_LISTED_MAX);
    }),
  );
});
