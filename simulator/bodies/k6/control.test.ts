import { expect, onTestFinished, test } from 'vitest';
import { openControl } from './control.ts';

const COUNTERS = {
  arrived: 3,
  late: 0,
  dialing: 0,
  waiting: 0,
  pausing: 0,
  in: 2,
  joined: 3,
  attempts: 3,
  ejected: 0,
  gaveUp: 0,
  left: 1,
};

test('a report that is overtaken by the last one does not take its place', async () => {
  const control = await openControl();
  onTestFinished(() => control.close());
  const post = async (user: number, isLast: boolean, arrived: number) => {
    const body = JSON.stringify({ user, isLast, counters: { ...COUNTERS, arrived } });
    expect((await fetch(`${control.url}/counters`, { method: 'POST', body })).status).toBe(200);
  };
  await post(1, false, 2);
  await post(2, false, 4);
  expect([control.done(), control.counters().arrived]).toEqual([0, 6]);
  await post(1, true, 3);
  await post(1, false, 2);
  expect([control.done(), control.counters().arrived]).toEqual([1, 7]);
});
