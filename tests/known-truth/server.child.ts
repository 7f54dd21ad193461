/**
 * A server whose truth is known: it holds each phase of a join back by a fixed time, ends exactly the seats that it is told
 * to, and stands still for as long as it is told to, while it floods everybody inside with presence. It speaks
 * docs/reference/protocol.md and shares nothing with the reference server: `node server.child.ts '{"dialMs":20}'`.
 *
 * Its truth is not what it was asked to do but what it did: the instant before each write, on CLOCK_MONOTONIC, which the
 * crowd's rows are written on too. So its own lateness is part of the truth, and a timer need not be exact.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  type Ejection,
  type Join,
  knownServerOptions,
  type Ledger,
  type Order,
  type Span,
} from './ledger.ts';

const options = knownServerOptions.parse(JSON.parse(process.argv[2] ?? '{}'));
/** Everybody inside has a turn in each round; a slice at a time, so that the flood never delays what is timed. */
const FLOOD_SLICES = 16;
/** It looks so often how late its own turns are: by so much it may hear of what came. */
const LOOK_EVERY_MS = 2;

type Line = {
  readonly socket: WebSocket;
  personId: number | null;
  isSilent: boolean;
  /** What is known of the join on this connection. */
  readonly join: { -readonly [instant in keyof Join]: Join[instant] };
  ejection: { -readonly [field in keyof Ejection]: Ejection[field] } | null;
};

const inside = new Map<number, Line>();
const joins: Join[] = [];
const ejections: Ejection[] = [];
const stalls: Span[] = [];
const toEject = new Map(options.ejections.map((one) => [one.personId, one]));
let seats = 0;
let framesSent = 0;
let lateMs = 0;
let lookedMs: number | null = null;

const now = () => String(process.hrtime.bigint());
const hallway = () => ({
  rooms: [{ room: 'main', title: 'A known room', kind: 'main', listeners: inside.size, seats: null }],
});

function say({ socket, isSilent }: Line, letter: string, head: object, bulk?: object): void {
  if (isSilent) return;
  socket.send(letter + JSON.stringify(head) + (bulk === undefined ? '' : `\n${JSON.stringify(bulk)}`));
}

/** Later, and with the instant of the write noted just before it. */
function sayLater(line: Line, afterMs: number, instant: keyof Join, write: () => void): void {
  setTimeout(() => {
    line.join[instant] = now() as never;
    write();
  }, afterMs);
}

function askedOf(line: Line, personId: number): void {
  line.personId = personId;
  Object.assign(line.join, { personId, askHeardNs: now() });
  joins.push(line.join);
  const wait = { ticket: null, position: 1, estimatedWaitMs: null, ticketLifeMs: 0 };
  sayLater(line, options.signalMs, 'waitingSentNs', () => {
    say(line, 'W', wait);
    sayLater(line, options.queueMs, 'seatedSentNs', () => seat(line, personId));
  });
}

function seat(line: Line, personId: number): void {
  inside.set(personId, line);
  const place = { room: 'main', seat: ++seats, resumed: false, ticket: null, heldForMs: null };
  say(line, 'S', { ...place, listeners: inside.size, rosterPages: 0, media: null }, []);
  const told = toEject.get(personId);
  if (told === undefined) return;
  // Once: who comes back stays.
  toEject.delete(personId);
  setTimeout(() => end(line, personId, told.how), told.afterSeatedMs);
}

/** Takes a seat away: with the word for it, by ending the connection, or by never saying anything again. */
function end(line: Line, personId: number, how: Ejection['how']): void {
  inside.delete(personId);
  line.ejection = { personId, how, atNs: now(), unansweredNs: null };
  ejections.push(line.ejection);
  if (how === 'told') {
    say(line, 'E', { cause: 'room-closed', ticket: null, heldForMs: null });
    line.socket.close();
  } else if (how === 'closed') line.socket.terminate();
  else line.isSilent = true;
}

function hear(line: Line, text: string): void {
  const head = JSON.parse(text.slice(1));
  switch (text.slice(0, 1)) {
    case 'h':
      line.join.hallwayHeardNs ??= now();
      sayLater(line, options.hallwayMs, 'hallwaySentNs', () => say(line, 'H', hallway()));
      return;
    case 'a':
      askedOf(line, head.personId);
      return;
    case 'b':
      if (line.ejection?.how === 'silent') line.ejection.unansweredNs ??= now();
      say(line, 'B', { n: head.n });
      return;
    case 'q':
      say(line, 'Q', {});
      line.socket.close();
      return;
  }
}

const wss = new WebSocketServer({ noServer: true });
const http = createServer((_, response) => response.end('{}'));
http.on('upgrade', (request, socket, head) => {
  const dialHeardNs = now();
  setTimeout(() => {
    const openedNs = now();
    wss.handleUpgrade(request, socket, head, (client) => greet(client, dialHeardNs, openedNs));
  }, options.dialMs);
});

function greet(socket: WebSocket, dialHeardNs: string, openedNs: string): void {
  const nothingYet = { askHeardNs: null, waitingSentNs: null, seatedSentNs: null };
  const join = { personId: null, dialHeardNs, openedNs, hallwayHeardNs: null, hallwaySentNs: null };
  const line: Line = {
    ...{ socket, personId: null, isSilent: false, ejection: null },
    join: { ...join, ...nothingYet },
  };
  socket.on('message', (bytes) => hear(line, String(bytes)));
  socket.on('error', () => {}); // The close follows by itself.
  socket.on('close', () => {
    if (line.personId !== null && inside.get(line.personId) === line) inside.delete(line.personId);
  });
}

const FRAME = `P${JSON.stringify({ kind: 'joined', listeners: 1, user: { id: 1, name: 'Somebody' } })}`;
let slice = 0;
if (options.floodEveryMs > 0) {
  setInterval(() => {
    let nth = 0;
    for (const { socket } of inside.values()) {
      if (nth++ % FLOOD_SLICES !== slice) continue;
      socket.send(FRAME);
      framesSent++;
    }
    slice = (slice + 1) % FLOOD_SLICES;
  }, options.floodEveryMs / FLOOD_SLICES);
}

setInterval(() => {
  const nowMs = performance.now();
  if (lookedMs !== null) lateMs = Math.max(lateMs, nowMs - lookedMs - LOOK_EVERY_MS);
  lookedMs = nowMs;
}, LOOK_EVERY_MS);

function stall(forMs: number): void {
  const beginNs = process.hrtime.bigint();
  const endNs = beginNs + BigInt(Math.round(forMs * 1e6));
  while (process.hrtime.bigint() < endNs);
  stalls.push({ beginNs: String(beginNs), endNs: now() });
  lookedMs = null;
}

process.on('disconnect', () => process.exit(0));
process.on('message', (order: Order) => {
  if (order.type === 'stall') {
    stall(order.forMs);
    return;
  }
  const ledger: Ledger = { joins, ejections, stalls, framesSent, lateMs };
  process.send?.(ledger, () => process.exit(0));
});
http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.send?.({ port: (http.address() as AddressInfo).port });
});
