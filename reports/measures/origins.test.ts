import { expect, test } from 'vitest';
import { getsIn, type HandPerson, type HandRow } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';

const NONE = {
  arrived: 0,
  joined: 0,
  neverIn: 0,
  ejectedPeople: 0,
  stranded: 0,
  handsRaised: 0,
  joinP50Ms: null,
  joinNotReached: false,
};
const at = (seated: number) => ({ dial: seated - 20, opened: seated - 10, seated });
const arrive = (personId: number): HandRow => [5_000, 'listener', 'arrive', personId, { value: 0 }];
const ejected = (ms: number, personId: number): HandRow => [
  ms,
  'listener',
  'ejected',
  personId,
  { attempt: 1, cause: 'pong-timeout', room: 'main' },
];
const gaveUp = (ms: number, personId: number, cause: string): HandRow => [
  ms,
  'listener',
  'gave-up',
  personId,
  { attempt: 2, cause },
];
const asks = (ms: number, personId: number, attempt = 2): HandRow => [
  ms,
  'listener',
  'dial',
  personId,
  { attempt, room: 'main' },
];

test('people by where they came from, never pooled over bodies', async () => {
  const people: HandPerson[] = [
    { intendedMs: 500, cohort: 'incumbent', body: 'webrtc' },
    { intendedMs: 5_000, origin: 'twitter', body: 'webrtc' },
    { intendedMs: 5_000, origin: 'twitter', body: 'webrtc' },
    { intendedMs: 5_000, origin: 'twitter', body: 'webrtc' },
    // Another body than the headline's: faster, and not in its median.
    { intendedMs: 5_000, origin: 'twitter', body: 'signal' },
    { intendedMs: 5_000, origin: 'followers', body: 'webrtc' },
    // Never sets out.
    { intendedMs: 24_000, origin: 'followers' },
  ];
  const { origins, crowd } = await summaryOf({
    people,
    rows: [
      ...getsIn(0, { dial: 500, opened: 505, seated: 520 }),
      [6_000, 'listener', 'hand', 0, { attempt: 1, room: 'main', value: 1 }],
      [6_001, 'server', 'hand', 0, { attempt: 1, room: 'main', value: 1 }],
      ...getsIn(1, at(6_000)),
      ...getsIn(2, at(7_000)),
      arrive(3),
      ...getsIn(4, at(5_050)),
      ejected(8_000, 4),
      asks(8_100, 4),
      arrive(5),
      // In no plan: of no origin.
      arrive(99),
    ],
  });
  expect(origins).toEqual({
    inside: { ...NONE, arrived: 1, joined: 1, handsRaised: 1 },
    twitter: {
      ...NONE,
      arrived: 4,
      joined: 3,
      neverIn: 1,
      ejectedPeople: 1,
      stranded: 1,
      joinP50Ms: 2_000,
    },
    followers: { ...NONE, arrived: 1, neverIn: 1, joinNotReached: true },
  });
  expect(crowd.arrived).toBe(7);
});

test('some who were stranded, and how their night went on', async () => {
  const people = Array.from({ length: 6 }, (_, nth) => ({
    intendedMs: 5_000,
    name: `Name ${nth}`,
    origin: nth === 4 ? ('followers' as const) : ('twitter' as const),
  }));
  const { strandedPeople, ejections } = await summaryOf({
    people,
    rows: [
      ...[0, 1, 2, 3, 4, 5].flatMap((id) => [...getsIn(id, at(5_500)), ejected(6_000 + 100 * id, id)]),
      asks(7_000, 0),
      asks(7_500, 0, 3),
      gaveUp(8_000, 0, 'tries'),
      asks(7_000, 1),
      [26_000, 'listener', 'at-end', 1, { attempt: 2, cause: 'waiting' }],
      // Back in, and thus not among them; nor who did not try.
      ...getsIn(2, at(7_000), { attempt: 2 }),
      gaveUp(6_300, 3, 'no-return'),
      asks(7_000, 4),
      gaveUp(9_000, 4, 'refused'),
      // The log ends in the middle.
      asks(7_000, 5),
    ],
  });
  expect(ejections.stranded).toBe(4);
  expect(strandedPeople).toEqual([
    {
      personId: 0,
      name: 'Name 0',
      origin: 'twitter',
      lostAtMs: 6_000,
      cause: 'pong-timeout',
      tries: 2,
      end: 'gave-up',
      endCause: 'tries',
      endAtMs: 8_000,
    },
    expect.objectContaining({ personId: 1, tries: 1, end: 'at-end', endCause: 'waiting', endAtMs: 26_000 }),
    expect.objectContaining({ personId: 4, origin: 'followers', endCause: 'refused', endAtMs: 9_000 }),
    expect.objectContaining({ personId: 5, end: null, endCause: null, endAtMs: null }),
  ]);
});

test('ten of them at most, and every origin has its turn', async () => {
  const people = Array.from({ length: 30 }, (_, nth) => ({
    intendedMs: 5_000,
    origin: nth < 28 ? ('inside' as const) : ('followers' as const),
  }));
  const { strandedPeople } = await summaryOf({
    people,
    rows: people.flatMap((_, id) => [...getsIn(id, at(5_500)), ejected(6_000 + id, id), asks(7_000, id)]),
  });
  expect(strandedPeople.map(({ personId }) => personId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 28, 29]);
});
