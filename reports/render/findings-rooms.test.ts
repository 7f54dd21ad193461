/** The title of the chart of overflow says what its series show, and says of nobody that overflow took them where it did not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Charts } from '../charts.ts';
import { HALVED_SECONDS_MAX, roomsFinding, satInOverflow, WAITING_MIN } from './findings-rooms.ts';

/** The talk ends in the last second but two. */
const runOf = (overflow: readonly number[], waiting: readonly number[]) => ({
  name: 'guarded',
  charts: {
    rooms: { main: overflow.map(() => 100), overflow: [...overflow], waiting: [...waiting] },
    phases: { surgeStartMs: 0, surgeEndMs: 0, tailEndMs: (overflow.length - 3) * 1000, nightEndMs: 0 },
  } as unknown as Charts,
});

test.each([
  [
    [0, 0, 30, 60, 70, 0, 0],
    [10, 80, 60, 30, 20, 0, 0],
    'guarded: most waited at 0:01 (80 people); 2 s later 30 did, and overflow had 60 more',
  ],
  // Half of them went, but overflow took fewer than half of those.
  [
    [0, 0, 5, 10, 70, 0, 0],
    [10, 80, 60, 30, 1, 0, 0],
    'guarded: overflow was fullest at 0:04, with 70 people, while 1 person was waiting',
  ],
  // So few have no course.
  [
    [0, 0, 8, 8, 8, 0, 0],
    [0, 9, 1, 0, 0, 0, 0],
    'guarded: overflow was fullest at 0:02, with 8 people, while 1 person was waiting',
  ],
  [
    [0, 1, 1, 1, 1, 0, 0],
    [0, 0, 0, 0, 0, 0, 0],
    'guarded: overflow was fullest at 0:01, with 1 person, while nobody waited',
  ],
  // When the talk is over those who leave wait no longer, and nobody took them.
  [
    [0, 1, 1, 1, 1, 90, 90],
    [0, 70, 70, 70, 70, 0, 0],
    'guarded: overflow was fullest at 0:01, with 1 person, while 70 people were waiting',
  ],
])('%j in overflow, %j waiting', (overflow, waiting, finding) => {
  expect(roomsFinding(runOf(overflow, waiting))).toBe(finding);
});

test('whatever the series: those who went are said to be taken only where overflow had half as many more', () => {
  const series = fc.array(fc.nat(400), { minLength: 60, maxLength: 60 });
  fc.assert(
    fc.property(series, series, (overflow, waiting) => {
      const said =
        /most waited at 0:(\d\d) \(([\d,]+) .*; (\d+) s later ([\d,]+) did, and overflow had (\d+) more/.exec(
          roomsFinding(runOf(overflow, waiting)),
        );
      if (said === null) return;
      const [from, most, later, left, more] = said.slice(1).map(Number) as [
        number,
        number,
        number,
        number,
        number,
      ];
      expect(most).toBe(Math.max(...waiting.slice(0, 58)));
      expect(most).toBeGreaterThanOrEqual(WAITING_MIN);
      expect(later).toBeLessThanOrEqual(HALVED_SECONDS_MAX);
      expect([waiting[from], waiting[from + later]]).toEqual([most, left]);
      expect(overflow[from + later]! - overflow[from]!).toBe(more);
      expect(2 * left).toBeLessThanOrEqual(most);
      expect(2 * more).toBeGreaterThanOrEqual(most - left);
    }),
  );
});

test('nobody there, or a run that was measured before there was such a series: no chart', () => {
  expect(satInOverflow(runOf([0, 0, 0], [5, 5, 5]).charts)).toBe(false);
  expect(satInOverflow(runOf([0, 1, 0], [0, 0, 0]).charts)).toBe(true);
  expect(satInOverflow({ rooms: {} } as unknown as Charts)).toBe(false);
});
