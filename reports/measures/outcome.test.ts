/** What the night was good for, on logs written by hand: fairness, goodput, recovery, rooms of the listeners' own. */
import { expect, test } from 'vitest';
import { getsIn, type HandRow, smallNight } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';

const inAt = (personId: number, seated: number) =>
  getsIn(personId, { dial: seated - 20, opened: seated - 10, seated });
const second = (ms: number, personId: number, packets: number): HandRow => [
  ms,
  'listener',
  'media',
  personId,
  { room: 'main', value: packets, lost: 0, gapMs: 60 },
];

test('fairness: waits over those who got in, by when they came', async () => {
  const { fairness } = await summaryOf({
    // Planned a second and more apart, but for 3, who is just behind 2, and 4, who never gets in.
    people: [5_000, 6_500, 8_000, 8_500, 9_000].map((intendedMs) => ({ intendedMs })),
    rows: [
      ...inAt(0, 9_000),
      ...inAt(1, 6_600),
      ...inAt(2, 10_000),
      ...inAt(3, 9_500),
      [9_000, 'listener', 'arrive', 4, { value: 0 }],
    ],
  });
  // Waits: 4 s, 0.1 s (counts as 1 s), 2 s, 1 s.
  expect(fairness).toEqual({
    jainIndex: 8 ** 2 / (4 * (16 + 1 + 4 + 1)),
    waitMs: { p50: 1_000, p95: 4_000, max: 4_000 },
    // Only 0, by 1: 3 came less than a second after 2.
    overtakenShare: 1 / 4,
    samples: 4,
  });
});

test('fairness of nobody is no figure', async () => {
  const { fairness } = await summaryOf({ people: [{ intendedMs: 5_000 }], rows: [] });
  expect(fairness).toEqual({
    jainIndex: null,
    waitMs: { p50: null, p95: null, max: null },
    overtakenShare: null,
    samples: 0,
  });
});

test('goodput: what was wanted is the plan, what was served is sound, or a seat where there is none', async () => {
  const { goodput } = await summaryOf({
    scenario: smallNight({
      server: { ...smallNight().server, frameMs: 20 },
    }),
    people: [
      // Wants 4 s; waits 1 s of them, and a seat after the end of the stay is not wanted.
      { intendedMs: 5_000, stayMs: 4_000 },
      // Wants to the end of the talk (24 s); is out from 10 s to 13 s, and leaves the last 4 s to nobody.
      { intendedMs: 14_000 },
      // With sound: half of the packets of one second, all of another, and one after the stay.
      { intendedMs: 5_000, stayMs: 3_000, body: 'webrtc' },
      // Never got in.
      { intendedMs: 20_000, stayMs: 2_000 },
    ],
    rows: [
      ...inAt(0, 6_000),
      ...inAt(1, 14_000),
      [16_000, 'listener', 'ejected', 1, { attempt: 1, cause: 'pong-timeout', room: 'main' }],
      ...getsIn(1, { dial: 18_980, opened: 18_990, seated: 19_000 }, { attempt: 2 }),
      ...inAt(2, 5_100),
      second(6_000, 2, 25),
      second(7_000, 2, 50),
      second(9_000, 2, 50),
      [20_000, 'listener', 'arrive', 3, { value: 0 }],
    ],
  });
  expect(goodput).toEqual({
    listenerSecondsWanted: 4 + 10 + 3 + 2,
    listenerSecondsServed: 3 + (2 + 5) + 1.5,
    share: 11.5 / 19,
  });
});

const onTime = (personId: number): HandRow[] => inAt(personId, 5_000);
const crowd = [0, 1].map(() => ({ intendedMs: 5_000 }));

test('recovery: from the surge until nobody is thrown out or left without an answer', async () => {
  // The surge ends at 5 s, with its last planned arrival; the talk at 24 s.
  expect((await summaryOf({ people: crowd, rows: [...onTime(0), ...onTime(1)] })).recovery).toEqual({
    ms: 0,
    metastable: false,
  });
  const { recovery } = await summaryOf({
    people: crowd,
    rows: [
      ...onTime(0),
      ...onTime(1),
      [8_300, 'listener', 'ejected', 1, { attempt: 1, cause: 'pong-timeout', room: 'main' }],
      // Outside until 11.5 s: the seconds that end at 9, 10 and 11 s are bad.
      ...getsIn(1, { dial: 11_000, opened: 11_100, seated: 11_500 }, { attempt: 2 }),
    ],
  });
  expect(recovery).toEqual({ ms: 6_000, metastable: false });
});

test('recovery: trouble that goes on when its cause is over is metastable, and an objective on it fails', async () => {
  const { recovery, verdict } = await summaryOf({
    scenario: smallNight({
      objectives: [
        { id: 'calm', title: 'Calm again', measure: 'recovery.ms', op: '<=', limit: 5_000, unit: 'ms' },
      ],
    }),
    people: crowd,
    rows: [
      ...onTime(0),
      ...onTime(1),
      [8_300, 'listener', 'ejected', 1, { attempt: 1, cause: 'pong-timeout', room: 'main' }],
    ],
  });
  expect(recovery).toEqual({ ms: null, metastable: true });
  expect(verdict.objectives).toMatchObject([
    { pass: false, reason: expect.stringContaining('never') as string },
  ]);
});

test('rooms of their own, who went there, and the lists that were asked for', async () => {
  const server = (
    ms: number,
    type: HandRow[2],
    personId: number | null,
    more: NonNullable<HandRow[4]>,
  ): HandRow => [ms, 'server', type, personId, more];
  const room = 'parallel-1';
  const {
    parallel,
    overflow,
    crowd: outcome,
  } = await summaryOf({
    people: [0, 1, 2].map(() => ({ intendedMs: 5_000 })),
    rows: [
      server(6_000, 'room-opened', null, { room, value: 3 }),
      ...[0, 1, 2].flatMap((personId): HandRow[] => [
        [5_000, 'listener', 'arrive', personId, { value: 0 }],
        server(6_100 + personId, 'took', personId, { room, attempt: 2 }),
        [6_200, 'listener', 'gave-up', personId, { attempt: 2, cause: 'parallel' }],
        [6_200, 'listener', 'parallel', personId, { attempt: 2, room, value: personId === 0 ? 1 : 0 }],
      ]),
      server(6_101.5, 'left', 0, { room, cause: 'goodbye', attempt: 2 }),
      server(6_000, 'hallway', null, { value: 4 }),
      server(7_000, 'hallway', null, { value: 9 }),
    ],
  });
  expect(parallel).toEqual({
    roomsOpened: 1,
    seatedMax: 2,
    aside: 3,
    hallwayRequests: 13,
    hallwayRequestsPerSecondMax: 9,
  });
  expect(overflow).toMatchObject({ roomsOpened: 0, seatedMax: 0 });
  expect(outcome).toMatchObject({ joined: 0, gaveUp: 3 });
});
