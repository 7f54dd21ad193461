/**
 * Every check of the admission control must catch a control that does what it forbids: a real server whose control is
 * broken in one way, a real crowd of ninety for thirty seats, six seconds, and what the log says of it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { playNight } from '../rehearsal/night.ts';
import { prepareNight } from '../rehearsal/prepare.ts';
import { recordOf } from '../rehearsal/run.ts';
import { summarise } from '../reports/index.ts';
import type { Summary } from '../reports/summary.ts';
import { smallNight } from '../reports/testing/hand-log.ts';
import type { Break } from '../server/testing/broken-policies.ts';
import { TestListener } from '../server/testing/test-kit.ts';

const ENTRY = fileURLToPath(new URL('../server/testing/broken-server.child.ts', import.meta.url));
const never = new AbortController().signal;
const dirs: string[] = [];

afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** Thirty seats for a second each, ninety people within a second; every timeout is over before the night is. */
function crowdedNight() {
  const { crowd, client, server } = smallNight();
  return smallNight({
    rooms: { main: { room: 'main', title: 'A small room', seats: 30 }, overflow: { seats: 1, roomsMax: 0 } },
    phases: { rampMs: 0, baselineMs: 1_000, surgeMs: 1_000, tailMs: 3_600, leavingMs: 200 },
    moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors open' }],
    incumbents: { count: 0, model: { kind: 'even' } },
    waves: [{ id: 'all', moment: 'doors', count: 90, overMs: 1_000, model: { kind: 'even' } }],
    bodies: { incumbents: { signal: 1 }, arrivals: { signal: 1 } },
    crowd: {
      ...crowd,
      startPatience: { graceMs: 400, leavePerSecond: 0.9 },
      queuePatienceMeanMs: 60_000,
      stayMeanMs: 1_000,
      silentLeaverShare: 0.2,
      returnShare: 1,
      retap: { firstMs: 100, thenMeanMs: 200, triesMax: 50 },
    },
    client: { ...client, heartbeatMs: 200, pongTimeoutMs: 1_000 },
    server: {
      ...server,
      heartbeatMissedMs: 500,
      ticketLifeMs: 200,
      seatHoldMs: 200,
      positionsEveryMs: 100,
      hallwayCacheMs: 50,
    },
    policies: { queue: [{ part: 'waiting-room' }, { part: 'cap' }, { part: 'hold' }] },
  });
}

/** Plays the night on a server that is broken in this way. `visit` comes to it before the crowd does. */
async function nightOf(broken: Break, visit?: (port: number) => Promise<void>): Promise<Summary> {
  const runDir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-oracles-'));
  dirs.push(runDir);
  const port = await freePort();
  const prepared = prepareNight({
    scenario: crowdedNight(),
    seed: 1,
    scale: 1,
    timeScale: 1,
    profile: 'guarded',
    policy: 'queue',
    features: [],
    bodies: null,
    target: null,
    port,
    faults: [],
  });
  let visited = Promise.resolve();
  process.env['BROKEN_BY'] = broken;
  const { interrupted } = await playNight(
    { ...prepared, serverEntry: ENTRY },
    recordOf(prepared, broken, null),
    runDir,
    (observation) => {
      // The server is up, and the crowd is being gathered.
      if (observation.type === 'step' && observation.text === 'gathering the crowd' && visit !== undefined)
        visited = visit(port);
    },
    never,
  );
  await visited;
  expect(interrupted).toBeNull();
  return summarise(runDir);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address.port;
}

/** Is seated, is lost and comes back with the ticket, twice with the same one. */
async function replayTicket(port: number): Promise<void> {
  let ticket: string | undefined;
  for (const attempt of [1, 2, 3]) {
    const listener = new TestListener(port);
    await listener.opened;
    listener.ask(9_999, { attempt, ...(ticket === undefined ? {} : { ticket }) });
    const { head } = await listener.next('S');
    ticket ??= head.ticket;
    listener.socket.terminate();
    await listener.closed;
  }
}

const violated = ({ oracles }: Summary): string[] =>
  oracles.filter(({ violations }) => violations > 0).map(({ name }) => name);

test('an honest control violates nothing, every check had something to look at, and the seats add up', async () => {
  const summary = await nightOf('honest', replayTicket);
  expect(summary.oracles.map(({ name, applicable }) => [name, applicable])).toEqual(
    summary.oracles.map(({ name }) => [name, true]),
  );
  expect(violated(summary)).toEqual([]);
  expect(summary.admission).toMatchObject({ ticketsRedeemed: 1, ticketsRefused: 1 });
  const { taken, released, atEnd } = summary.admission.seats;
  expect(taken).toBeGreaterThan(30);
  expect(taken).toBe(released! + atEnd!);
  expect(summary.admission.ghostSeats).toBeGreaterThan(0);
});

test.each<readonly [Break, string]>([
  ['ignores-the-cap', 'over-admission'],
  ['serves-the-last-first', 'fifo-inversions'],
  ['exaggerates-the-wait', 'estimated-wait'],
  ['forgets-the-lost', 'seats-leaked'],
  ['queues-the-seated', 'waiting-and-seated'],
  ['drops-asks', 'people-lost'],
  ['ejects-in-silence', 'views-agree'],
])('a control that %s is caught by %s', async (broken, oracle) => {
  const summary = await nightOf(broken);
  expect(violated(summary)).toContain(oracle);
  const { detail } = summary.oracles.find(({ name }) => name === oracle)!;
  expect(summary.verdict.notes).toContain(`the check ${oracle} is violated: ${detail}`);
});

test('a server that honours used tickets is caught by tickets-replayed', async () => {
  const summary = await nightOf('honours-used-tickets', replayTicket);
  expect(violated(summary)).toEqual(['tickets-replayed']);
  expect(summary.admission.replayedTickets).toBe(1);
});
