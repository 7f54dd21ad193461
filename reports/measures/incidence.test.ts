import fc from 'fast-check';
import { expect, test } from 'vitest';
import { getsIn, type HandRow } from '../testing/hand-log.ts';
import { measuredOf, summaryOf } from '../testing/summary-of.ts';

/** Of a small night: its arrivals come from 4 s on, and it ends at 26 s. */
const END_MS = 26_000;
const STEP_MS = 500;

type End = 'in' | 'gave-up' | 'refused' | 'waiting';
type Arrival = { readonly intendedMs: number; readonly afterMs: number; readonly end: End };

function rowsOf(arrivals: readonly Arrival[]): HandRow[] {
  return arrivals.flatMap(({ intendedMs, afterMs, end }, person): readonly HandRow[] => {
    const until = intendedMs + afterMs;
    if (end === 'in') return getsIn(person, { dial: intendedMs, opened: intendedMs, seated: until });
    const set: HandRow = [intendedMs, 'listener', 'arrive', person, { value: 0 }];
    if (end === 'waiting') return [set, [END_MS - 1, 'listener', 'at-end', person, { cause: 'waiting' }]];
    return [
      set,
      [until, 'listener', 'gave-up', person, { cause: end === 'refused' ? 'refused' : 'queue-patience' }],
    ];
  });
}

/** Aalen and Johansen (1978) as it stands in textbooks: at each instant, who is left of those at risk. */
function aalenJohansen(arrivals: readonly Arrival[], end: End, untilMs: number): number {
  const each = arrivals.map((one) => ({
    ...one,
    ms: one.end === 'waiting' ? END_MS - one.intendedMs : one.afterMs,
  }));
  let [free, incidence] = [1, 0];
  for (const ms of [...new Set(each.map((one) => one.ms))].sort((a, b) => a - b)) {
    if (ms > untilMs) break;
    const atRisk = each.filter((one) => one.ms >= ms).length;
    const ended = each.filter((one) => one.ms === ms && one.end !== 'waiting');
    incidence += (free * ended.filter((one) => one.end === end).length) / atRisk;
    free *= 1 - ended.length / atRisk;
  }
  return incidence;
}

async function curvesOf(arrivals: readonly Arrival[]) {
  const { charts } = await measuredOf({
    people: arrivals.map(({ intendedMs }) => ({ intendedMs })),
    rows: rowsOf(arrivals),
  });
  const { gaveUp, refused } = charts.otherEnds['signal']!;
  return { in: charts.joinCurve['signal']!, 'gave-up': gaveUp, refused };
}

const arrival = fc.record({
  intendedMs: fc.integer({ min: 4_000, max: 20_000 }),
  afterMs: fc.integer({ min: 1, max: 5_999 }),
  end: fc.constantFrom<End>('in', 'in', 'gave-up', 'refused', 'waiting'),
});

test('the curves are the cumulative incidence of competing ends; never falling, and never over 1 together', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { minLength: 1, maxLength: 25 }), async (arrivals) => {
      const curves = await curvesOf(arrivals);
      for (const end of ['in', 'gave-up', 'refused'] as const) {
        curves[end].forEach((share, step) => {
          expect(share).toBeCloseTo(aalenJohansen(arrivals, end, step * STEP_MS), 9);
          expect(share).toBeGreaterThanOrEqual((curves[end][step - 1] ?? 0) - 1e-12);
        });
      }
      curves.in.forEach((share, step) => {
        expect(share + curves['gave-up'][step]! + curves.refused[step]!).toBeLessThanOrEqual(1 + 1e-9);
      });
    }),
    { numRuns: 12 },
  );
});

test('as long as nobody is censored, they are the plain shares', async () => {
  const ends: readonly End[] = ['in', 'in', 'in', 'gave-up', 'refused'];
  const curves = await curvesOf(
    ends.map((end, nth) => ({ intendedMs: 5_000, afterMs: 600 + 500 * nth, end })),
  );
  expect(curves.in.slice(0, 6)).toEqual([0, 0, 0.2, 0.4, 0.6, 0.6]);
  expect(curves['gave-up'].slice(4, 7)).toEqual([0, 0.2, 0.2]);
  expect(curves.refused.at(-1)).toBe(0.2);
});

test('who still waits when the night ends is not counted as lost: the others speak for them', async () => {
  // Of four, two were in after 1 s; the two who came last had 2 s of night left, and one was in after 4 s.
  const curves = await curvesOf([
    { intendedMs: 5_000, afterMs: 1_000, end: 'in' },
    { intendedMs: 5_000, afterMs: 4_000, end: 'in' },
    { intendedMs: 24_000, afterMs: 1_000, end: 'in' },
    { intendedMs: 24_000, afterMs: 0, end: 'waiting' },
  ]);
  expect(curves.in[2]).toBe(0.5);
  // One is left at risk after the censoring at 2 s, and gets in.
  expect(curves.in[8]).toBe(1);
});

test('latency by cohort: before, in and after the surge, those who never got in counting as infinite', async () => {
  const people = [
    { intendedMs: 1_000, cohort: 'incumbent' },
    ...Array.from({ length: 20 }, () => ({ intendedMs: 5_000 })),
    { intendedMs: 9_000 },
  ];
  const rows = people.flatMap(({ intendedMs }, person): readonly HandRow[] =>
    person % 2 === 1
      ? [[intendedMs, 'listener', 'arrive', person, { value: 0 }]]
      : getsIn(person, { dial: intendedMs, opened: intendedMs, seated: intendedMs + 10 * (person + 1) }),
  );
  const { joinByCohort } = await summaryOf({ people, rows });
  // The surge ends with the 95 % of its arrivals, at 5 s: the last one came after it.
  expect(joinByCohort).toMatchObject({
    before: { signal: { count: 1, joined: 1, p50: 10, notReached: { p50: false, p99: false } } },
    surge: { signal: { count: 20, joined: 10, p50: 210, p90: null, notReached: { p50: false, p90: true } } },
    after: { signal: { count: 1, joined: 0, p50: null, notReached: { p50: true } } },
  });
});

test('a storm: the tries that one ejection brings, and how often one listener had to suffer it', async () => {
  const inAgain = (person: number, ms: number, attempt: number) =>
    getsIn(person, { dial: ms, opened: ms, seated: ms + 10 }, { attempt });
  const loss = (person: number, ms: number, attempt: number): HandRow => [
    ms,
    'listener',
    'ejected',
    person,
    { attempt, cause: 'connection-lost', room: 'main' },
  ];
  const { ejections } = await summaryOf({
    people: Array.from({ length: 3 }, () => ({ intendedMs: 5_000 })),
    rows: [
      ...[0, 1, 2].flatMap((person) => inAgain(person, 5_000, 1)),
      loss(0, 6_000, 1),
      ...inAgain(0, 6_500, 2),
      loss(0, 7_000, 2),
      // Three tries in vain, then in.
      ...[3, 4, 5].map((attempt): HandRow => [7_000 + 100 * attempt, 'listener', 'dial', 0, { attempt }]),
      ...inAgain(0, 8_000, 6),
    ],
  });
  expect(ejections).toMatchObject({
    involuntary: 2,
    rejoinAttempts: 5,
    stormIndex: 2.5,
    suffered: { p99: 2, worst: 2 },
  });
  const calm = await summaryOf({ people: [{ intendedMs: 5_000 }], rows: inAgain(0, 5_000, 1) });
  expect(calm.ejections).toMatchObject({ stormIndex: null, suffered: { p99: 0, worst: 0 } });
});
