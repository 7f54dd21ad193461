import { expect, test } from 'vitest';
import { getsIn, type HandRow } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';

const people = (count: number) => Array.from({ length: count }, () => ({ intendedMs: 5_000 }));
const inAt = (personId: number, seated = 5_020, attempt = 1) =>
  getsIn(personId, { dial: seated - 20, opened: seated - 10, seated }, { attempt });
const ejected = (
  ms: number,
  personId: number,
  cause: string,
  side: 'listener' | 'server' = 'listener',
  attempt = 1,
): HandRow => [ms, side, 'ejected', personId, { attempt, cause, room: 'main' }];

test('a listener thrown out twice is one person and two losses', async () => {
  const { ejections } = await summaryOf({
    people: people(2),
    rows: [
      ...inAt(0),
      ejected(6_000, 0, 'pong-timeout'),
      // Not in between: both losses belong to one absence.
      ...inAt(0, 7_000, 2).filter(([, , type]) => type !== 'in'),
      ejected(8_000, 0, 'connection-lost', 'listener', 2),
      ...inAt(0, 9_500, 3),
      ...inAt(1),
    ],
  });
  expect(ejections).toMatchObject({
    involuntary: 2,
    people: 1,
    involuntaryShare: 1 / 2,
    bySide: { listener: 2, server: 0 },
    returned: 1,
    stranded: 0,
    didNotTry: 0,
    rejoinAttempts: 2,
    returnMs: { p50: 3_500, p90: 3_500, p99: 3_500, samples: 1 },
  });
  expect(ejections.byCause).toMatchObject({ 'pong-timeout': 1, 'connection-lost': 1, displaced: 0 });
});

test('what both sides saw counts once, as the listener felt it', async () => {
  const { ejections } = await summaryOf({
    people: people(2),
    rows: [
      ...inAt(0),
      ejected(6_000, 0, 'pong-timeout'),
      ejected(9_000, 0, 'heartbeat-missed', 'server'),
      ...inAt(1),
      ejected(9_000, 1, 'slow-client', 'server'),
    ],
  });
  expect(ejections).toMatchObject({ involuntary: 2, people: 2, bySide: { listener: 1, server: 1 } });
  expect(ejections.byCause).toMatchObject({
    'pong-timeout': 1,
    'heartbeat-missed': 0,
    'slow-client': 1,
  });
});

test('who leaves is not thrown out, with a goodbye or without a word', async () => {
  const { ejections, admission } = await summaryOf({
    people: people(2),
    rows: [
      ...inAt(0),
      [6_000, 'listener', 'left', 0, { attempt: 1, cause: 'silent' }],
      ejected(9_000, 0, 'heartbeat-missed', 'server'),
      ...inAt(1),
      [6_000, 'listener', 'left', 1, { attempt: 1, cause: 'goodbye' }],
      ejected(6_001, 1, 'connection-lost', 'server'),
    ],
  });
  expect(ejections).toMatchObject({ involuntary: 0, people: 0, involuntaryShare: 0 });
  expect(admission.ghostSeats).toBe(1);
});

test('a seat whose answer reached nobody is a ghost, not an ejection', async () => {
  const { ejections, admission } = await summaryOf({
    people: people(1),
    rows: [
      ...inAt(0).filter(([, side, type]) => side === 'server' || type === 'arrive' || type === 'dial'),
      [9_000, 'listener', 'failed', 0, { attempt: 1, cause: 'join-timeout' }],
      ejected(9_500, 0, 'displaced', 'server'),
      ...inAt(0, 9_600, 2),
    ],
  });
  expect(ejections.involuntary).toBe(0);
  expect(admission.ghostSeats).toBe(1);
});

test('stranded: tried, or was about to, and was not in again', async () => {
  const { ejections } = await summaryOf({
    people: people(4),
    rows: [
      ...[0, 1, 2, 3].flatMap((personId) => inAt(personId)),
      ...[0, 1, 2, 3].map((personId) => ejected(6_000, personId, 'connection-lost')),
      // 0 tries in vain and gives up, 1 is pausing when the night ends, 2 does not come back, 3 does.
      [7_000, 'listener', 'dial', 0, { attempt: 2 }],
      [9_000, 'listener', 'dial', 0, { attempt: 3 }],
      [9_500, 'listener', 'gave-up', 0, { attempt: 3, cause: 'tries' }],
      [26_000, 'listener', 'at-end', 1, { attempt: 1, cause: 'pausing' }],
      [6_000, 'listener', 'gave-up', 2, { attempt: 1, cause: 'no-return' }],
      ...inAt(3, 6_500, 2),
    ],
  });
  expect(ejections).toMatchObject({
    people: 4,
    returned: 1,
    stranded: 2,
    didNotTry: 1,
    rejoinAttempts: 3,
    returnMs: { p50: 500, samples: 1 },
  });
});

test('losses after the end of the talk are not counted, nor what the server sees when all is over', async () => {
  const { ejections } = await summaryOf({
    people: people(2),
    rows: [
      ...inAt(0),
      ...inAt(1),
      ejected(24_500, 0, 'pong-timeout'),
      [26_000, 'listener', 'at-end', 1, { attempt: 1, cause: 'in' }],
      ejected(26_010, 1, 'server-restart', 'server'),
    ],
  });
  expect(ejections.involuntary).toBe(0);
});

test('nobody in: there is no share of nobody', async () => {
  const { ejections } = await summaryOf({
    people: people(1),
    rows: [[5_000, 'listener', 'arrive', 0, { value: 0 }]],
  });
  expect(ejections.involuntaryShare).toBeNull();
});
