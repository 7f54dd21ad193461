import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Timers } from './timers.ts';

/** Everything that fires until an instant, in order. */
function fired(timers: Timers, nowMs: number, limit = 1e9): number[] {
  const keys: number[] = [];
  timers.fire(nowMs, limit, (key) => keys.push(key));
  return keys;
}

test('timers fire in order, once, and only those that are due', () => {
  const timers = new Timers(5);
  for (const [key, atMs] of [30, 10, 20, 40].entries()) timers.set(key, atMs);
  expect(fired(timers, 30)).toEqual([1, 2, 0]);
  expect(fired(timers, 30)).toEqual([]);
  expect(fired(timers, 40)).toEqual([3]);
});

test('a timer that is set anew fires at its new instant only, a cleared one never', () => {
  const timers = new Timers(2);
  timers.set(0, 10);
  timers.set(0, 30);
  timers.set(1, 10);
  timers.clear(1);
  expect(fired(timers, 20)).toEqual([]);
  expect(fired(timers, 30)).toEqual([0]);
  expect(timers.size).toBe(0);
});

test('a burst is taken in parts', () => {
  const timers = new Timers(10);
  for (let key = 0; key < 10; key++) timers.set(key, key);
  expect(fired(timers, 100, 4)).toEqual([0, 1, 2, 3]);
  expect(fired(timers, 100)).toEqual([4, 5, 6, 7, 8, 9]);
});

test('any mixture of setting, clearing and firing behaves like a sorted list', () => {
  const command = fc.record({ key: fc.nat(50), atMs: fc.option(fc.nat(1_000)), nowMs: fc.nat(1_000) });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 3_000, size: 'max' }), (commands) => {
      const timers = new Timers(51);
      const model = new Map<number, number>();
      for (const { key, atMs, nowMs } of commands) {
        if (atMs === null) {
          timers.clear(key);
          model.delete(key);
        } else {
          timers.set(key, atMs);
          model.set(key, atMs);
        }
        if (nowMs > 950) {
          const due = [...model].filter(([, at]) => at <= nowMs).sort(([, a], [, b]) => a - b);
          for (const [one] of due) model.delete(one);
          const instants = new Map(due);
          const keys = fired(timers, nowMs);
          expect(keys.map((one) => instants.get(one))).toEqual(due.map(([, at]) => at));
        }
      }
    }),
  );
});
