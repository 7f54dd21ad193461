/** Who is in which kind of room, second by second, by rows whose answer is known; and that nobody is counted twice. */
import { expect, test } from 'vitest';
import type { Charts } from '../charts.ts';
import { PLACES } from '../states.ts';
import { getsIn, type HandRow, smallNight } from '../testing/hand-log.ts';
import { measuredOf } from '../testing/summary-of.ts';
import { HOLDING, syntheticNight, syntheticSeconds } from '../testing/synthetic-night.ts';

const at = ({ rooms }: Charts, second: number) => PLACES.map((place) => rooms[place]![second]);

test('the main room, an overflow room, a parallel room, and those who wait for one', async () => {
  const overflow = { attempt: 1, room: 'main-overflow-1' };
  const aside = { attempt: 1, room: 'parallel-1' };
  const rows: readonly HandRow[] = [
    ...getsIn(0, { dial: 1_000, opened: 1_010, seated: 1_500 }),
    ...getsIn(1, { dial: 5_200, opened: 5_300, seated: 6_500 }, { room: 'main-overflow-1' }),
    [9_500, 'listener', 'moved', 1, { attempt: 1, room: 'main' }],
    [9_500, 'listener', 'in', 1, { attempt: 1, room: 'main' }],
    [5_200, 'listener', 'arrive', 2, { value: 0 }],
    [7_500, 'listener', 'gave-up', 2, { ...aside, room: 'main', cause: 'parallel' }],
    [7_500, 'listener', 'parallel', 2, { ...aside, value: 1 }],
    [10_500, 'listener', 'parallel-lost', 2, { ...aside, cause: 'room-closed' }],
    ...getsIn(3, { dial: 5_200, opened: 5_300, seated: 5_500 }),
    [8_500, 'listener', 'ejected', 3, { attempt: 1, room: 'main', cause: 'pong-timeout' }],
    [11_500, 'listener', 'gave-up', 3, { attempt: 1, cause: 'no-return' }],
    [12_500, 'listener', 'left', 1, { ...overflow, room: 'main', cause: 'goodbye' }],
  ];
  const { charts } = await measuredOf({
    people: [{ intendedMs: 1_000, cohort: 'incumbent' }, ...[1, 2, 3].map(() => ({ intendedMs: 5_200 }))],
    rows,
  });
  const told = [0, 2, 6, 7, 8, 9, 10, 11, 12, 13].map((second) => [second, at(charts, second)]);
  expect(told).toEqual([
    [0, [0, 0, 0, 0]],
    [2, [1, 0, 0, 0]],
    [6, [2, 0, 0, 2]],
    [7, [2, 1, 0, 1]],
    [8, [2, 1, 1, 0]],
    [9, [1, 1, 1, 1]],
    [10, [2, 0, 1, 1]],
    [11, [2, 0, 0, 1]],
    [12, [2, 0, 0, 0]],
    [13, [1, 0, 0, 0]],
  ]);
});

test('of a made-up crowd each second has the people of the states that they are in', async () => {
  const scenario = smallNight({
    incumbents: { count: 30, model: { kind: 'even' } },
    waves: [{ id: 'inside', moment: 'reveal', count: 200, overMs: 9_000, model: { kind: 'even' } }],
  });
  const { people, rows } = syntheticNight(scenario, 5, HOLDING);
  const { charts } = await measuredOf({
    ...{ scenario, people, healthy: false },
    rows: [...syntheticSeconds(scenario, HOLDING), ...rows],
  });
  const { crowd, rooms } = charts;
  expect(rooms.overflow).toEqual(crowd.overflow);
  expect(rooms.main).toEqual(crowd.in);
  expect(Math.max(...rooms.overflow!)).toBeGreaterThan(10);
  expect(rooms.waiting).toEqual(
    crowd.arriving!.map(
      (trying, second) =>
        trying + crowd.queueing![second]! + crowd.joining![second]! + crowd.ejected![second]!,
    ),
  );
});
