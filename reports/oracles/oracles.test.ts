/** Every check on a log written by hand, where the answer is known beforehand. */
import { expect, test } from 'vitest';
import type { OracleFinding } from '../summary-schema.ts';
import { getsIn, type HandRow, type HandRun, smallNight } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';
import type { OracleName } from './index.ts';

const people = (count: number) => Array.from({ length: count }, () => ({ intendedMs: 5_000 }));
const server = (ms: number, type: HandRow[2], personId: number | null, more: HandRow[4] = {}): HandRow => [
  ms,
  'server',
  type,
  personId,
  { attempt: 1, ...more },
];
const listener = (ms: number, type: HandRow[2], personId: number, more: HandRow[4] = {}): HandRow => [
  ms,
  'listener',
  type,
  personId,
  { attempt: 1, ...more },
];
const inAt = (personId: number, seated: number, room = 'main') =>
  getsIn(personId, { dial: seated - 20, opened: seated - 10, seated }, { room });
const arrived = (personId: number) => listener(5_000, 'arrive', personId, { value: 0 });

async function finding(name: OracleName, run: HandRun): Promise<OracleFinding> {
  const { oracles } = await summaryOf(run);
  return oracles.find((oracle) => oracle.name === name)!;
}

test('over-admission: by every taking, with size and duration; moves and releases make room', async () => {
  const found = await finding('over-admission', {
    people: people(5),
    rows: [
      server(-500, 'room-opened', null, { room: 'main-overflow-1', value: 1 }),
      server(-500, 'room-opened', null, { room: 'parallel-1', value: 1 }),
      ...Array.from({ length: 9 }, (_, nth) => server(4_000 + nth, 'took', 100 + nth, { room: 'main' })),
      server(5_000, 'took', 0, { room: 'main' }),
      // The eleventh and the twelfth of ten; 1 s and 0.5 s later two leave.
      server(5_500, 'took', 1, { room: 'main' }),
      server(6_000, 'took', 2, { room: 'main' }),
      server(6_500, 'released', 0, { room: 'main', cause: 'left' }),
      server(7_000, 'released', 1, { room: 'main', cause: 'left' }),
      // Overflow is full with one, who is promoted before the next takes the seat.
      server(8_000, 'took', 3, { room: 'main-overflow-1' }),
      server(8_100, 'released', 2, { room: 'main', cause: 'left' }),
      server(8_100, 'moved', 3, { room: 'main' }),
      server(8_200, 'took', 4, { room: 'main-overflow-1' }),
      // A resumed seat is the same seat; a room of the listeners' own is no room of the control.
      server(8_300, 'took', 4, { room: 'main-overflow-1' }),
      server(9_000, 'took', 200, { room: 'parallel-1' }),
      server(9_000, 'took', 201, { room: 'parallel-1' }),
    ],
  });
  expect(found).toMatchObject({ violations: 2, worst: 2, worstUnit: 'seats', applicable: true });
  expect(found.detail).toBe('2 seats taken in a full room, at most 2 over it, for 1.5 s');
});

const waitsAndSeats = (lane: readonly (string | undefined)[]): HandRow[] => [
  ...[0, 1, 2, 3].flatMap((personId) => [
    arrived(personId),
    server(5_000 + 100 * personId, 'asked', personId, { room: 'main' }),
    server(5_001 + 100 * personId, 'waiting', personId, {
      value: personId + 1,
      ...(lane[personId] === undefined ? {} : { cause: lane[personId]! }),
    }),
  ]),
  // 3 overtakes 0, 1 and 2; 1 overtakes 0.
  server(6_000, 'seated', 3, { room: 'main', cause: 'new' }),
  server(6_100, 'seated', 1, { room: 'main', cause: 'new' }),
  server(6_200, 'seated', 0, { room: 'main', cause: 'new' }),
  server(6_300, 'seated', 2, { room: 'main', cause: 'new' }),
];

test('fifo-inversions: seatings, pairs and how many overtook one person', async () => {
  const found = await finding('fifo-inversions', { people: people(4), rows: waitsAndSeats([]) });
  expect(found).toMatchObject({ violations: 2, worst: 2, worstUnit: 'people' });
  expect(found.detail).toBe('2 seatings overtook somebody (4 pairs), at worst 2 of them one person');
});

test('fifo-inversions: across lanes it is allowed, within one it is not, and who has no lane is left out', async () => {
  const returning = 'returning';
  const found = await finding('fifo-inversions', {
    people: people(5),
    rows: [
      ...waitsAndSeats(['new', 'new', 'new', returning]),
      arrived(4),
      server(5_900, 'asked', 4, { room: 'main' }),
      server(5_901, 'seated', 4, { room: 'main', cause: 'new' }),
    ],
  });
  expect(found).toMatchObject({ violations: 1, worst: 1 });
});

