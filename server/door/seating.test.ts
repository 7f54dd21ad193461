import { describe, expect, test } from 'vitest';
import { testServer, until } from '../testing/test-kit.ts';

describe('clubhouse-2021', () => {
  test('the answer carries the whole audience, and everybody hears of everyone at once', async () => {
    const server = await testServer('clubhouse-2021');
    const ada = await server.ask(1, { name: 'Ada' });
    await ada.next('S');
    const bob = await server.seat(2, { name: 'Bob "\n' });
    bob.send('q', {});
    expect(await bob.closed).toBe(1000);
    await ada.next('P');
    await ada.next('P');
    expect(ada.heard).toEqual([
      'S{"room":"main","seat":1,"resumed":false,"ticket":null,"heldForMs":null,"listeners":1,"rosterPages":0,"media":null}\n[{"id":1,"name":"Ada"}]',
      'P{"kind":"joined","listeners":2,"user":{"id":2,"name":"Bob \\"\\n"}}',
      'P{"kind":"left","listeners":1,"user":{"id":2,"name":"Bob \\"\\n"}}',
    ]);
    expect(bob.heard).toEqual([
      'S{"room":"main","seat":2,"resumed":false,"ticket":null,"heldForMs":null,"listeners":2,"rosterPages":0,"media":null}\n[{"id":1,"name":"Ada"},{"id":2,"name":"Bob \\"\\n"}]',
      'Q{}',
    ]);
    expect(server.story('asked', 'seated', 'took', 'left', 'released', 'ejected')).toEqual([
      'asked 1 main',
      'seated 1 main new 1',
      'took 1 main 1',
      'asked 2 main',
      'seated 2 main new 2',
      'took 2 main 2',
      'left 2 main goodbye',
      'released 2 main left 2',
    ]);
  });

  test('a soft cap overshoots: who asks while seats are being taken is let in', async () => {
    const server = await testServer('clubhouse-2021', { seats: 20 });
    const crowd = await Promise.all(Array.from({ length: 200 }, () => server.dial()));
    for (const [index, one] of crowd.entries()) one.ask(index + 1);
    const answers = await Promise.all(crowd.map((one) => one.next('S', 'F')));
    const seated = answers.filter((answer) => answer.letter === 'S').length;
    expect(seated).toBeGreaterThan(20);
    expect((await server.health()).rooms).toMatchObject([{ taken: seated, decided: 0 }]);
    const late = await server.ask(999);
    expect(await late.next()).toEqual({
      letter: 'F',
      head: { room: 'main', retryAfterMs: null },
      bulk: null,
    });
  });

  test('full, a listener may ask again on the same connection', async () => {
    const server = await testServer('clubhouse-2021', { seats: 1 });
    const ada = await server.seat(1);
    const bob = await server.ask(2);
    await bob.next('F');
    ada.send('q', {});
    await ada.closed;
    bob.ask(2, { attempt: 2 });
    expect((await bob.next('S')).head.seat).toBe(1);
  });
});

