/** Stories by hand, row by row: what the crowd then says of itself. */
import { expect, test } from 'vitest';
import { LIVE_STATES, PHASES, Tally } from './tally.ts';

const OPTIONS = { mainRoom: 'main', surgeStartMs: 10_000, tailEndMs: 60_000 };

type More = { readonly room?: string; readonly cause?: string; readonly value?: number };

/** A crowd whose people are to come at given instants. */
function crowd() {
  const tally = new Tally(OPTIONS);
  const person = (personId: number, intendedMs: number) => {
    const row = (name: string, atMs: number, { room = 'main', cause, value }: More = {}) =>
      tally.note(
        { personId, intendedMs },
        { row: name, room, cause: cause ?? null, value: value ?? null },
        atMs,
      );
    const arrives = (slipMs = 0) => row('arrive', intendedMs + slipMs, { value: slipMs });
    /** Arrives, and is in at once. */
    const getsIn = () => {
      arrives();
      for (const name of ['dial', 'opened', 'asked', 'seated', 'in']) row(name, intendedMs + 1);
    };
    return { row, arrives, getsIn };
  };
  const counters = (nowMs = 100_000) => tally.counters(nowMs);
  const inState = () =>
    Object.fromEntries(
      LIVE_STATES.map((state) => [state, counters()[`crowd.${state}`]]).filter(([, count]) => count !== 0),
    );
  return { person, counters, inState };
}

test('a person is in one state after the other, and in one only', () => {
  const { person, inState } = crowd();
  const { row, arrives } = person(7, 11_000);
  expect(inState()).toEqual({});
  arrives();
  expect(inState()).toEqual({ arriving: 1 });
  row('dial', 11_001);
  row('opened', 11_002);
  row('asked', 11_003);
  expect(inState()).toEqual({ arriving: 1 });
  row('waiting', 11_010, { value: 3 });
  expect(inState()).toEqual({ queueing: 1 });
  row('seated', 12_000, { room: 'main-overflow-1' });
  expect(inState()).toEqual({ joining: 1 });
  row('in', 12_100, { room: 'main-overflow-1' });
  expect(inState()).toEqual({ overflow: 1 });
  row('moved', 13_000);
  expect(inState()).toEqual({ in: 1 });
  row('ejected', 14_000, { cause: 'pong-timeout' });
  row('dial', 14_200);
  row('waiting', 14_300, { value: 1 });
  row('seated', 15_000);
  expect(inState()).toEqual({ ejected: 1 });
  row('in', 15_100);
  expect(inState()).toEqual({ in: 1 });
  row('left', 20_000, { cause: 'goodbye' });
  expect(inState()).toEqual({ left: 1 });
});

test('stranded is who was thrown out, tried to come back, and gave up', () => {
  const { person, inState, counters } = crowd();
  const [tried, didNot, neverIn] = [person(1, 11_000), person(2, 11_000), person(3, 11_000)];
  tried.getsIn();
  tried.row('ejected', 12_000, { cause: 'pong-timeout' });
  tried.row('dial', 12_100);
  tried.row('failed', 13_000, { cause: 'join-timeout' });
  tried.row('gave-up', 13_000, { cause: 'tries' });
  didNot.getsIn();
  didNot.row('ejected', 12_000, { cause: 'connection-lost' });
  didNot.row('gave-up', 12_000, { cause: 'no-return' });
  neverIn.arrives();
  neverIn.row('gave-up', 12_000, { cause: 'refused' });
  expect(inState()).toEqual({ stranded: 1, 'given-up': 2 });
  expect(counters()).toMatchObject({ ejected: 2, ejectedPeople: 2, gaveUp: 3, firstIns: 2, attempts: 3 });
});

test('losses are counted by cause, each of a person, and people once; after the talk there are none', () => {
  const { person, counters, inState } = crowd();
  const { row, getsIn } = person(1, 11_000);
  getsIn();
  row('ejected', 12_000, { cause: 'pong-timeout' });
  row('in', 13_000);
  row('ejected', 14_000, { cause: 'pong-timeout' });
  row('in', 15_000);
  row('ejected', 16_000, { cause: 'media-lost' });
  row('in', 17_000);
  row('ejected', 60_001, { cause: 'server-restart' });
  const { ejected, ejectedPeople, ...others } = counters();
  expect([ejected, ejectedPeople]).toEqual([3, 1]);
  expect(Object.fromEntries(Object.entries(others).filter(([name]) => name.startsWith('ejected.')))).toEqual({
    'ejected.pong-timeout': 2,
    'ejected.media-lost': 1,
  });
  expect(inState()).toEqual({ ejected: 1 });
});