test('fifo-inversions: whoever was lost and came back without a ticket stands where they asked anew', async () => {
  const rows = (ticket: readonly HandRow[], otherSeatedMs = 6_000): HandRow[] => [
    arrived(0),
    arrived(1),
    server(5_000, 'asked', 0, { room: 'main' }),
    server(5_000, 'waiting', 0, { value: 1 }),
    server(5_100, 'asked', 1, { room: 'main' }),
    server(5_100, 'waiting', 1, { value: 2 }),
    server(5_200, 'vanished', 0, { cause: 'connection-lost' }),
    server(5_300, 'asked', 0, { room: 'main', attempt: 2 }),
    ...ticket,
    server(5_301, 'waiting', 0, { value: 2, attempt: 2 }),
    server(otherSeatedMs, 'seated', 1, { room: 'main', cause: 'new' }),
    server(6_100, 'seated', 0, { room: 'main', cause: 'new', attempt: 2 }),
  ];
  expect(await finding('fifo-inversions', { people: people(2), rows: rows([]) })).toMatchObject({
    violations: 0,
  });
  const ticket = [server(5_300, 'ticket-redeemed', 0, { cause: 'one', attempt: 2 })];
  expect(await finding('fifo-inversions', { people: people(2), rows: rows(ticket) })).toMatchObject({
    violations: 1,
    worst: 1,
  });
  // Seated while the other was away.
  expect(await finding('fifo-inversions', { people: people(2), rows: rows(ticket, 5_250) })).toMatchObject({
    violations: 0,
  });
});

const toldAndWaited = (told: readonly number[], waited: readonly number[]): HandRow[] =>
  told.flatMap((eta, personId) => [
    arrived(personId),
    server(5_000 + personId, 'waiting', personId, { value: personId + 1 }),
    server(5_000 + personId, 'eta', personId, { value: eta }),
    server(5_000 + personId + waited[personId]!, 'seated', personId, { room: 'main', cause: 'new' }),
  ]);

test('estimated-wait: signed, and a single wrong guess is no violation', async () => {
  const found = await finding('estimated-wait', {
    people: people(3),
    rows: toldAndWaited([1_900, 2_100, 9_000], [2_000, 2_000, 2_000]),
  });
  expect(found).toMatchObject({ violations: 0, worst: 7_000, worstUnit: 'ms', toleranceMs: 1_000 });
  expect(found.detail).toBe('told minus real wait: median 100 ms, p95 7.00 s, over 3 people');
});

test('estimated-wait: waits that are told and are not so', async () => {
  const found = await finding('estimated-wait', {
    people: people(3),
    rows: toldAndWaited([4_000, 4_400, 2_000], [2_000, 2_200, 2_100]),
  });
  expect(found).toMatchObject({ violations: 2, worst: 2_200, toleranceMs: 1_050 });
  const silent = await finding('estimated-wait', {
    people: people(1),
    rows: [arrived(0), server(5_000, 'waiting', 0, { value: 1 })],
  });
  expect(silent).toMatchObject({ violations: 0, applicable: false });
  expect(silent.reason).toBe('of 1 person who waited, none was told a wait and got a seat');
});

test('seats-leaked: by how much longer than every timeout; a hold may be longer than the night says', async () => {
  const night = smallNight();
  const scenario = smallNight({
    server: { ...night.server, heartbeatMissedMs: 3_000, seatHoldMs: 4_000, ticketLifeMs: 2_000 },
  });
  const rows = [...inAt(0, 6_000), listener(10_000, 'left', 0, { cause: 'silent' })];
  const found = await finding('seats-leaked', { scenario, people: people(1), rows });
  // Gone at 10 s, 7 s of timeouts and 2 s more; the night ends at 26 s.
  expect(found).toMatchObject({ violations: 1, worst: 7, worstUnit: 's' });
  const held = [...rows, server(10_100, 'held', 0, { room: 'main', value: 15_000 })];
  expect(await finding('seats-leaked', { scenario, people: people(1), rows: held })).toMatchObject({
    violations: 0,
  });
});

test('ghosts are counted, with the longest, and are no violation', async () => {
  const found = await finding('ghosts', {
    people: people(2),
    rows: [
      ...inAt(0, 6_000),
      listener(10_000, 'left', 0, { cause: 'silent' }),
      server(13_000, 'ejected', 0, { room: 'main', cause: 'heartbeat-missed' }),
      // Whose answer reached nobody.
      arrived(1),
      server(7_000, 'took', 1, { room: 'main', value: 2 }),
      // A guest with the room page writes no rows.
      server(7_000, 'took', 2 ** 31, { room: 'main', value: 3 }),
    ],
  });
  expect(found).toMatchObject({ violations: 0, worst: 3, worstUnit: 's' });
  expect(found.detail).toBe(
    '2 seats with nobody in it for a while: 1 person left without a word, 1 person never heard of theirs',
  );
});

