import { expect, test } from 'vitest';
import { getsIn, type HandRow, joins } from '../testing/hand-log.ts';
import { measuredOf, summaryOf } from '../testing/summary-of.ts';

/** Ten arrivals at 5 s; the first `inTimes.length` get in that many ms later, the others never. */
function tenArrivals(inTimes: readonly number[]) {
  const rows: HandRow[] = [];
  for (let person = 0; person < 10; person++) {
    const inMs = inTimes[person];
    if (inMs === undefined) rows.push([5_000, 'listener', 'arrive', person, { value: 0 }]);
    else rows.push(...getsIn(person, { dial: 5_000, opened: 5_000, seated: 5_000 + inMs }));
  }
  return { people: Array.from({ length: 10 }, () => ({ intendedMs: 5_000 })), rows };
}

test('quantiles are observed values, over all arrivals', async () => {
  const { joinLatencyMs } = await summaryOf(
    tenArrivals([100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]),
  );
  expect(joinLatencyMs['signal']).toMatchObject({
    count: 10,
    joined: 10,
    p50: 500,
    p90: 900,
    p99: 1_000,
    notReached: { p50: false, p90: false, p99: false },
    ofJoined: { p50: 500, p90: 900, p99: 1_000 },
  });
});

test('a quantile that falls among those who never got in is not reached', async () => {
  const { joinLatencyMs } = await summaryOf(tenArrivals([100, 200, 300, 400, 500]));
  expect(joinLatencyMs['signal']).toMatchObject({
    count: 10,
    joined: 5,
    p50: 500,
    p90: null,
    p99: null,
    notReached: { p50: false, p90: true, p99: true },
    ofJoined: { p50: 300, p90: 500, p99: 500 },
  });
});

test('nobody in: nothing is reached, and survivors have no quantiles', async () => {
  const { joinLatencyMs } = await summaryOf(tenArrivals([]));
  expect(joinLatencyMs['signal']).toMatchObject({
    count: 10,
    joined: 0,
    p50: null,
    notReached: { p50: true, p90: true, p99: true },
    ofJoined: { p50: null, p90: null, p99: null },
    phases: {},
  });
});

test('latency runs from the planned arrival, in phases of the try that got in, by body', async () => {
  const people = [
    { intendedMs: 5_000, body: 'webrtc' as const },
    { intendedMs: 5_000 },
    { intendedMs: 1_000, cohort: 'incumbent' },
  ];
  const who = { attempt: 2, room: 'main' };
  const { joinLatencyMs } = await summaryOf({
    people,
    rows: [
      [5_010, 'listener', 'arrive', 0, { value: 10 }],
      [5_010, 'listener', 'dial', 0, { attempt: 1 }],
      [6_000, 'listener', 'failed', 0, { attempt: 1, cause: 'join-timeout' }],
      ...joins(0, { dial: 6_500, opened: 6_520, seated: 7_000 }, { attempt: 2 }),
      [6_550, 'listener', 'waiting', 0, { ...who, value: 3 }],
      [7_040, 'listener', 'ice', 0, who],
      [7_100, 'listener', 'dtls', 0, who],
      // The packet is timed where it arrives: before JavaScript heard of DTLS.
      [7_095, 'listener', 'first-audio', 0, who],
      [7_095, 'listener', 'in', 0, who],
      ...getsIn(1, { dial: 5_000, opened: 5_003, seated: 5_010 }),
      ...getsIn(2, { dial: 1_000, opened: 1_003, seated: 1_010 }),
    ],
  });
  expect(Object.keys(joinLatencyMs)).toEqual(['signal', 'webrtc']);
  expect(joinLatencyMs['signal']).toMatchObject({ count: 1, p50: 10 });
  expect(joinLatencyMs['webrtc']).toMatchObject({ count: 1, joined: 1, p50: 2_095 });
  const medians = Object.fromEntries(
    Object.entries(joinLatencyMs['webrtc']!.phases).map(([phase, { p50 }]) => [phase, p50]),
  );
  expect(medians).toEqual({
    retries: 1_500,
    dial: 20,
    hallway: 0,
    signal: 30,
    queue: 450,
    ice: 40,
    dtls: 60,
    firstAudio: 0,
  });
});

test('the join curve ends at the share that ever got in', async () => {
  const { charts } = await measuredOf(tenArrivals([0, 400, 600, 1_000, 2_500]));
  expect(charts.joinCurveStepMs).toBe(500);
  expect(charts.joinCurve['signal']!.slice(0, 7)).toEqual([0.1, 0.2, 0.4, 0.4, 0.4, 0.5, 0.5]);
  expect(charts.joinCurve['signal']!.at(-1)).toBe(0.5);
});
