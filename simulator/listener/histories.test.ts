/** Invariants of the listener over random histories: whatever a server, a network and a clock do to it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EJECTION_CAUSES, type MediaOffer } from '../../server/protocol/messages.ts';
import { type Effect, TIMER_KINDS } from './effects.ts';
import type { ListenerEvent } from './events.ts';
import { createListener, type ListenerRules, type Phase } from './listener.ts';
import { step } from './step.ts';

const rules: ListenerRules = {
  room: 'main',
  heartbeatMs: 1_000,
  pongTimeoutMs: 500,
  joinTimeoutMs: 800,
  mediaTimeoutMs: 1_000,
  hallwayPollMs: 300,
  parallelRoomsMax: 2,
  retapFirstMs: 20,
  retapThenMeanMs: 200,
  triesMax: 4,
  tailEndMs: 10_000,
  leavingMs: 600,
};

const ticket = fc.option(fc.constantFrom('t1', 't2'));
const retryAfterMs = fc.option(fc.nat(500));
const media = fc.option(fc.constant({ mid: '0' } as MediaOffer));
const message = (name: string, head: fc.Arbitrary<object>) =>
  head.map((one) => ({ type: 'message', name, head: one }) as unknown as ListenerEvent);

const list = message(
  'hallway',
  fc.record({
    rooms: fc.array(
      fc.record({
        room: fc.constantFrom('parallel-1', 'parallel-2', 'main'),
        title: fc.constant('T'),
        kind: fc.constantFrom('parallel' as const, 'main' as const),
        listeners: fc.nat(3),
        seats: fc.option(fc.constant(3)),
      }),
      { maxLength: 4 },
    ),
  }),
);
const position = message('waiting', fc.record({ ticket, position: fc.integer({ min: 1, max: 9 }) }));
const seat = message(
  'seated',
  fc.record({
    room: fc.constant('main'),
    seat: fc.integer({ min: 1, max: 9 }),
    resumed: fc.boolean(),
    ticket,
    media,
  }),
);
const no = message('full', fc.record({ retryAfterMs }));

const event: fc.Arbitrary<ListenerEvent> = fc.oneof(
  fc.constantFrom<ListenerEvent>(
    { type: 'arrive' },
    { type: 'browse' },
    { type: 'opened' },
    { type: 'opened' },
    { type: 'refused' },
    { type: 'closed' },
    { type: 'garbage' },
    { type: 'media-lost' },
    { type: 'first-audio', tNs: null },
    { type: 'ice', tNs: null },
    { type: 'dtls', tNs: 1n },
    { type: 'media-answer', answer: { fingerprint: { algorithm: 'sha-256', value: 'AA' } } },
  ),
  fc.constantFrom(...TIMER_KINDS).map((kind): ListenerEvent => ({ type: 'timer', kind })),
  position,
  seat,
  message('moved', fc.record({ room: fc.constant('overflow-1'), seat: fc.constant(1), ticket, media })),
  message('ejected', fc.record({ cause: fc.constantFrom(...EJECTION_CAUSES), ticket })),
  list,
  no,
  message('error', fc.record({ code: fc.constantFrom('ticket-expired', 'wrong-state', 'bad-json') })),
  message('heartbeat', fc.record({ n: fc.nat(5) })),
);

/**
 * Something out of the blue; or, where there is an answer, what would come next if all went well, because by chance
 * alone hardly any history would come as far as a seat.
 */
const turn = fc.record({
  afterMs: fc.nat(300),
  event,
  answer: fc.option(fc.record({ list, answer: fc.oneof(position, seat, no) })),
});
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

function eventOf({ event: any, answer: apt }: Turn, phase: Phase): ListenerEvent {
  if (apt === null) return any;
  if (phase === 'dialing') return { type: 'opened' };
  if (phase === 'browsing') return apt.list;
  if (phase === 'asking' || phase === 'waiting') return apt.answer;
  if (phase === 'seated') return { type: 'first-audio', tNs: null };
  return phase === 'pausing' ? { type: 'timer', kind: 'retap' } : any;
}

const history = fc.record({
  media: fc.constantFrom('none' as const, 'webrtc' as const, 'rtp' as const),
  leavesSilently: fc.boolean(),
  returns: fc.boolean(),
  opensParallel: fc.boolean(),
  joinsParallel: fc.boolean(),
  raisesHandAfterMs: fc.constantFrom(Number.NaN, 0, 400),
  /** Events before the arrival, for whoever waits in the hallway; null: does not. */
  beforehand: fc.option(fc.array(turn, { maxLength: 8 })),
  events: fc.array(turn, { maxLength: 60 }),
});

