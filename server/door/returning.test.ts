import { describe, expect, test } from 'vitest';
import { type TestServer, testServer, until } from '../testing/test-kit.ts';

/** Person 1 sits on the only seat, is lost without a word, and leaves this ticket. */
async function lostWithTicket(server: TestServer): Promise<string> {
  const ada = await server.ask(1);
  const { ticket } = (await ada.next('S')).head;
  ada.socket.terminate();
  await until(() => server.story('held').length > 0);
  return ticket;
}

describe('a held seat', () => {
  test('is resumed from another connection with the ticket, past the queue', async () => {
    const server = await testServer('guarded', { seats: 1 });
    const ticket = await lostWithTicket(server);
    const bob = await server.ask(2);
    await bob.next('W');
    const ada = await server.ask(1, { attempt: 2, ticket });
    const { head } = await ada.next();
    expect(head).toMatchObject({ room: 'main', seat: 1, resumed: true, heldForMs: 30_000 });
    expect(head.ticket).not.toBe(ticket);
    expect(server.story('ejected', 'held', 'seated')).toEqual([
      'seated 1 main new 1',
      'ejected 1 main connection-lost',
      'held 1 main 30000',
      'seated 1 main resumed 1',
    ]);
  });

  test('lapses, and then the ticket has run out', async () => {
    const server = await testServer('guarded', { seats: 1, timers: { seatHoldMs: 40 } });
    const ticket = await lostWithTicket(server);
    const bob = await server.ask(2);
    await bob.next('S');
    const ada = await server.ask(1, { attempt: 2, ticket });
    expect((await ada.next()).head).toMatchObject({ code: 'ticket-expired' });
    expect((await ada.next()).letter).toBe('W');
    expect(server.story('expired', 'released', 'ticket-refused')).toEqual([
      'expired 1 main',
      'released 1 main expired 1',
      'ticket-refused 1 ticket-expired',
    ]);
  });

  test('the same person on a second connection displaces the first and keeps the seat', async () => {
    const server = await testServer('guarded', { seats: 1 });
    const old = await server.seat(1);
    const now = await server.ask(1, { attempt: 2 });
    expect((await old.next('E')).head).toEqual({ cause: 'displaced', ticket: null, heldForMs: null });
    expect((await now.next('S')).head).toMatchObject({ seat: 1, resumed: true, listeners: 1 });
    await old.closed;
    await now.roundTrip();
    expect((await server.health()).rooms).toMatchObject([{ taken: 1, held: 0 }]);
  });
});

describe('tickets', () => {
  test('one byte changed, used twice, or of somebody else: refused, and the ask goes on', async () => {
    const server = await testServer('guarded', { seats: 1 });
    const ticket = await lostWithTicket(server);
    const changed = (ticket.startsWith('A') ? 'B' : 'A') + ticket.slice(1);

    const mallory = await server.ask(2, { ticket });
    expect((await mallory.next()).head.code).toBe('ticket-foreign');
    expect((await mallory.next()).letter).toBe('W');

    const ada = await server.ask(1, { ticket });
    expect((await ada.next()).head.resumed).toBe(true);

    const other = await server.ask(3, { ticket: changed });
    expect((await other.next()).head.code).toBe('ticket-malformed');
    expect((await other.next()).letter).toBe('W');

    ada.socket.terminate();
    await until(() => server.story('held').length === 2);
    const again = await server.ask(1, { ticket });
    expect((await again.next()).head.code).toBe('ticket-replayed');
    expect((await again.next()).letter).toBe('W');
    expect(server.story('ticket-refused', 'released')).toEqual([
      'ticket-refused 2 ticket-foreign',
      'ticket-refused 3 ticket-malformed',
      'ticket-refused 1 ticket-replayed',
      'released 1 main superseded 1',
    ]);
  });

  test('a place in the queue outlives its connection, and is passed over meanwhile', async () => {
    const server = await testServer('guarded', { seats: 1 });
    const ada = await server.seat(1);
    const bob = await server.ask(2);
    const { ticket } = (await bob.next('W')).head;
    const cleo = await server.ask(3);
    await cleo.next('W');
    bob.socket.terminate();
    await until(() => server.story('vanished').length > 0);
    ada.send('q', {});
    await cleo.next('S');
    const dora = await server.ask(4);
    expect((await dora.next('W')).head.position).toBe(2);
    const back = await server.ask(2, { attempt: 2, ticket });
    expect((await back.next()).head).toMatchObject({ position: 1, ticket: expect.any(String) });
    cleo.send('q', {});
    expect((await back.next('S')).head.seat).toBe(1);
  });
});

describe('a restart', () => {
  test('honours tickets and lets what nobody claims lapse', async () => {
    const overflow = { seats: 1, roomsMax: 1 };
    const timers = { seatHoldMs: 400, ticketLifeMs: 5_000 };
    const first = await testServer('guarded', { seats: 2, overflow, timers });
    const ada = await first.seat(1);
    await first.seat(2);
    const cleo = await first.ask(3);
    const seatOfCleo = (await cleo.next('S')).head;
    expect(seatOfCleo.room).toBe('main-overflow-1');
    const dora = await first.ask(4);
    const placeOfDora = (await dora.next('W')).head.ticket;
    await first.running.close();
    const ejected = await ada.next('E');
    expect(ejected.head).toMatchObject({ cause: 'server-restart', heldForMs: 400 });

    const { runDir } = first.config;
    const second = await testServer('guarded', { seats: 2, overflow, timers, runDir });
    expect(second.story('held')).toEqual([
      'held 1 main 400',
      'held 3 main-overflow-1 400',
      'held 2 main 400',
    ]);
    const newcomer = await second.ask(5);
    expect((await newcomer.next()).head.position).toBe(1);
    const dora2 = await second.ask(4, { ticket: placeOfDora });
    expect((await dora2.next()).head).toMatchObject({ position: 1 });
    const cleo2 = await second.ask(3, { ticket: seatOfCleo.ticket });
    expect((await cleo2.next()).head).toMatchObject({ room: 'main-overflow-1', seat: 1, resumed: true });
    const ada2 = await second.ask(1, { ticket: ejected.head.ticket });
    expect((await ada2.next()).head).toMatchObject({ room: 'main', seat: 1, resumed: true });
    // Nobody claims seat 2: it lapses, the overflow listener is promoted to it, and the queue follows in order.
    expect((await cleo2.next('M')).head).toMatchObject({ room: 'main', seat: 2 });
    expect((await dora2.next('S')).head).toMatchObject({ room: 'main-overflow-1', seat: 1 });
    expect(second.story('expired')).toEqual(['expired 2 main']);
  });

  test('without held seats begins empty', async () => {
    const first = await testServer('clubhouse-2021', { seats: 1 });
    await first.seat(1);
    await first.running.close();
    const second = await testServer('clubhouse-2021', { seats: 1, runDir: first.config.runDir });
    expect((await (await second.ask(2)).next()).letter).toBe('S');
  });
});