test('the phases of the try that got in first sum to the wait from the planned arrival', () => {
  const { person, counters } = crowd();
  const { row, arrives } = person(1, 11_000);
  arrives(5);
  row('dial', 11_005);
  row('opened', 11_020);
  row('failed', 11_500, { cause: 'join-timeout' });
  row('dial', 11_800);
  row('opened', 11_810);
  row('asked', 11_830);
  row('waiting', 11_870, { value: 9 });
  row('waiting', 11_900, { value: 8 });
  row('seated', 12_370);
  row('ice', 12_400);
  row('dtls', 12_460);
  row('first-audio', 12_500);
  row('in', 12_500);
  // A second time is no first one.
  row('dial', 20_000);
  row('in', 29_000);
  const told = counters();
  expect(Object.fromEntries(PHASES.map((phase) => [phase, told[`phaseMs.${phase}`]]))).toEqual({
    retries: 800,
    dial: 10,
    hallway: 20,
    signal: 40,
    queue: 500,
    ice: 30,
    dtls: 60,
    firstAudio: 40,
  });
  expect(told.firstIns).toBe(1);
});

test('rtp has neither ICE nor DTLS; who waited in the hallway dials and lists before the moment', () => {
  const { person, counters, inState } = crowd();
  const { row, arrives } = person(1, 11_000);
  row('dial', 8_000);
  row('opened', 8_010);
  row('browsed', 8_020, { value: 1 });
  expect(inState()).toEqual({});
  arrives(2);
  row('asked', 11_002);
  row('seated', 11_050);
  row('first-audio', 11_080);
  row('in', 11_080);
  const told = counters();
  expect(Object.fromEntries(PHASES.map((phase) => [phase, told[`phaseMs.${phase}`]]))).toEqual({
    retries: 0,
    dial: 0,
    hallway: 2,
    signal: 48,
    queue: 0,
    ice: 0,
    dtls: 0,
    firstAudio: 30,
  });
});

test('who goes to a parallel room has given up, and leaves nothing when leaving it', () => {
  const { person, counters, inState } = crowd();
  const { row, arrives } = person(1, 11_000);
  arrives();
  row('dial', 11_001);
  row('full', 11_010, { value: 500 });
  row('gave-up', 11_600, { cause: 'parallel' });
  row('parallel', 11_600, { room: 'parallel-1', value: 1 });
  row('left', 20_000, { room: 'parallel-1', cause: 'goodbye' });
  expect(inState()).toEqual({ 'given-up': 1 });
  expect(counters()).toMatchObject({ gaveUp: 1, left: 0 });
});

test('an answer counts within 2 s of the planned arrival, and a silence once they are over', () => {
  const { person, counters } = crowd();
  const quick = person(1, 11_000);
  const late = person(2, 11_000);
  const silent = person(3, 11_000);
  const guess = person(4, 11_000);
  const calm = person(5, 9_000);
  for (const { arrives } of [quick, late, silent, guess, calm]) arrives();
  quick.row('full', 12_999, { value: 300 });
  // No time to retry is no answer.
  guess.row('full', 11_100);
  expect(counters(12_999)).toMatchObject({ answeredWithin2s: 1, answerOverdue: 0 });
  late.row('waiting', 13_001, { value: 1 });
  expect(counters(13_050)).toMatchObject({ answeredWithin2s: 1, answerOverdue: 1 });
  expect(counters(13_100)).toMatchObject({ answeredWithin2s: 1, answerOverdue: 3 });
  // An answer that comes then changes nothing, nor does a second one.
  silent.row('seated', 14_000);
  quick.row('seated', 14_000);
  expect(counters()).toMatchObject({ answeredWithin2s: 1, answerOverdue: 3 });
});

test('a row that is told after its instant is counted as it happened', () => {
  const { person, counters } = crowd();
  person(1, 11_000).arrives();
  expect(counters(20_000).answerOverdue).toBe(1);
  person(1, 11_000).row('seated', 11_200);
  const other = person(2, 11_050);
  other.arrives();
  other.row('seated', 11_300);
  expect(counters(20_000)).toMatchObject({ answeredWithin2s: 2, answerOverdue: 0 });
});

test('late is who set out more than 50 ms after their instant', () => {
  const { person, counters } = crowd();
  person(1, 11_000).arrives(50);
  person(2, 11_000).arrives(50.1);
  expect(counters().late).toBe(1);
});
