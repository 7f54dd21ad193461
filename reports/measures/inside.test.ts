import { expect, test } from 'vitest';
import { getsIn, type HandRow, joins } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';

/** One second of a counted listener at 60 ms frames: 16 packets and a bit. */
const media = (
  ms: number,
  personId: number,
  value: number,
  lost = 0,
  gapMs = 80,
  lateMs = 0,
  jitterMs?: number,
): HandRow => [
  ms,
  'listener',
  'media',
  personId,
  { value, lost, gapMs, lateMs, ...(jitterMs === undefined ? {} : { jitterMs }) },
];

function getsInWithMedia(personId: number, seatedMs: number, room = 'main'): HandRow[] {
  const who = { attempt: 1, room };
  return [
    ...joins(personId, { dial: seatedMs - 20, opened: seatedMs - 10, seated: seatedMs }, { room }),
    [seatedMs + 30, 'listener', 'first-audio', personId, who],
    [seatedMs + 30, 'listener', 'in', personId, who],
  ];
}

test('loss, gaps and lateness of those inside, in the baseline and in the surge', async () => {
  const incumbent = { intendedMs: 500, cohort: 'incumbent', body: 'webrtc' as const };
  const { incumbents } = await summaryOf({
    // Arrivals at 5 s and 13 s: the surge (95 % of its planned arrivals) ends with the last of twenty at 9 s.
    people: [
      incumbent,
      incumbent,
      incumbent,
      { intendedMs: 600, cohort: 'incumbent' },
      ...Array.from({ length: 19 }, () => ({ intendedMs: 9_000 })),
      { intendedMs: 13_000 },
    ],
    rows: [
      ...getsInWithMedia(0, 1_000),
      ...getsInWithMedia(1, 1_000),
      // Thrown out before the surge: no incumbent of it.
      ...getsInWithMedia(2, 1_000),
      [3_500, 'listener', 'ejected', 2, { attempt: 1, cause: 'media-lost', room: 'main' }],
      ...getsIn(3, { dial: 600, opened: 610, seated: 620 }),
      // Before the baseline (2 s): nothing.
      media(1_900, 0, 8, 8, 900, 910),
      media(2_500, 0, 16, 0, 65, 3, 9),
      media(3_000, 0, 15, 1, 120, 3.5, 2),
      media(3_500, 0, 16, 0, 65, 3, 3),
      media(3_000, 1, 16, 0, 70, -1.5, 4),
      media(5_000, 0, 14, 2, 180, 40, 7.5),
      // Neither loss nor gaps: what this one hears is only old.
      media(6_000, 1, 16, 0, 90, 650.5, 3),
      media(7_000, 1, 16, 0, 90, 600, 3.5),
      // A second without a packet has no jitter.
      media(8_000, 1, 0, 0, 170),
      media(7_000, 2, 1, 15, 700, 2_000),
      // After the surge: nothing.
      media(10_000, 0, 8, 8, 990, 3_000),
    ],
  });
  expect(incumbents).toEqual({
    plannedWithMedia: 3,
    count: 3,
    withMedia: 2,
    counted: 2,
    lossShareBefore: 1 / 64,
    lossShareSurge: 2 / 48,
    longestGapBeforeMs: 120,
    longestGapMs: 180,
    lateBeforeMs: 3.5,
    lateMs: 650.5,
    // Of the two with packets in the surge, the one who lost 2 of 16.
    harmedShare: 1 / 2,
    worstGapP99Ms: 180,
    listenerLossShareBefore: { p50: 0, p99: 1 / 48, worst: 1 / 48 },
    listenerLossShareSurge: { p50: 0, p99: 1 / 8, worst: 1 / 8 },
    listenerGapBeforeMs: { p50: 70, p99: 120, worst: 120 },
    listenerGapSurgeMs: { p50: 170, p99: 180, worst: 180 },
    // The median over each one's seconds: 3 and 4 before, 7.5 and 3 in the surge.
    jitterBeforeMs: { p50: 3, p99: 4, worst: 4 },
    jitterSurgeMs: { p50: 3, p99: 7.5, worst: 7.5 },
    jitterAddedMs: { p50: -1, p99: 4.5, worst: 4.5 },
  });
});

test('overflow: rooms, seats, lag, promotions, and who heard the host there', async () => {
  const hearsEverySecond = (personId: number, from: number, to: number, value: number) => {
    const rows: HandRow[] = [];
    for (let ms = from; ms <= to; ms += 1_000) rows.push(media(ms, personId, value, 0));
    return rows;
  };
  const overflow = 'main-overflow-1';
  const webrtc = { intendedMs: 5_000, body: 'webrtc' as const };
  const { overflow: measured } = await summaryOf({
    people: [webrtc, webrtc, webrtc, { intendedMs: 5_000 }],
    rows: [
      [-500, 'server', 'room-opened', null, { room: 'main', value: 10 }],
      [4_500, 'server', 'room-opened', null, { room: overflow, value: 5 }],
      [5_500, 'server', 'seats-taken', null, { room: overflow, value: 2 }],
      [6_500, 'server', 'seats-taken', null, { room: overflow, value: 4 }],
      [6_500, 'server', 'seats-taken', null, { room: 'main', value: 9 }],
      // 0 hears until the end, 1 stops hearing after a few seconds, 2 sits in the main room.
      ...getsInWithMedia(0, 5_100, overflow),
      ...hearsEverySecond(0, 6_100, 25_100, 16.6),
      ...getsInWithMedia(1, 5_100, overflow),
      ...hearsEverySecond(1, 6_100, 9_100, 16.6),
      ...getsInWithMedia(2, 5_100),
      ...getsIn(3, { dial: 5_000, opened: 5_010, seated: 5_020 }, { room: overflow }),
      [8_000, 'listener', 'moved', 3, { attempt: 1, room: 'main', value: 7 }],
      [6_000, 'listener', 'relay-lag', 0, { value: -0.5 }],
      [7_000, 'listener', 'relay-lag', 0, { value: 1.5 }],
      [8_000, 'listener', 'relay-lag', 1, { value: 0.5 }],
      [8_100, 'listener', 'promotion-gap', 3, { value: 60 }],
    ],
  });
  expect(measured).toEqual({
    roomsOpened: 1,
    openedAtMs: 4_500,
    // No ask in the server's rows: nobody wanted it, and nobody took a seat in it.
    openMs: null,
    fillMs: null,
    seatedMax: 4,
    relayLagMs: { p50: 0.5, p99: 1.5, samples: 3 },
    promoted: 1,
    promotionGapMs: { p99: 60, max: 60, samples: 1 },
    withMedia: 2,
    hearing: 1,
  });
});
