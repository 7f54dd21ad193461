import { expect, test } from 'vitest';
import { getsIn, type HandRow, smallNight } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';

const people = (count: number) => Array.from({ length: count }, () => ({ intendedMs: 5_000 }));
const server = (ms: number, type: HandRow[2], personId: number | null, more: HandRow[4] = {}): HandRow => [
  ms,
  'server',
  type,
  personId,
  { attempt: 1, ...more },
];
const inAt = (personId: number, seated: number) =>
  getsIn(personId, { dial: seated - 20, opened: seated - 10, seated });
const ROOMS: readonly HandRow[] = [
  server(-500, 'room-opened', null, { room: 'main', value: 10 }),
  server(6_000, 'room-opened', null, { room: 'main-overflow-1', value: 5 }),
];
const arrived = (personId: number): HandRow => [5_000, 'listener', 'arrive', personId, { value: 0 }];

test('overtaking is counted by who waited longer, and a resumed seat overtakes nobody', async () => {
  const { admission } = await summaryOf({
    people: people(5),
    rows: [
      ...[0, 1, 2, 3, 4].map(arrived),
      server(5_000, 'waiting', 0, { value: 1 }),
      server(5_100, 'waiting', 1, { value: 2 }),
      server(5_200, 'waiting', 2, { value: 3 }),
      server(5_300, 'waiting', 3, { value: 4 }),
      server(6_000, 'seated', 0, { room: 'main', value: 1, cause: 'new' }),
      // 2 overtakes 1; 4 resumes a seat; 3 overtakes nobody but 1, who waits to the end.
      server(6_100, 'seated', 2, { room: 'main', value: 2, cause: 'new' }),
      server(6_150, 'held', 4, { value: 1_000 }),
      server(6_200, 'seated', 4, { room: 'main', value: 3, cause: 'resumed' }),
      server(6_300, 'seated', 3, { room: 'main', value: 4, cause: 'new' }),
      [26_000, 'listener', 'at-end', 1, { attempt: 1, cause: 'waiting' }],
    ],
  });
  expect(admission).toMatchObject({ fifoInversions: 2, queued: 4, replayedTickets: 0 });
});

test('first come, first served has no inversion, and the told wait is compared with the real one', async () => {
  const { admission } = await summaryOf({
    people: people(2),
    rows: [
      ...[0, 1].map(arrived),
      server(5_000, 'waiting', 0, { value: 1 }),
      server(5_000, 'eta', 0, { value: 800 }),
      server(5_100, 'waiting', 1, { value: 2 }),
      server(5_100, 'eta', 1, { value: 1_000 }),
      server(6_000, 'seated', 0, { room: 'main', value: 1, cause: 'new' }),
      server(6_000, 'seated', 1, { room: 'main', value: 2, cause: 'new' }),
    ],
  });
  expect(admission).toMatchObject({ fifoInversions: 0, etaErrorMs: (200 + 100) / 2 });
});

test('a ticket that is accepted although nothing was lost is a replay', async () => {
  const seat = { room: 'main', value: 1 };
  const { admission } = await summaryOf({
    people: people(1),
    rows: [
      arrived(0),
      server(5_000, 'seated', 0, { ...seat, cause: 'new' }),
      server(5_500, 'ejected', 0, { cause: 'connection-lost' }),
      server(6_000, 'seated', 0, { ...seat, cause: 'resumed' }),
      server(7_000, 'seated', 0, { ...seat, cause: 'resumed' }),
      server(8_000, 'ticket-refused', 0, { cause: 'ticket-replayed' }),
    ],
  });
  expect(admission).toMatchObject({ replayedTickets: 1, ticketsRefused: 1 });
});