/** Plays a history to its end and hands every effect out with the number of connections that are open. */
function play({
  media: kind,
  events,
  beforehand,
  ...traits
}: typeof history extends fc.Arbitrary<infer T> ? T : never) {
  const listener = createListener(
    {
      personId: 1,
      name: 'A',
      profile: null,
      intendedMs: 0,
      startPatienceMs: 3_000,
      queuePatienceMs: 2_000,
      stayMs: 5_000,
      returnDelayMs: 50,
      ...traits,
    },
    rules,
    kind,
  );
  const effects: Effect[] = [];
  let nowMs = 0;
  let open = 0;
  let openMax = 0;
  let done = 0;
  const take = (one: ListenerEvent) => {
    // What the network ends is no connection any more; a refusal or an end without one does not happen.
    if (one.type === 'closed' || one.type === 'refused') {
      if (open === 0 || listener.phase === 'gone') return;
      open--;
    }
    step(listener, one, nowMs, () => 0.5, effects);
    for (; done < effects.length; done++) {
      const effect = effects[done]!;
      if (effect.type === 'dial') open++;
      if (effect.type === 'close') open--;
      openMax = Math.max(openMax, open);
      expect(open).toBeGreaterThanOrEqual(0);
    }
  };
  if (beforehand !== null) {
    take({ type: 'browse' });
    for (const one of beforehand) {
      nowMs += one.afterMs;
      take(eventOf(one, listener.phase));
    }
  }
  take({ type: 'arrive' });
  for (const one of events) {
    nowMs += one.afterMs;
    take(eventOf(one, listener.phase));
  }
  nowMs += 20_000;
  take({ type: 'night-end' });
  return { listener, effects, openMax, open };
}

test('a listener always ends, once, with at most one connection at a time', () => {
  fc.assert(
    fc.property(history, (one) => {
      const { listener, effects, openMax, open } = play(one);
      expect(listener.phase).toBe('gone');
      expect(effects.filter((effect) => effect.type === 'gone')).toHaveLength(1);
      expect(effects.at(-1)).toEqual({ type: 'gone' });
      expect(openMax).toBeLessThanOrEqual(1);
      // Only a silent leaver's connection is left standing.
      expect(open).toBe(effects.some((effect) => effect.type === 'silence') ? 1 : 0);
    }),
    { numRuns: 2_000 },
  );
});

test('the rows tell one story: arrive, one end last, no ejection without a seat', () => {
  fc.assert(
    fc.property(history, (one) => {
      const rows = play(one).effects.flatMap((effect) => (effect.type === 'row' ? [effect] : []));
      const names = rows.map(({ row }) => row);
      const arrivedAt = names.indexOf('arrive');
      expect(names.lastIndexOf('arrive')).toBe(arrivedAt);
      // Whoever waits in the hallway dials and looks, and no more.
      expect(['dial', 'opened', 'browsed', 'failed']).toEqual(
        expect.arrayContaining(names.slice(0, arrivedAt)),
      );
      if (one.beforehand === null) expect(arrivedAt).toBe(0);
      const ends = rows.filter(({ row }) => row === 'gave-up' || row === 'left' || row === 'at-end');
      const asideAt = names.indexOf('parallel');
      if (asideAt < 0) {
        expect(ends).toHaveLength(1);
        expect(rows.at(-1)).toBe(ends[0]);
        expect(ends[0]!.cause).not.toBe('parallel');
      } else {
        expect(rows[asideAt - 1]).toMatchObject({ row: 'gave-up', cause: 'parallel' });
        expect(names.slice(0, asideAt - 1)).not.toContain('gave-up');
        expect([['left'], ['parallel-lost']]).toContainEqual(names.slice(asideAt + 1));
      }
      let hasSeat = false;
      let tries = 0;
      for (const [nth, { row }] of rows.slice(0, asideAt < 0 ? rows.length : asideAt).entries()) {
        if (row === 'dial' && nth > arrivedAt) {
          expect(hasSeat).toBe(false);
          expect(++tries).toBeLessThanOrEqual(rules.triesMax);
        }
        if (row === 'seated') {
          expect(hasSeat).toBe(false);
          hasSeat = true;
        }
        if (row === 'in' || row === 'moved' || row === 'ejected' || row === 'left')
          expect(hasSeat).toBe(true);
        if (row === 'failed') expect(hasSeat).toBe(false);
        if (row === 'ejected') {
          hasSeat = false;
          tries = 0;
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a hand is raised once at most, from a seat, by whoever raises hands', () => {
  let raised = 0;
  fc.assert(
    fc.property(history, (one) => {
      const { effects } = play(one);
      const rows = effects.flatMap((effect) => (effect.type === 'row' ? [effect.row] : []));
      const hands = effects.flatMap((effect) =>
        effect.type === 'send' && effect.letter === 'g' ? [effect.head] : [],
      );
      expect(rows.filter((row) => row === 'hand')).toHaveLength(hands.length);
      if (hands.length === 0) return;
      raised++;
      expect(hands).toEqual([{ raised: true }]);
      expect(one.raisesHandAfterMs).not.toBeNaN();
      const before = rows.slice(0, rows.indexOf('hand'));
      expect(before.lastIndexOf('in')).toBeGreaterThan(before.lastIndexOf('ejected'));
    }),
    { numRuns: 2_000, seed: 1 },
  );
  expect(raised).toBeGreaterThan(10);
});

test('the histories come as far as a seat and a parallel room', () => {
  const reached = { in: 0, parallel: 0, hallway: 0 };
  fc.assert(
    fc.property(history, (one) => {
      const names = play(one).effects.flatMap((effect) => (effect.type === 'row' ? [effect.row] : []));
      if (names.includes('in')) reached.in++;
      if (names.includes('parallel')) reached.parallel++;
      if (names.slice(0, names.indexOf('arrive')).includes('browsed')) reached.hallway++;
    }),
    { numRuns: 1_000, seed: 1 },
  );
  for (const times of Object.values(reached)) expect(times).toBeGreaterThan(20);
});
