/** A host restarts the room: everybody is out at once and comes back, into the same seat where seats are held. */
import { describe, expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../protocol/wire.ts';
import { type TestServer, testServer, until } from '../testing/test-kit.ts';

const PEOPLE = [1, 2, 3, 4];

async function fullHouse(server: TestServer) {
  return Promise.all(PEOPLE.map((id) => server.ask(id))).then((crowd) =>
    Promise.all(
      crowd.map(async (one) => ({ one, seat: (await one.next('S')).head as { room: string; seat: number } })),
    ),
  );
}

describe('restart-room', () => {
  test('held: everybody is told the ticket to their seat and comes back into it', async () => {
    const server = await testServer('guarded', { seats: 4 });
    const before = await fullHouse(server);
    const queued = await server.ask(9);
    await queued.next('W');
    server.running.emptyRooms('restart-room');
    const told = await Promise.all(before.map(async ({ one }) => (await one.next('E')).head));
    for (const head of told)
      expect(head).toEqual({ cause: 'room-closed', ticket: expect.any(String), heldForMs: 30_000 });
    expect(await Promise.all(before.map(({ one }) => one.closed))).toEqual([1008, 1008, 1008, 1008]);
    expect((await server.health()).rooms).toMatchObject([{ taken: 0, decided: 0, held: 4 }]);
    // It was the last that they heard: not of the others who went.
    for (const { one } of before) expect(one.heard.at(-1)).toMatch(/^E/);
    const back = await Promise.all(
      PEOPLE.map((id, index) => server.ask(id, { attempt: 2, ticket: told[index].ticket })),
    );
    const after = await Promise.all(back.map(async (one) => (await one.next('S')).head));
    expect(after).toMatchObject(before.map(({ seat }) => ({ room: 'main', seat: seat.seat, resumed: true })));
    expect(server.story('ejected').sort()).toEqual(PEOPLE.map((id) => `ejected ${id} main room-closed`));
    expect(server.story('released')).toEqual([]);
    expect((await server.health()).waiting).toBe(1);
  });

  test('not held: the seats are free, and whoever is first gets one', async () => {
    const server = await testServer('clubhouse-2021', { seats: 4 });
    const before = await fullHouse(server);
    server.running.emptyRooms('restart-room');
    for (const { one } of before)
      expect((await one.next('E')).head).toEqual({ cause: 'room-closed', ticket: null, heldForMs: null });
    expect(server.story('released')).toHaveLength(4);
    await server.seat(9);
    const again = await server.seat(1, { attempt: 2 });
    again.send('r', { room: 'main', page: 0 });
    expect((await again.next('R')).bulk).toHaveLength(2);
    expect((await server.health()).rooms).toMatchObject([{ taken: 2 }]);
  });

  test('leaves the other rooms alone', async () => {
    const server = await testServer('guarded', {
      ...{ seats: 2, overflow: { seats: 2, roomsMax: 1 }, parallel: { seats: 2, roomsMax: 1 } },
    });
    const before = await fullHouse(server);
    const aside = await server.dial();
    aside.send('o', { v: PROTOCOL_VERSION, personId: 8, name: 'Bob', attempt: 1, title: 'Bob’s' });
    await aside.next('S');
    server.running.emptyRooms('restart-room');
    for (const { one, seat } of before) {
      if (seat.room === 'main') expect((await one.next('E')).head.cause).toBe('room-closed');
      else await one.roundTrip();
    }
    await aside.roundTrip();
    expect(server.story('ejected')).toHaveLength(2);
  });
});

test('drop-rooms empties every room; parallel ones close', async () => {
  const server = await testServer('guarded', {
    ...{
      seats: 2,
      overflow: { seats: 2, roomsMax: 1, closeAfterMs: 30 },
      parallel: { seats: 2, roomsMax: 1 },
    },
    timers: { seatHoldMs: 60 },
  });
  const before = await fullHouse(server);
  const aside = await server.dial();
  aside.send('o', { v: PROTOCOL_VERSION, personId: 8, name: 'Bob', attempt: 1, title: 'Bob’s' });
  await aside.next('S');
  server.running.emptyRooms('drop-rooms');
  expect((await aside.next('E')).head).toEqual({ cause: 'room-closed', ticket: null, heldForMs: null });
  for (const { one } of before)
    expect((await one.next('E')).head).toEqual({
      cause: 'room-closed',
      ticket: expect.any(String),
      heldForMs: 60,
    });
  expect(server.story('room-closed')).toEqual(['room-closed parallel-1 empty']);
  expect(server.story('ejected').sort()).toEqual([
    'ejected 1 main room-closed',
    'ejected 2 main room-closed',
    'ejected 3 main-overflow-1 room-closed',
    'ejected 4 main-overflow-1 room-closed',
    'ejected 8 parallel-1 room-closed',
  ]);
  // Holds run out unclaimed, and the policy closes its overflow room.
  await until(() => server.story('room-closed').length === 2);
  expect(server.story('expired')).toHaveLength(4);
  await server.seat(7);
});
