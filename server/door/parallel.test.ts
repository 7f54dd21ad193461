/** Rooms that listeners open themselves: opened, gone to, full, lost and closed, beside a main room that is full. */
import { expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../protocol/wire.ts';
import { type TestListener, type TestServer, testServer, until } from '../testing/test-kit.ts';

const STORY = ['room-opened', 'asked', 'took', 'full', 'left', 'ejected', 'room-closed'] as const;

async function opens(
  server: TestServer,
  personId: number,
  title = `Room of ${personId}`,
): Promise<TestListener> {
  const listener = await server.dial();
  listener.send('o', { v: PROTOCOL_VERSION, personId, name: `p${personId}`, attempt: 1, title });
  return listener;
}

test.each(['clubhouse-2021', 'guarded'] as const)(
  'opened, joined, left and closed, on %s',
  async (profile) => {
    const server = await testServer(profile, { seats: 1, parallel: { seats: 2, roomsMax: 1 } });
    const ada = await opens(server, 1, 'Ada’s');
    const seat = { room: 'parallel-1', resumed: false, ticket: null, heldForMs: null, media: null };
    expect((await ada.next()).head).toEqual({ ...seat, seat: 1, listeners: 1, rosterPages: 0 });
    const bob = await server.ask(2, { room: 'parallel-1', media: 'webrtc' });
    const answer = await bob.next();
    expect(answer.head).toEqual({ ...seat, seat: 2, listeners: 2, rosterPages: 0 });
    expect(answer.bulk).toHaveLength(2);
    expect((await ada.next('P')).head).toMatchObject({ listeners: 2 });

    const eve = await server.ask(3, { room: 'parallel-1' });
    expect(await eve.next()).toMatchObject({ letter: 'F', head: { room: 'parallel-1', retryAfterMs: null } });
    eve.send('o', { v: PROTOCOL_VERSION, personId: 3, name: 'Eve', attempt: 2, title: 'One more' });
    expect((await eve.next()).letter).toBe('F');
    eve.send('h', {});
    expect((await eve.next('H')).head.rooms).toEqual([
      { room: 'main', title: 'The room', kind: 'main', listeners: 0, seats: 1 },
      { room: 'parallel-1', title: 'Ada’s', kind: 'parallel', listeners: 2, seats: 2 },
    ]);
    // The main room knows nothing of them.
    expect((await server.health()).rooms).toMatchObject([{ room: 'main', taken: 0, decided: 0, held: 0 }]);

    bob.send('r', { room: 'parallel-1', page: 0 });
    expect((await bob.next('R')).bulk).toHaveLength(2);
    ada.send('q', {});
    await ada.closed;
    bob.socket.terminate();
    await until(() => server.story('room-closed').length > 0);
    expect(server.story('left', 'ejected', 'room-closed', 'held', 'released', 'vanished')).toEqual([
      'left 1 parallel-1 goodbye',
      'ejected 2 parallel-1 connection-lost',
      'room-closed parallel-1 empty',
    ]);
    expect(server.story(...STORY).slice(0, 9)).toEqual([
      'room-opened main 1',
      'room-opened parallel-1 2',
      'asked 1 parallel-1',
      'took 1 parallel-1 1',
      'asked 2 parallel-1',
      'took 2 parallel-1 2',
      'asked 3 parallel-1',
      'full 3 parallel-1',
      'asked 3 parallel',
    ]);
    const gone = await server.ask(5, { room: 'parallel-1' });
    expect(await gone.next()).toMatchObject({ letter: 'F', head: { room: 'parallel-1' } });
  },
);

test('one person has one seat: the parallel room displaces the main one, and the other way round', async () => {
  const server = await testServer('guarded', { seats: 1, parallel: { seats: 2, roomsMax: 1 } });
  const inMain = await server.seat(1);
  const queued = await server.ask(2);
  await queued.next('W');
  const aside = await opens(server, 1);
  expect((await inMain.next('E')).head).toEqual({ cause: 'displaced', ticket: null, heldForMs: null });
  await aside.next('S');
  // The seat that was given up is the next one's.
  await queued.next('S');
  queued.send('q', {});
  await queued.closed;
  const again = await server.ask(1, { attempt: 3 });
  expect((await aside.next('E')).head.cause).toBe('displaced');
  expect((await again.next('S')).head).toMatchObject({ room: 'main', resumed: false });
  expect(server.story('room-closed')).toEqual(['room-closed parallel-1 empty']);
});

test('where nobody may open one, nobody can', async () => {
  const server = await testServer('guarded');
  const ada = await opens(server, 1);
  expect(await ada.next()).toMatchObject({ letter: 'F', head: { room: 'parallel' } });
  ada.send('o', { v: 2, personId: 1 });
  expect((await ada.next()).head.code).toBe('unsupported-version');
  ada.ask(1, { attempt: 2 });
  await ada.next('S');
  ada.send('o', { v: PROTOCOL_VERSION, personId: 1, name: 'p1', attempt: 3, title: 'T' });
  expect((await ada.next('X')).head.code).toBe('wrong-state');
});

test('a server that stops ejects them without a ticket', async () => {
  const server = await testServer('guarded', { parallel: { seats: 2, roomsMax: 1 } });
  const ada = await opens(server, 1);
  await ada.next('S');
  const told = ada.next('E');
  await server.running.close();
  expect((await told).head).toEqual({ cause: 'server-restart', ticket: null, heldForMs: null });
});
