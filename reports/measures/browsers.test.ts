import { expect, test } from 'vitest';
import { type HandRow, joins } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';

const WHO = { attempt: 1, room: 'main' };

/** Loads, dials, is seated, hears the first packet and then a sound. */
function hears(personId: number, seatedMs: number, loadMs: number, audibleMs: number): HandRow[] {
  const inMs = seatedMs + 60;
  return [
    [seatedMs - 1_000, 'listener', 'page-loaded', personId, { value: loadMs }],
    [seatedMs - 1_000, 'listener', 'page-clock', personId, { value: loadMs / 1_000 }],
    ...joins(personId, { dial: seatedMs - 20, opened: seatedMs - 10, seated: seatedMs }),
    [inMs, 'listener', 'first-audio', personId, WHO],
    [inMs, 'listener', 'in', personId, WHO],
    [seatedMs + audibleMs, 'listener', 'audible', personId, { ...WHO, value: audibleMs }],
  ];
}

/** One second of a browser: neither gaps nor lateness are known of it. */
const second = (
  ms: number,
  personId: number,
  packets: number,
  lost: number,
  concealed: number,
  bufferMs: number,
): HandRow[] => [
  [ms, 'listener', 'media', personId, { ...WHO, value: packets, lost }],
  [ms, 'listener', 'concealed', personId, { ...WHO, value: concealed }],
  [ms, 'listener', 'jitter-buffer', personId, { ...WHO, value: bufferMs }],
];

const incumbent = { intendedMs: 500, cohort: 'incumbent', body: 'browser' } as const;
const arriving = { intendedMs: 5_000, body: 'browser' } as const;

test('what real browsers loaded, heard and missed, and the join latency of those who arrived', async () => {
  const { browsers, joinLatencyMs, incumbents } = await summaryOf({
    // The surge goes on until the last planned arrival.
    people: [incumbent, arriving, arriving, { intendedMs: 7_000 }],
    rows: [
      ...hears(0, 1_000, 300, 150),
      ...second(3_000, 0, 16, 0, 0.1, 40),
      ...second(6_000, 0, 14, 2, 0.3, 60),
      ...hears(1, 5_100, 500, 250),
      ...second(6_000, 1, 16, 0, 0, 90),
      // In, and its loudspeaker was silent to the end.
      ...hears(2, 5_200, 400, 0).filter(([, , type]) => type !== 'audible'),
    ],
  });
  expect(browsers).toEqual({
    planned: 3,
    plannedArriving: 2,
    count: 3,
    joined: 3,
    heard: 2,
    firstAudibleMs: { p50: 250, p90: null },
    pageLoadMs: { p50: 400, p90: 500 },
    concealedShare: expect.closeTo(0.4 / 3, 12),
    jitterBufferMs: { p50: 60 },
    lostShare: 2 / 48,
    failed: { 'page-load': 0, 'page-crash': 0, 'page-hang': 0 },
    clockErrorMs: 0.5,
  });
  expect(joinLatencyMs['browser']).toMatchObject({ count: 2, joined: 2, p50: 160, p99: 260 });
  // Packets of browsers count like those of others; gaps and lateness are nobody's here.
  expect(incumbents).toMatchObject({
    plannedWithMedia: 1,
    count: 1,
    withMedia: 1,
    counted: 1,
    lossShareBefore: 0,
    lossShareSurge: 2 / 16,
    harmedShare: 1,
    longestGapMs: null,
    lateMs: null,
    worstGapP99Ms: null,
  });
});

test('a page that fails is a listener that failed, and nobody whom the server threw out', async () => {
  const failed = (ms: number, personId: number, cause: string): HandRow[] => [
    [ms, 'listener', 'failed', personId, { ...WHO, cause }],
    [ms, 'listener', 'gave-up', personId, { ...WHO, cause: 'page' }],
  ];
  const threw = (ms: number, personId: number): HandRow[] => [
    [ms, 'server', 'ejected', personId, { ...WHO, cause: 'heartbeat-missed' }],
    [ms, 'server', 'released', personId, { ...WHO, cause: 'ejected' }],
  ];
  const { browsers, crowd, ejections, oracles } = await summaryOf({
    people: [incumbent, incumbent, incumbent, arriving],
    rows: [
      ...hears(0, 1_000, 300, 150),
      ...hears(1, 1_000, 300, 150),
      ...hears(2, 1_000, 300, 150),
      // The server finds out after the crash, and before anybody knows that the page hangs.
      ...failed(7_000, 0, 'page-crash'),
      ...threw(7_010, 0),
      ...threw(8_000, 1),
      ...failed(12_000, 1, 'page-hang'),
      // A real loss, of somebody whose page is well.
      ...threw(9_000, 2),
      [5_000, 'listener', 'arrive', 3, { value: 0 }],
      ...failed(5_000, 3, 'page-load').map(
        ([ms, side, type, id, more]): HandRow => [ms, side, type, id, { cause: more!.cause! }],
      ),
    ],
  });
  expect(browsers.failed).toEqual({ 'page-load': 1, 'page-crash': 1, 'page-hang': 1 });
  expect(browsers.pageLoadMs).toEqual({ p50: 300, p90: null });
  expect(crowd).toMatchObject({ arrived: 4, joined: 3, gaveUp: 1, lost: 0 });
  expect(ejections).toMatchObject({ involuntary: 1, people: 1 });
  const views = oracles.find(({ name }) => name === 'views-agree')!;
  // Only the third one, whom the server alone knew to be out.
  expect(views).toMatchObject({ violations: 1 });
});

test('a page that is there is no person who set out', async () => {
  const { crowd, browsers } = await summaryOf({
    people: [incumbent, arriving],
    rows: [...hears(0, 1_000, 300, 150), [4_000, 'listener', 'page-loaded', 1, { value: 300 }]],
  });
  expect(crowd).toMatchObject({ planned: 2, arrived: 1, lost: 0 });
  expect(browsers).toMatchObject({ planned: 2, count: 1, pageLoadMs: { p50: 300, p90: 300 } });
});
