import { describe, expect, test } from 'vitest';
import { listenerMessages, type MediaOffer } from '../../server/protocol/messages.ts';
import { person } from './testing/person.ts';

const offer = { mid: '0' } as MediaOffer;

describe('joining', () => {
  test('a listener without media is in at the seat', () => {
    const { listener, at, says, opens, rows, timerOf, seatedHead } = person();
    expect(timerOf(at(1_010, { type: 'arrive' }), 'start-patience')).toMatchObject({ inMs: 30_000 });
    expect(opens(1_020)).toContainEqual({
      type: 'send',
      letter: 'a',
      head: { v: 1, personId: 42, name: 'Ada', attempt: 1, room: 'main', media: 'none' },
    });
    const effects = says(1_030, 'seated', seatedHead(7));
    expect(timerOf(effects, 'stay')).toMatchObject({ inMs: 600_000 });
    expect(timerOf(effects, 'end')).toMatchObject({ inMs: 101_970 });
    expect(listener.phase).toBe('in');
    expect(rows()).toEqual(['arrive', 'dial', 'opened', 'browsed', 'asked', 'seated:new', 'in']);
  });

  test('a listener with media is in at the first audio packet', () => {
    const { listener, at, says, rows, timerOf, seatedHead, arrive } = person({}, true);
    arrive();
    const effects = says(1_030, 'seated', seatedHead(7, false, offer));
    expect(effects).toContainEqual({ type: 'connect-media', offer });
    expect(timerOf(effects, 'media')).toMatchObject({ inMs: 10_000 });
    const fingerprint = { algorithm: 'sha-256', value: 'AA' } as const;
    expect(at(1_040, { type: 'media-answer', answer: { fingerprint } })).toEqual([
      { type: 'send', letter: 'c', head: { fingerprint } },
    ]);
    at(1_050, { type: 'ice', tNs: null });
    at(1_060, { type: 'dtls', tNs: null });
    expect(listener.phase).toBe('seated');
    at(1_070, { type: 'first-audio', tNs: 99n });
    expect(rows().slice(5)).toEqual(['seated:new', 'ice', 'dtls', 'first-audio', 'in']);
    expect(listener.phase).toBe('in');
  });

  test('silence where audio was promised loses the seat', () => {
    const { at, says, rows, seatedHead, arrive } = person({}, true);
    arrive();
    says(1_030, 'seated', seatedHead(7, false, null));
    expect(at(11_030, { type: 'timer', kind: 'media' })).toContainEqual({ type: 'close-media' });
    expect(rows().at(-1)).toBe('ejected:media-lost');
  });

  test('the queue: patience runs from the first position, also over a reconnection', () => {
    const { at, says, opens, rows, timerOf, arrive } = person();
    const position = (nowMs: number, place: number) =>
      says(nowMs, 'waiting', {
        ticket: place === 9 ? 'queued' : null,
        position: place,
        estimatedWaitMs: null,
        ticketLifeMs: 20_000,
      });
    arrive();
    expect(timerOf(position(2_000, 9), 'queue-patience')).toMatchObject({ inMs: 20_000 });
    expect(position(3_000, 8)).toEqual([]);
    at(4_000, { type: 'closed' });
    at(4_200, { type: 'timer', kind: 'retap' });
    expect(opens(4_300)).toContainEqual(
      expect.objectContaining({
        letter: 'a',
        head: expect.objectContaining({ ticket: 'queued', attempt: 2 }),
      }),
    );
    expect(timerOf(position(5_000, 8), 'queue-patience')).toMatchObject({ inMs: 17_000 });
    const effects = at(22_000, { type: 'timer', kind: 'queue-patience' });
    expect(effects).toContainEqual({ type: 'send', letter: 'q', head: {} });
    expect(effects.at(-1)).toEqual({ type: 'gone' });
    expect(rows().slice(5)).toEqual([
      'waiting',
      'failed:connection-lost',
      'dial',
      'opened',
      'browsed',
      'asked',
      'waiting',
      'gave-up:queue-patience',
    ]);
  });

  test('whoever hears nothing hangs up when patience is over, and taps again', () => {
    const silent = person();
    silent.at(1_010, { type: 'arrive' });
    const effects = silent.at(5_000, { type: 'timer', kind: 'start-patience' });
    expect(effects).toContainEqual({ type: 'close', how: 'abrupt' });
    expect(silent.timerOf(effects, 'retap')).toMatchObject({ inMs: 200 });
    expect(silent.rows()).toEqual(['arrive', 'dial', 'failed:impatient']);
    expect(
      silent.timerOf(silent.at(5_200, { type: 'timer', kind: 'retap' }), 'start-patience'),
    ).toMatchObject({ inMs: 30_000 });
  });

  test('any answer ends the patience with silence', () => {
    const told = person();
    told.arrive();
    told.says(2_000, 'full', { room: 'main', retryAfterMs: null });
    expect(told.at(31_000, { type: 'timer', kind: 'start-patience' })).toEqual([]);
  });
});