test('tickets-replayed: the same ticket twice, unless it was given back', async () => {
  const use = (ms: number, ticket: string) => server(ms, 'ticket-redeemed', 0, { cause: ticket });
  const found = await finding('tickets-replayed', {
    people: people(1),
    rows: [
      arrived(0),
      use(5_000, 'one'),
      use(6_000, 'two'),
      server(6_100, 'ticket-returned', 0, { cause: 'two' }),
      use(6_200, 'two'),
      use(7_000, 'one'),
      use(8_000, 'one'),
    ],
  });
  expect(found).toMatchObject({ violations: 2, worst: 2, worstUnit: 'times' });
});

test('waiting-and-seated: a position for somebody who has a seat', async () => {
  const found = await finding('waiting-and-seated', {
    people: people(3),
    rows: [
      ...inAt(0, 6_000),
      server(7_999, 'waiting', 0, { value: 1 }),
      // Lost the seat first.
      ...inAt(1, 6_000),
      server(7_000, 'ejected', 1, { room: 'main', cause: 'pong-timeout' }),
      server(7_500, 'waiting', 1, { value: 1 }),
      // A held seat that ran out is no place in the queue.
      ...inAt(2, 6_000),
      server(9_000, 'expired', 2, { room: 'main' }),
    ],
  });
  expect(found).toMatchObject({ violations: 1, worst: 2, worstUnit: 's' });
});

test('people-lost: stories without an end, and asks without an answer', async () => {
  const found = await finding('people-lost', {
    people: people(4),
    rows: [
      arrived(0),
      ...inAt(1, 6_000),
      listener(26_000, 'at-end', 1, { cause: 'in' }),
      // The ask is dropped: the listener hangs up and gives up.
      arrived(2),
      server(6_000, 'asked', 2, { room: 'main' }),
      server(8_500, 'vanished', 2, { cause: 'connection-lost' }),
      listener(9_000, 'gave-up', 2, { cause: 'tries' }),
      // Answered, and then gone.
      arrived(3),
      server(6_000, 'asked', 3, { room: 'main' }),
      server(6_000, 'full', 3, { room: 'main' }),
      listener(9_000, 'gave-up', 3, { cause: 'refused' }),
    ],
  });
  expect(found).toMatchObject({ violations: 2, worst: 2.5, worstUnit: 's', applicable: true });
  expect(found.detail).toBe('1 person without an end to their story, 1 person whose ask was never answered');
});

test('views-agree: one believes in a seat and the other does not, for longer than the tolerance', async () => {
  const found = await finding('views-agree', {
    people: people(5),
    rows: [
      listener(6_000, 'nap-max', 0, { value: 50 }),
      // One round trip is the 10 ms from the ask to the seat.
      ...[0, 1, 2, 3, 4].flatMap((personId) => inAt(personId, 6_000)),
      // The server throws 0 out and tells nobody.
      server(10_000, 'ejected', 0, { room: 'main', cause: 'slow-client' }),
      listener(13_000, 'ejected', 0, { cause: 'pong-timeout', room: 'main' }),
      // 1 notices a loss that the server has not: 2 s.
      listener(10_000, 'ejected', 1, { cause: 'connection-lost', room: 'main' }),
      server(12_000, 'released', 1, { room: 'main', cause: 'ejected' }),
      // 2 leaves without a word: a ghost.
      listener(10_000, 'left', 2, { cause: 'silent' }),
      server(14_000, 'ejected', 2, { room: 'main', cause: 'heartbeat-missed' }),
      // 3 says goodbye, within the tolerance; 4 is there to the end of the talk and after.
      listener(11_000, 'left', 3, { cause: 'goodbye' }),
      server(11_150, 'left', 3, { room: 'main', cause: 'goodbye' }),
      server(25_000, 'left', 4, { room: 'main', cause: 'goodbye' }),
      // A guest with the room page is there all the time, and writes no rows.
      server(7_000, 'took', 2 ** 32 - 1, { room: 'main', value: 9 }),
    ],
  });
  expect(found).toMatchObject({ violations: 2, worst: 3, worstUnit: 's', toleranceMs: 160 });
  expect(found.detail).toBe(
    '2 people for 5 s in all; only the server believed in the seat in 1 case, only the listener in 1',
  );
});

test('where the server wrote nothing, only the listeners can be asked; where the run stopped, not even they', async () => {
  const run: HandRun = {
    people: people(1),
    healthy: false,
    record: { target: 'ws://127.0.0.1:9/signal' },
    rows: [
      [0, 'rehearsal', 'night-start', null],
      ...inAt(0, 6_000).filter(([, side]) => side === 'listener'),
      [26_000, 'listener', 'at-end', 0, { attempt: 1, cause: 'in' }],
    ],
  };
  const whole = await summaryOf({ ...run, rows: [...run.rows, [26_000, 'rehearsal', 'night-end', null]] });
  expect(whole.oracles.filter(({ applicable }) => applicable).map(({ name }) => name)).toEqual([
    'people-lost',
  ]);
  const stopped = await summaryOf(run);
  expect(stopped.oracles.some(({ applicable }) => applicable)).toBe(false);
});
