/** Invariants of the listener over random histories: whatever a server, a network and a clock do to it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EJECTION_CAUSES, type MediaOffer } from '../../server/protocol/messages.ts';
import { type Effect, TIMER_KINDS } from './effects.ts';
import type { ListenerEvent } from './events.ts';
import { createListener, type ListenerRules } from './listener.ts';
import { step } from './step.ts';

const rules: ListenerRules = {
  room: 'main',
  heartbeatMs: 1_000,
  pongTimeoutMs: 500,
  joinTimeoutMs: 800,
  mediaTimeoutMs: 1_000,
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

const event: fc.Arbitrary<ListenerEvent> = fc.oneof(
  fc.constantFrom<ListenerEvent>(
    { type: 'arrive' },
    { type: 'opened' },
    { type: 'opened' },
    { type: 'refused' },
    { type: 'closed' },
    { type: 'garbage' },
    { type: 'media-lost' },
    { type: 'first-audio', tNs: null },
    { type: 'ice', tNs: null },
    { type: 'dtls', tNs: 1n },
    { type: 'media-answer', fingerprint: { algorithm: 'sha-256', value: 'AA' } },
  ),
  fc.constantFrom(...TIMER_KINDS).map((kind): ListenerEvent => ({ type: 'timer', kind })),
  message('waiting', fc.record({ ticket, position: fc.integer({ min: 1, max: 9 }) })),
  message(
    'seated',
    fc.record({
      room: fc.constant('main'),
      seat: fc.integer({ min: 1, max: 9 }),
      resumed: fc.boolean(),
      ticket,
      media,
    }),
  ),
  message('moved', fc.record({ room: fc.constant('overflow-1'), seat: fc.constant(1), ticket, media })),
  message('ejected', fc.record({ cause: fc.constantFrom(...EJECTION_CAUSES), ticket })),
  message('full', fc.record({ retryAfterMs })),
  message('error', fc.record({ code: fc.constantFrom('ticket-expired', 'wrong-state', 'bad-json') })),
  message('heartbeat', fc.record({ n: fc.nat(5) })),
);

const history = fc.record({
  hasMedia: fc.boolean(),
  leavesSilently: fc.boolean(),
  returns: fc.boolean(),
  events: fc.array(fc.tuple(fc.nat(300), event), { maxLength: 60 }),
});

/** Plays a history to its end and hands every effect out with the number of connections that are open. */
function play({
  hasMedia,
  leavesSilently,
  returns,
  events,
}: typeof history extends fc.Arbitrary<infer T> ? T : never) {
  const listener = createListener(
    {
      personId: 1,
      name: 'A',
      intendedMs: 0,
      startPatienceMs: 3_000,
      queuePatienceMs: 2_000,
      stayMs: 5_000,
      leavesSilently,
      returns,
    },
    rules,
    hasMedia,
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
  take({ type: 'arrive' });
  for (const [afterMs, one] of events) {
    nowMs += afterMs;
    take(one);
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

test('the rows tell one story: arrive first, one end last, no ejection without a seat', () => {
  fc.assert(
    fc.property(history, (one) => {
      const rows = play(one).effects.flatMap((effect) => (effect.type === 'row' ? [effect] : []));
      expect(rows[0]?.row).toBe('arrive');
      const ends = rows.filter(({ row }) => row === 'gave-up' || row === 'left' || row === 'at-end');
      expect(ends).toHaveLength(1);
      expect(rows.at(-1)).toBe(ends[0]);
      let hasSeat = false;
      let tries = 0;
      for (const { row } of rows) {
        if (row === 'dial') {
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