describe('tapping again', () => {
  test('at once, then at exponential intervals, until the tries are used up', () => {
    const { at, rows, timerOf } = person();
    at(1_000, { type: 'arrive' });
    expect(timerOf(at(1_100, { type: 'refused' }), 'retap')).toMatchObject({ inMs: 200 });
    at(1_300, { type: 'timer', kind: 'retap' });
    expect(timerOf(at(9_300, { type: 'timer', kind: 'join' }), 'retap')).toMatchObject({
      inMs: 2_000 * Math.LN2,
    });
    at(11_000, { type: 'timer', kind: 'retap' });
    expect(at(11_100, { type: 'closed' }).at(-1)).toEqual({ type: 'gone' });
    expect(rows()).toEqual([
      'arrive',
      'dial',
      'failed:connection-refused',
      'dial',
      'failed:join-timeout',
      'dial',
      'failed:connection-lost',
      'gave-up:tries',
    ]);
  });

  test('a told time is waited for, and a last no is a refusal', () => {
    const { at, says, opens, rows, timerOf, arrive } = person();
    arrive();
    for (const nowMs of [2_000, 7_000]) {
      const effects = says(nowMs, 'full', { room: 'main', retryAfterMs: 4_000 });
      expect(timerOf(effects, 'retap')).toMatchObject({ inMs: 4_000 });
      at(nowMs + 4_000, { type: 'timer', kind: 'retap' });
      opens(nowMs + 4_010);
    }
    says(12_000, 'full', { room: 'main', retryAfterMs: null });
    expect(rows().slice(-3)).toEqual(['full', 'failed:full', 'gave-up:refused']);
  });

  test('a refused ticket is not shown again', () => {
    const { at, says, opens, getIn, listener } = person();
    getIn();
    at(2_000, { type: 'closed' });
    at(2_200, { type: 'timer', kind: 'retap' });
    opens(2_210);
    expect(listener.ticket).toBe('ticket-7');
    says(2_220, 'error', { code: 'ticket-expired', message: '' });
    expect(listener.ticket).toBe(null);
    expect(listener.phase).toBe('asking');
  });
});

describe('losing a seat', () => {
  test('every way has its cause, and the way back shows the ticket and counts its tries afresh', () => {
    const { at, says, opens, rows, timerOf, seatedHead, getIn } = person();
    getIn();
    at(11_020, { type: 'timer', kind: 'heartbeat' });
    const effects = at(16_020, { type: 'timer', kind: 'pong' });
    expect(effects).toContainEqual({ type: 'close', how: 'abrupt' });
    expect(timerOf(effects, 'retap')).toMatchObject({ inMs: 200 });
    for (const nowMs of [17_000, 18_000]) {
      at(nowMs, { type: 'timer', kind: 'retap' });
      at(nowMs + 1, { type: 'refused' });
    }
    at(19_000, { type: 'timer', kind: 'retap' });
    expect(opens(19_010)).toContainEqual(
      expect.objectContaining({ head: expect.objectContaining({ ticket: 'ticket-7', attempt: 4 }) }),
    );
    says(19_020, 'seated', seatedHead(7, true));
    says(20_000, 'ejected', { cause: 'slow-client', ticket: null, heldForMs: null });
    expect(rows().slice(7)).toEqual([
      'ejected:pong-timeout',
      'dial',
      'failed:connection-refused',
      'dial',
      'failed:connection-refused',
      'dial',
      'opened',
      'browsed',
      'asked',
      'seated:resumed',
      'in',
      'ejected:slow-client',
    ]);
  });

  test('an answer in time keeps the seat', () => {
    const { at, says, getIn, listener } = person();
    getIn();
    expect(at(11_020, { type: 'timer', kind: 'heartbeat' })).toContainEqual({
      type: 'send',
      letter: 'b',
      head: { n: 0 },
    });
    expect(says(11_040, 'heartbeat', { n: 0 })).toEqual([{ type: 'clear-timer', kind: 'pong' }]);
    expect(at(16_020, { type: 'timer', kind: 'pong' })).toEqual([]);
    expect(listener.phase).toBe('in');
  });

  test('whoever does not come back says so', () => {
    const { at, rows } = (() => {
      const one = person({ returns: false });
      one.getIn();
      return one;
    })();
    at(2_000, { type: 'closed' });
    expect(rows().slice(-2)).toEqual(['ejected:connection-lost', 'gave-up:no-return']);
  });
});

test('who takes their time after an ejection does so once, and not after a try', () => {
  const { at, opens, timerOf, getIn } = person({ returnDelayMs: 9_000 });
  getIn();
  expect(timerOf(at(2_000, { type: 'closed' }), 'retap')).toMatchObject({ inMs: 9_200 });
  at(11_200, { type: 'timer', kind: 'retap' });
  opens(11_210);
  expect(timerOf(at(12_000, { type: 'closed' }), 'retap')).toMatchObject({ inMs: 2_000 * Math.LN2 });
});

