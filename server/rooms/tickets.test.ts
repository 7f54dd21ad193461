import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTickets, Tickets } from './tickets.ts';

const KEY = Buffer.alloc(32, 7);

test('a ticket is good once, for its owner, until it expires', () => {
  const tickets = new Tickets(KEY);
  const ticket = tickets.seat(7, 'main', 12, 1_000);
  expect(tickets.redeem(ticket, 8, 999)).toEqual({ ok: false, code: 'ticket-foreign' });
  expect(tickets.redeem(ticket, 7, 1_000)).toEqual({ ok: false, code: 'ticket-expired' });
  const redeemed = tickets.redeem(ticket, 7, 999);
  expect(redeemed).toMatchObject({ ok: true, claim: { kind: 'seat', room: 'main', seat: 12 } });
  expect(tickets.redeem(ticket, 7, 999)).toEqual({ ok: false, code: 'ticket-replayed' });
  if (redeemed.ok) tickets.giveBack(redeemed.nonce);
  expect(tickets.redeem(ticket, 7, 999)).toMatchObject({ ok: true });
});

test('a place in the queue', () => {
  const tickets = new Tickets(KEY);
  const ticket = tickets.place(0, 'main', 4_711, 1_000);
  expect(tickets.redeem(ticket, 0, 0)).toMatchObject({ ok: true, claim: { kind: 'place', sequence: 4_711 } });
});

test('whichever byte is changed, whatever is appended or cut off: malformed', () => {
  const tickets = new Tickets(KEY);
  const ticket = tickets.seat(7, 'main', 12, 1_000);
  for (let at = 0; at < ticket.length; at += 1) {
    for (const other of ['A', 'B', '.', '_', '=']) {
      if (ticket[at] === other) continue;
      const changed = ticket.slice(0, at) + other + ticket.slice(at + 1);
      expect(tickets.redeem(changed, 7, 0)).toEqual({ ok: false, code: 'ticket-malformed' });
    }
    expect(tickets.redeem(ticket.slice(0, at), 7, 0)).toEqual({ ok: false, code: 'ticket-malformed' });
  }
  for (const changed of [`${ticket}=`, `${ticket}A`, `${ticket}.`, ` ${ticket}`, '.', 'é'.repeat(43)])
    expect(tickets.redeem(changed, 7, 0)).toEqual({ ok: false, code: 'ticket-malformed' });
  expect(new Tickets(Buffer.alloc(32, 8)).redeem(ticket, 7, 0)).toMatchObject({ code: 'ticket-malformed' });
});

test('the key is kept for the next server, and for its owner only', async () => {
  const runDir = await mkdtemp(join(tmpdir(), 'roomrush-tickets-'));
  onTestFinished(() => rm(runDir, { recursive: true, force: true }));
  const ticket = (await openTickets(runDir)).seat(7, 'main', 12, 1_000);
  expect((await openTickets(runDir)).redeem(ticket, 7, 0)).toMatchObject({ ok: true });
  expect((await stat(join(runDir, 'ticket.key'))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(runDir, 'ticket.key'))).toHaveLength(32);
  await expect(openTickets(join(runDir, 'nowhere'))).rejects.toMatchObject({ code: 'RUN_DIR' });
});
