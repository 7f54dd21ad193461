/** People of the hallway: those who wait there for the moment, and those who go from it to a parallel room. */
import { expect, test } from 'vitest';
import type { HandRow } from '../testing/hand-log.ts';
import { measuredOf, summaryOf } from '../testing/summary-of.ts';

/** Told "full" at 5.1 s, in a parallel room from 6 s, and out of it at 9 s. */
const aside: readonly HandRow[] = [
  [5_000, 'listener', 'arrive', 0, { value: 0 }],
  [5_000, 'listener', 'dial', 0, { attempt: 1 }],
  [5_100, 'listener', 'full', 0, { attempt: 1, room: 'main' }],
  [5_100, 'listener', 'failed', 0, { attempt: 1, cause: 'full' }],
  [5_500, 'listener', 'dial', 0, { attempt: 2 }],
  [5_600, 'listener', 'asked', 0, { attempt: 2, cause: 'own' }],
  [5_900, 'server', 'room-opened', null, { room: 'parallel-1', value: 5 }],
  [5_900, 'server', 'asked', 0, { attempt: 2, room: 'parallel-1' }],
  [5_900, 'server', 'took', 0, { attempt: 2, room: 'parallel-1', value: 1 }],
  [6_000, 'listener', 'gave-up', 0, { attempt: 2, room: 'main', cause: 'parallel' }],
  [6_000, 'listener', 'parallel', 0, { attempt: 2, room: 'parallel-1', value: 1 }],
  [9_000, 'listener', 'left', 0, { attempt: 2, room: 'parallel-1', cause: 'silent' }],
  [9_900, 'server', 'ejected', 0, { attempt: 2, room: 'parallel-1', cause: 'heartbeat-missed' }],
  [9_900, 'server', 'room-closed', null, { room: 'parallel-1', cause: 'empty' }],
];

test('whoever goes to a parallel room has given up, and stays so', async () => {
  const run = { people: [{ intendedMs: 5_000 }], rows: aside };
  const { crowd, overflow, admission, ejections } = await summaryOf(run);
  expect(crowd).toMatchObject({ arrived: 1, joined: 0, gaveUp: 1, neverIn: 1, lost: 0 });
  expect(overflow).toMatchObject({ roomsOpened: 0, openedAtMs: null, seatedMax: 0 });
  expect(admission).toMatchObject({ leakedSeats: 0, ghostSeats: 0, overAdmitted: 0 });
  expect(ejections).toMatchObject({ involuntary: 0 });
  const { charts } = await measuredOf(run);
  const states = (second: number) =>
    Object.entries(charts.crowd).flatMap(([state, people]) => (people[second] === 0 ? [] : [state]));
  expect([5, 6, 9, 20].map(states)).toEqual([['arriving'], ['given-up'], ['given-up'], ['given-up']]);
});

test('whoever waits in the hallway beforehand comes when they arrive, and waits for the list only from then on', async () => {
  const who = { attempt: 1, room: 'main' };
  const run = {
    people: [{ intendedMs: 5_000 }],
    rows: [
      [3_000, 'listener', 'dial', 0, who],
      [3_010, 'listener', 'opened', 0, who],
      [3_020, 'listener', 'browsed', 0, { ...who, value: 1 }],
      [5_000, 'listener', 'arrive', 0, { ...who, value: 0 }],
      [5_002, 'listener', 'asked', 0, who],
      [5_020, 'listener', 'seated', 0, { ...who, value: 1, cause: 'new' }],
      [5_020, 'listener', 'in', 0, who],
    ] as readonly HandRow[],
  };
  const { joinLatencyMs, crowd } = await summaryOf(run);
  expect(crowd).toMatchObject({ arrived: 1, joined: 1 });
  expect(joinLatencyMs['signal']).toMatchObject({ p50: 20 });
  const { phases } = joinLatencyMs['signal']!;
  expect(phases['hallway']).toMatchObject({ p50: 2 });
  expect(phases['retries']).toMatchObject({ p50: 0 });
  const { charts } = await measuredOf(run);
  expect(charts.crowd['arriving']![4]).toBe(0);
  expect(charts.crowd['in']![6]).toBe(1);
});