describe('guarded', () => {
  test('the roster comes in pages, and presence as a count with what changed', async () => {
    const server = await testServer('guarded');
    const ids = Array.from({ length: 60 }, (_, index) => index + 1);
    const crowd = await Promise.all(ids.map((id) => server.seat(id)));
    const ada = await server.ask(61, { name: 'Ada' });
    const seated = await ada.next('S');
    expect(seated.head).toMatchObject({ listeners: 61, rosterPages: 1, heldForMs: 30_000, media: null });
    expect(seated.bulk).toHaveLength(50);
    ada.send('r', { room: 'main', page: 1 });
    const page = await ada.next('R');
    expect(page.head).toEqual({ room: 'main', page: 1, pages: 2 });
    const everybody = [...seated.bulk, ...page.bulk].map((user) => user.id);
    expect(everybody.sort((a, b) => a - b)).toEqual([...ids, 61]);
    ada.send('r', { room: 'main', page: 9 });
    expect((await ada.next('R')).bulk).toEqual([]);
    for (const [index, one] of crowd.entries()) if (index >= 3) one.send('q', {});
    await until(async () => (await server.health()).rooms[0]!.taken === 4);
    let gone = 0;
    for (let listeners = 61; listeners > 4; ) {
      const presence = await ada.next('P');
      expect(presence.head.kind).toBe('batch');
      expect(presence.head.left.length).toBeLessThanOrEqual(50);
      gone += presence.head.left.length;
      listeners = presence.head.listeners;
    }
    expect(gone).toBeGreaterThanOrEqual(50);
  });

  test('an exact cap is exact', async () => {
    const server = await testServer('guarded', { seats: 20, features: { queue: 'none', overflow: 'none' } });
    const crowd = await Promise.all(Array.from({ length: 200 }, () => server.dial()));
    for (const [index, one] of crowd.entries()) one.ask(index + 1);
    const answers = await Promise.all(crowd.map((one) => one.next('S', 'F')));
    expect(answers.filter((answer) => answer.letter === 'S')).toHaveLength(20);
    expect(server.story('took')).toHaveLength(20);
  });

  test('the waiting room is first come, first served', async () => {
    const server = await testServer('guarded', { seats: 1 });
    const first = await server.seat(1);
    const waiters = [];
    for (const id of [2, 3, 4]) {
      const waiter = await server.ask(id);
      const { head } = await waiter.next('W');
      expect(head).toMatchObject({ position: id - 1, ticketLifeMs: 30_000, ticket: expect.any(String) });
      waiters.push(waiter);
    }
    first.send('q', {});
    for (const [index, waiter] of waiters.entries()) {
      expect((await waiter.next('S')).head.seat).toBe(1);
      for (const behind of waiters.slice(index + 1)) {
        const { head } = await behind.next('W');
        expect(head.ticket).toBe(null);
      }
      waiter.send('q', {});
    }
    expect(server.story('took')).toEqual([
      'took 1 main 1',
      'took 2 main 1',
      'took 3 main 1',
      'took 4 main 1',
    ]);
  });

  test('somebody who leaves the queue is not seated', async () => {
    const server = await testServer('guarded', { seats: 1 });
    const ada = await server.seat(1);
    const bob = await server.ask(2);
    await bob.next('W');
    bob.send('q', {});
    await bob.closed;
    expect((await server.health()).waiting).toBe(0);
    ada.send('q', {});
    await ada.closed;
    expect((await server.health()).rooms[0]).toMatchObject({ taken: 0, decided: 0, held: 0 });
  });

  test('overflow opens, promotes with the membership only, and closes', async () => {
    const overflow = { seats: 2, roomsMax: 1, closeAfterMs: 30 };
    const server = await testServer('guarded', { seats: 1, overflow });
    const ada = await server.seat(1);
    const bob = await server.ask(2);
    expect((await bob.next('S')).head).toMatchObject({ room: 'main-overflow-1', seat: 1, listeners: 1 });
    const hall = await server.dial();
    hall.send('h', {});
    expect((await hall.next('H')).head.rooms).toEqual([
      { room: 'main', title: 'The room', kind: 'main', listeners: 1, seats: 1 },
      { room: 'main-overflow-1', title: 'The room (overflow 1)', kind: 'overflow', listeners: 1, seats: 2 },
    ]);
    ada.send('q', {});
    const moved = await bob.next('M');
    expect(moved.head).toEqual({
      room: 'main',
      seat: 1,
      ticket: expect.any(String),
      heldForMs: 30_000,
      media: null,
    });
    bob.send('r', { room: 'main', page: 0 });
    expect((await bob.next('R')).bulk).toEqual([{ id: 2, name: 'p2' }]);
    bob.send('q', {});
    await until(() => server.story('room-closed').length > 0);
    expect(server.story('room-opened', 'moved', 'room-closed')).toEqual([
      'room-opened main 1',
      'room-opened main-overflow-1 2',
      'moved 2 main 1',
      'room-closed main-overflow-1 empty',
    ]);
  });
});

test('the hallway: computed is always right, cached may be old', async () => {
  const listeners = async (profile: 'clubhouse-2021' | 'guarded'): Promise<number[]> => {
    const server = await testServer(profile);
    const read = async (): Promise<number> => {
      const response = await fetch(`http://127.0.0.1:${server.running.port}/hallway`);
      return ((await response.json()) as { rooms: { listeners: number }[] }).rooms[0]!.listeners;
    };
    const before = await read();
    await server.seat(1);
    return [before, await read()];
  };
  expect(await listeners('clubhouse-2021')).toEqual([0, 1]);
  expect(await listeners('guarded')).toEqual([0, 0]);
});