describe('the hand', () => {
  const raising = { type: 'timer', kind: 'hand' } as const;

  test('goes up once, so long after getting in', () => {
    const { at, says, opens, timerOf, seatedHead, rows } = person({ raisesHandAfterMs: 3_000 });
    at(1_010, { type: 'arrive' });
    opens(1_020);
    expect(timerOf(says(1_030, 'seated', seatedHead(7)), 'hand')).toMatchObject({ inMs: 3_000 });
    expect(at(4_030, raising)).toEqual([
      { type: 'send', letter: 'g', head: { raised: true } },
      expect.objectContaining({ row: 'hand', attempt: 1, room: 'main', value: 1 }),
    ]);
    expect(at(4_031, raising)).toEqual([]);
    at(5_000, { type: 'closed' });
    at(5_200, { type: 'timer', kind: 'retap' });
    opens(5_210);
    expect(timerOf(says(5_220, 'seated', seatedHead(8)), 'hand')).toBe(undefined);
    expect(rows().filter((row) => row === 'hand')).toHaveLength(1);
  });

  test('is forgotten with the seat', () => {
    const { at, getIn } = person({ raisesHandAfterMs: 3_000 });
    getIn();
    expect(at(2_000, { type: 'closed' })).toContainEqual({ type: 'clear-timer', kind: 'hand' });
    expect(at(4_030, raising)).toEqual([]);
  });

  test('waits for the first sound', () => {
    const { at, says, opens, timerOf, seatedHead } = person({ raisesHandAfterMs: 3_000 }, true);
    at(1_010, { type: 'arrive' });
    opens(1_020);
    expect(timerOf(says(1_030, 'seated', seatedHead(7)), 'hand')).toBe(undefined);
    expect(timerOf(at(1_200, { type: 'first-audio', tNs: null }), 'hand')).toMatchObject({ inMs: 3_000 });
  });

  test.each([Number.NaN, null as unknown as number])('stays down: %s', (raisesHandAfterMs) => {
    const { all, getIn } = person({ raisesHandAfterMs });
    getIn();
    expect(all.some((effect) => 'kind' in effect && effect.kind === 'hand')).toBe(false);
  });
});

test('a profile goes with every ask, and with the opening of a room', () => {
  const profile = {
    handle: 'ada_16',
    bio: 'مرحبا 👩‍🚀',
    avatar: 'data:image/svg+xml;base64,AAAA',
    locale: 'fa',
  };
  const { at, opens, says, all } = person({ profile, opensParallel: true });
  at(1_010, { type: 'arrive' });
  opens(1_020);
  says(1_030, 'full', { room: 'main', retryAfterMs: 10 });
  at(1_040, { type: 'timer', kind: 'retap' });
  opens(1_050);
  const heads = all.flatMap((effect) =>
    effect.type === 'send' && 'ao'.includes(effect.letter) ? [effect.head] : [],
  );
  expect(heads).toMatchObject([
    { room: 'main', profile },
    { title: 'The room of Ada', profile },
  ]);
  for (const [nth, head] of heads.entries())
    expect(listenerMessages[nth === 0 ? 'ask' : 'open'].parse(head)).toEqual(head);
});

describe('leaving', () => {
  test('with a goodbye, or without a word and with the socket left standing', () => {
    const polite = person();
    polite.getIn();
    expect(polite.at(50_000, { type: 'timer', kind: 'stay' })).toEqual(
      expect.arrayContaining([
        { type: 'send', letter: 'q', head: {} },
        { type: 'close', how: 'graceful' },
      ]),
    );
    const silent = person({ leavesSilently: true });
    silent.getIn();
    expect(silent.at(50_000, { type: 'timer', kind: 'end' })).toEqual([
      expect.objectContaining({ row: 'left', cause: 'silent' }),
      { type: 'silence' },
      { type: 'gone' },
    ]);
  });

  test('whoever gets in after the end leaves within what is left of it', () => {
    const { at, says, opens, timerOf, seatedHead } = person();
    at(103_000, { type: 'arrive' });
    opens(103_500);
    expect(timerOf(says(104_000, 'seated', seatedHead(1)), 'end')).toMatchObject({ inMs: 1_000 });
  });

  test('a move changes the room, not the state', () => {
    const { says, listener, getIn, rows } = person();
    getIn();
    says(5_000, 'moved', { room: 'overflow-1', seat: 3, ticket: 't', heldForMs: 1, media: null });
    expect(listener).toMatchObject({ phase: 'in', room: 'overflow-1', ticket: 't' });
    expect(rows().at(-1)).toBe('moved');
  });

  test('the end of the night finds everybody somewhere', () => {
    const states: [string, (one: ReturnType<typeof person>) => void][] = [
      ['joining', (one) => one.arrive()],
      ['in', (one) => one.getIn()],
      [
        'pausing',
        (one) => {
          one.arrive();
          one.at(2_000, { type: 'closed' });
        },
      ],
    ];
    for (const [cause, play] of states) {
      const one = person();
      play(one);
      expect(one.at(106_000, { type: 'night-end' })[0]).toMatchObject({ row: 'at-end', cause });
    }
  });
});
