/** When an overflow room opens and when it is full, by single takings and releases whose answers are known. */
import { expect, test } from 'vitest';
import type { HandRow } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';

const OVERFLOW = 'main-overflow-1';

const server = (
  ms: number,
  type: HandRow[2],
  personId: number | null,
  more: NonNullable<HandRow[4]> = {},
): HandRow => [ms, 'server', type, personId, more];

/** Ten take the ten seats of the main room, one each 100 ms: it is full at 5.9 s. */
const mainFills: readonly HandRow[] = Array.from({ length: 10 }, (_, personId) =>
  server(5_000 + 100 * personId, 'took', personId, { room: 'main' }),
);
const asks = (ms: number, personId: number) => server(ms, 'asked', personId, { room: 'main' });
const opens = (ms: number) => server(ms, 'room-opened', null, { room: OVERFLOW, value: 5 });
const takes = (ms: number, personId: number) => server(ms, 'took', personId, { room: OVERFLOW });

async function overflowOf(rows: readonly HandRow[]) {
  const people = Array.from({ length: 20 }, () => ({ intendedMs: 5_000 }));
  const { overflow } = await summaryOf({ people, rows: [...mainFills, ...rows] });
  return { openMs: overflow.openMs, fillMs: overflow.fillMs };
}

test('opening counts from the first ask of a full room, filling to 95 % of the seats then taken at once', async () => {
  const rows = [
    // One seat is still free: this ask wants no overflow yet.
    asks(5_850, 10),
    asks(6_200, 11),
    asks(6_300, 12),
    opens(6_700),
    takes(7_000, 11),
    takes(7_100, 12),
    takes(7_200, 13),
    takes(7_210, 14),
    server(7_250, 'released', 11, { room: OVERFLOW, cause: 'left' }),
    takes(7_300, 15),
    // The sixth that is taken, and the fifth of those that are taken then.
    takes(7_500, 16),
  ];
  expect(await overflowOf(rows)).toEqual({ openMs: 500, fillMs: 800 });
});

test('the instant at which the main room got full is part of the time when it is', async () => {
  expect(await overflowOf([asks(5_900, 11), opens(6_000)])).toEqual({ openMs: 100, fillMs: null });
});

test('a room that was open before anybody had to ask for it took no time', async () => {
  expect(await overflowOf([opens(5_500), asks(6_000, 11)])).toEqual({ openMs: 0, fillMs: null });
});

test('without an ask of a full room, or without an overflow room, there is no such time', async () => {
  expect(await overflowOf([asks(5_850, 10), opens(6_700)])).toEqual({ openMs: null, fillMs: null });
  expect(await overflowOf([asks(6_200, 11)])).toEqual({ openMs: null, fillMs: null });
});

test('a seat of the main room that a promotion takes from overflow is no longer one of overflow', async () => {
  const rows = [
    asks(6_000, 11),
    opens(6_000),
    ...[11, 12, 13, 14].map((personId) => takes(6_100, personId)),
    server(6_200, 'released', 0, { room: 'main', cause: 'left' }),
    server(6_300, 'moved', 11, { room: 'main' }),
    takes(6_400, 15),
  ];
  expect(await overflowOf(rows)).toEqual({ openMs: 0, fillMs: null });
  expect(await overflowOf([...rows, takes(6_500, 16)])).toEqual({ openMs: 0, fillMs: 500 });
});
