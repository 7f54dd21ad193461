import { expect, test } from 'vitest';
import { getsIn, type HandRow } from '../testing/hand-log.ts';
import { measuredOf, summaryOf } from '../testing/summary-of.ts';

// Eight people: one incumbent, seven of the surge (which begins at 4 s), and one who never sets out.
const PEOPLE = [
  { intendedMs: 500, cohort: 'incumbent' },
  { intendedMs: 5_000 },
  { intendedMs: 5_100 },
  { intendedMs: 5_200 },
  { intendedMs: 5_300 },
  { intendedMs: 5_400 },
  { intendedMs: 5_500 },
  { intendedMs: 5_600 },
  { intendedMs: 24_500 },
];
const arrive = (personId: number, ms: number): HandRow => [ms, 'listener', 'arrive', personId, { value: 0 }];
const ROWS: readonly HandRow[] = [
  ...getsIn(0, { dial: 500, opened: 505, seated: 520 }),
  // Answered with a seat after 1.5 s.
  ...getsIn(1, { dial: 5_000, opened: 5_010, seated: 6_500 }),
  // Told to come back in 2 s, within 1 s; used up the tries on "full".
  arrive(2, 5_100),
  [6_000, 'listener', 'full', 2, { attempt: 1, value: 2_000 }],
  [9_000, 'listener', 'gave-up', 2, { attempt: 1, cause: 'refused' }],
  // Told "full" without a time: no answer. Gave up for another reason.
  arrive(3, 5_200),
  [5_300, 'listener', 'full', 3, { attempt: 1 }],
  [9_000, 'listener', 'gave-up', 3, { attempt: 1, cause: 'tries' }],
  // A position after 2.1 s is too late; still waiting at the end.
  arrive(4, 5_300),
  [7_400, 'listener', 'waiting', 4, { attempt: 1, value: 1 }],
  [26_000, 'listener', 'at-end', 4, { attempt: 1, cause: 'waiting' }],
  // The log ends in the middle of this one's story.
  arrive(5, 5_400),
  [5_401, 'listener', 'dial', 5, { attempt: 1 }],
  // Seated, and left before there was sound.
  arrive(6, 5_500),
  [5_600, 'listener', 'seated', 6, { attempt: 1, room: 'main', value: 3 }],
  [5_900, 'listener', 'left', 6, { attempt: 1, cause: 'goodbye' }],
  // Was in, and gave up later: that is joined.
  ...getsIn(7, { dial: 5_600, opened: 5_610, seated: 5_620 }),
  [8_000, 'listener', 'ejected', 7, { attempt: 1, cause: 'connection-lost' }],
  [8_000, 'listener', 'gave-up', 7, { attempt: 1, cause: 'no-return' }],
];

test('everybody who set out is in exactly one place', async () => {
  const { crowd } = await summaryOf({ people: PEOPLE, rows: ROWS });
  expect(crowd).toEqual({
    planned: 9,
    incumbents: 1,
    arrived: 8,
    joined: 3,
    gaveUp: 2,
    refused: 1,
    waitingAtEnd: 1,
    lost: 1,
    neverIn: 5,
    neverInShare: 5 / 8,
    surgeArrivals: 7,
    // 1, 2, 6 and 7; a "full" without a time and a position after 2.1 s are none.
    answeredWithin2sShare: 4 / 7,
  });
});

test('somebody without a row in the plan is not forgotten', async () => {
  const { crowd } = await summaryOf({ people: [], rows: [arrive(17, 5_000)] });
  expect(crowd).toMatchObject({ planned: 0, arrived: 1, lost: 1, neverIn: 1, answeredWithin2sShare: null });
});

test('the states of each second sum to those who have set out', async () => {
  const { charts } = await measuredOf({ people: PEOPLE, rows: ROWS });
  const at = (second: number) =>
    Object.fromEntries(
      Object.entries(charts.crowd)
        .map(([state, people]) => [state, people[second]] as const)
        .filter(([, people]) => people !== 0),
    );
  expect(at(0)).toEqual({});
  expect(at(1)).toEqual({ in: 1 });
  expect(at(5)).toEqual({ in: 1, arriving: 1 });
  expect(at(6)).toEqual({ in: 2, arriving: 5, left: 1 });
  expect(at(8)).toEqual({ in: 2, arriving: 3, queueing: 1, left: 1, 'given-up': 1 });
  expect(at(26)).toEqual({ in: 2, arriving: 1, queueing: 1, left: 1, 'given-up': 3 });
});
