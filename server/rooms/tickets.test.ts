import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTicketKeys, TicketKeys } from './ticket-keys.ts';
import { Tickets } from './tickets.ts';

/** Never written: nothing here saves it. */
const keysOf = (byte: number) => new TicketKeys('', [{ id: 'one', key: Buffer.alloc(32, byte) }]);
const KEY = keysOf(7);

async function folder(): Promise<string> {
  const runDir = await mkdtemp(join(tmpdir(), 'roomrush-tickets-'));
  onTestFinished(() => rm(runDir, { recursive: true, force: true }));
  return runDir;
}

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
  expect(new Tickets(keysOf(8)).redeem(ticket, 7, 0)).toMatchObject({ code: 'ticket-malformed' });
});

test('the keys are kept for the next server, and for their owner only', async () => {
  const runDir = await folder();
  const ticket = new Tickets(await openTicketKeys(runDir)).seat(7, 'main', 12, 1_000);
  const next = new Tickets(await openTicketKeys(runDir));
  expect(next.redeem(ticket, 7, 0)).toMatchObject({ ok: true });
  const file = join(runDir, 'ticket.keys');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(file, 'not keys');
  await expect(openTicketKeys(runDir)).rejects.toMatchObject({ code: 'RUN_DIR' });
  await expect(openTicketKeys(join(runDir, 'nowhere'))).rejects.toMatchObject({ code: 'RUN_DIR' });
});

test('a ticket outlives one change of key, also over a restart, and not two', async () => {
  const runDir = await folder();
  const keys = await openTicketKeys(runDir);
  const tickets = new Tickets(keys);
  const [early, late] = [tickets.seat(7, 'main', 1, 1_000), tickets.seat(8, 'main', 2, 1_000)];
  keys.rotate();
  const restarted = new Tickets(await openTicketKeys(runDir));
  expect(restarted.redeem(early, 7, 0)).toMatchObject({ ok: true });
  expect(tickets.redeem(tickets.seat(9, 'main', 3, 1_000), 9, 0)).toMatchObject({ ok: true });
  keys.rotate();
  expect(tickets.redeem(late, 8, 0)).toEqual({ ok: false, code: 'ticket-malformed' });
});
