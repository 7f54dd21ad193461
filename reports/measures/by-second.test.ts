/** Series by second: losses of a seat, what those inside heard, and the CPU of each of the server's processes. */
import { expect, test } from 'vitest';
import { getsIn, type HandRow, joins } from '../testing/hand-log.ts';
import { measuredOf } from '../testing/summary-of.ts';

const who = { attempt: 1, room: 'main' };

test('losses are counted in their second, by cause, and sum to the ejections', async () => {
  const { charts, summary } = await measuredOf({
    people: Array.from({ length: 5 }, () => ({ intendedMs: 5_000 })),
    rows: [
      ...[0, 1, 2, 3, 4].flatMap((id) => getsIn(id, { dial: 5_000, opened: 5_010, seated: 5_020 })),
      [6_000, 'listener', 'ejected', 0, { ...who, cause: 'pong-timeout' }],
      [6_999, 'listener', 'ejected', 1, { ...who, cause: 'pong-timeout' }],
      [7_000, 'listener', 'ejected', 2, { ...who, cause: 'connection-lost' }],
      // Only the server saw it; after the talk nobody is thrown out.
      [8_500, 'server', 'ejected', 3, { ...who, cause: 'heartbeat-missed' }],
      [24_500, 'listener', 'ejected', 4, { ...who, cause: 'pong-timeout' }],
    ],
  });
  const seconds = charts.load.serverCpu.length;
  const at = (bySecond: Readonly<Record<number, number>>) =>
    Object.assign(new Array<number>(seconds).fill(0), bySecond);
  expect(charts.lossesByCause).toEqual({
    'pong-timeout': at({ 6: 2 }),
    'connection-lost': at({ 7: 1 }),
    'heartbeat-missed': at({ 8: 1 }),
  });
  expect(summary.ejections.involuntary).toBe(4);
});

test('those inside when the surge began, as long as they are counted', async () => {
  const media = (ms: number, personId: number, value: number, lost: number, gapMs: number): HandRow => [
    ms,
    'listener',
    'media',
    personId,
    { value, lost, gapMs, lateMs: 0 },
  ];
  const { charts } = await measuredOf({
    people: [
      { intendedMs: 500, cohort: 'incumbent', body: 'webrtc' },
      { intendedMs: 500, cohort: 'incumbent', body: 'webrtc' },
      { intendedMs: 5_000, body: 'webrtc' },
    ],
    rows: [
      ...[0, 1].flatMap((id): HandRow[] => [
        ...joins(id, { dial: 500, opened: 510, seated: 520 }),
        [550, 'listener', 'in', id, who],
      ]),
      ...joins(2, { dial: 5_000, opened: 5_010, seated: 5_020 }),
      [5_050, 'listener', 'in', 2, who],
      media(3_000, 0, 16, 0, 70),
      media(5_500, 0, 12, 4, 300),
      media(5_600, 1, 16, 0, 90),
      // Came with the surge: no incumbent.
      media(6_500, 2, 1, 15, 900),
      // A second in which nothing came at all.
      media(7_500, 0, 0, 0, 1_400),
    ],
  });
  const { lossShare, longestGapMs, counted } = charts.inside;
  expect([lossShare[3], lossShare[4], lossShare[5], lossShare[6], lossShare[7]]).toEqual([
    0,
    null,
    0.125,
    null,
    null,
  ]);
  expect([longestGapMs[3], longestGapMs[5], longestGapMs[6], longestGapMs[7]]).toEqual([
    70,
    300,
    null,
    1_400,
  ]);
  expect([counted[3], counted[4], counted[5], counted[6]]).toEqual([1, 0, 2, 0]);
});

test('CPU by process, and where nobody wrote there is none', async () => {
  const cpu = (ms: number, cause: string, value: number): HandRow => [
    ms,
    'rehearsal',
    'cpu',
    null,
    { cause, value },
  ];
  const { charts } = await measuredOf({
    people: [],
    rows: [cpu(1_000, 'server', 300), cpu(1_010, 'worker', 200), cpu(2_000, 'server', 800)],
  });
  const { serverCpu, signallingCpu, workerCpu } = charts.load;
  expect([serverCpu[1], signallingCpu[1], workerCpu[1]]).toEqual([0.5, 0.3, 0.2]);
  expect([serverCpu[2], signallingCpu[2], workerCpu[2]]).toEqual([0.8, 0.8, null]);
  expect([serverCpu[3], signallingCpu[3], workerCpu[3]]).toEqual([null, null, null]);
});