test('a seat is leaked when its listener is gone for longer than every timeout', async () => {
  const night = smallNight();
  const scenario = smallNight({
    server: { ...night.server, heartbeatMissedMs: 3_000, seatHoldMs: 4_000, ticketLifeMs: 2_000 },
  });
  const { admission } = await summaryOf({
    scenario,
    people: people(5),
    rows: [
      ...[0, 1, 2, 3, 4].flatMap((personId) => inAt(personId, 6_000 + personId)),
      // Gone at 10 s and never released: 7 s of timeouts and 2 s more end at 19 s, the night at 26 s.
      [10_000, 'listener', 'left', 0, { attempt: 1, cause: 'silent' }],
      // Released in time.
      [10_000, 'listener', 'left', 1, { attempt: 1, cause: 'silent' }],
      server(14_000, 'released', 1, { room: 'main', value: 2, cause: 'expired' }),
      // Gone too late to tell.
      [20_000, 'listener', 'left', 2, { attempt: 1, cause: 'silent' }],
      // Thrown out and back in the same seat.
      [10_000, 'listener', 'ejected', 3, { attempt: 1, cause: 'connection-lost', room: 'main' }],
      ...getsIn(3, { dial: 10_500, opened: 10_510, seated: 10_520 }, { attempt: 2 }),
      // Promoted; the old seat is closed by the move.
      server(12_000, 'moved', 4, { room: 'main', value: 9 }),
      [12_001, 'listener', 'left', 4, { attempt: 1, cause: 'goodbye' }],
      server(12_002, 'released', 4, { room: 'main', value: 9, cause: 'left' }),
    ],
  });
  expect(admission).toMatchObject({ leakedSeats: 1, ghostSeats: 3 });
  // A resumed seat and a promotion are no new seats: five were taken, and each was released or is still there.
  expect(admission.seats).toEqual({ taken: 5, held: 0, released: 2, expired: 1, atEnd: 3 });
});

test('tickets are counted as they are issued, used and refused', async () => {
  const { admission } = await summaryOf({
    people: people(1),
    rows: [
      arrived(0),
      server(5_000, 'tickets-issued', null, { value: 2 }),
      server(6_000, 'tickets-issued', null, { value: 1 }),
      server(5_500, 'ticket-redeemed', 0, { cause: 'one' }),
      server(5_600, 'ticket-refused', 0, { cause: 'ticket-replayed' }),
    ],
  });
  expect(admission).toMatchObject({ ticketsIssued: 3, ticketsRedeemed: 1, ticketsRefused: 1 });
});

const TAIL_END: readonly HandRow[] = [
  ...ROOMS,
  server(23_500, 'seats-taken', null, { room: 'main', value: 9 }),
  server(23_500, 'seats-taken', null, { room: 'main-overflow-1', value: 3 }),
  server(24_500, 'seats-taken', null, { room: 'main', value: 0 }),
];

test('seats filled: of the open rooms, at the end of the tail, while people wait', async () => {
  const { admission } = await summaryOf({
    people: people(1),
    rows: [arrived(0), ...TAIL_END, server(23_500, 'queue', null, { value: 4 })],
  });
  expect(admission.seatsFilledShare).toBe(12 / 15);
});

test('seats filled: all that are wanted, where nobody waits', async () => {
  const { admission } = await summaryOf({
    people: people(1),
    rows: [...inAt(0, 6_000), ...TAIL_END, server(23_500, 'queue', null, { value: 0 })],
  });
  expect(admission.seatsFilledShare).toBe(1);
});

test('seats filled: whoever refuses everybody has no queue, and does not pass by that', async () => {
  const refused = [0, 1, 2].flatMap((personId): HandRow[] => [
    arrived(personId),
    [9_000, 'listener', 'gave-up', personId, { attempt: 1, cause: 'refused' }],
  ]);
  const { admission } = await summaryOf({
    people: people(3),
    rows: [
      ...refused,
      ...ROOMS,
      server(23_500, 'seats-taken', null, { room: 'main', value: 0 }),
      server(23_500, 'queue', null, { value: 0 }),
    ],
  });
  expect(admission.seatsFilledShare).toBe(0);
});

test('another target writes no rows: its inside is not known, and says why', async () => {
  const {
    admission,
    server: cost,
    verdict,
  } = await summaryOf({
    people: people(1),
    record: { target: 'ws://127.0.0.1:9/signal' },
    healthy: false,
    rows: [
      [0, 'rehearsal', 'night-start', null],
      ...inAt(0, 5_500).filter(([, side]) => side === 'listener'),
      [26_000, 'listener', 'at-end', 0, { attempt: 1, cause: 'in' }],
      [26_000, 'rehearsal', 'night-end', null],
    ],
  });
  expect(admission).toMatchObject({ overAdmitted: null, leakedSeats: null, seatsFilledShare: null });
  expect(admission.reason).toContain('another target');
  expect(cost.reason).toContain('another target');
  expect(verdict.result).toBe('pass');
  expect(verdict.objectives.find(({ id }) => id === 'seats-filled')).toMatchObject({ pass: null });
});
