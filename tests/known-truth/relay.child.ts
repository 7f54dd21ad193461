/**
 * A UDP relay of known delay between WebRTC listeners and a media worker:
 * `node relay.child.ts <worker's port> <one-way delay, ms> <file of its ledger>`. Each listener has a socket of its own
 * towards the worker, so that the worker tells them apart. It says its port over the channel to its parent, and writes its
 * ledger when that channel closes: the instant before each write that ends a phase of a join.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { RelayedJoin, RelayLedger } from './ledger.ts';

const HOST = '127.0.0.1';
const [workerPort, oneWayMs] = process.argv.slice(2, 4).map(Number) as [number, number];
const ledgerFile = process.argv[4]!;

type Kind = 'stun' | 'dtls' | 'rtp' | 'rtcp' | 'other';
/** By the first bytes: RFC 7983 for STUN, DTLS and RTP, RFC 5761 for RTCP among these. */
function kindOf(packet: Buffer): Kind {
  const [first = 255, second = 0] = packet;
  if (first <= 3) return 'stun';
  if (first >= 20 && first <= 63) return 'dtls';
  if (first < 128 || first > 191) return 'other';
  return second >= 200 && second <= 207 ? 'rtcp' : 'rtp';
}
/** A binding success response (RFC 8489). */
const isCheckPassed = (packet: Buffer) => packet.length > 1 && packet.readUInt16BE(0) === 0x0101;

const joins: { -readonly [instant in keyof RelayedJoin]: RelayedJoin[instant] }[] = [];
const upstream = new Map<number, Socket>();
let delayNs = 0n;
let datagrams = 0;

/** Passes it on so much later, and counts how much it really was. */
function later(send: () => void): void {
  const heardNs = process.hrtime.bigint();
  const pass = () => {
    delayNs += process.hrtime.bigint() - heardNs;
    datagrams++;
    send();
  };
  if (oneWayMs === 0) pass();
  else setTimeout(pass, oneWayMs);
}

const listening = createSocket('udp4');

function towardsWorker(listenerPort: number): Socket {
  const known = upstream.get(listenerPort);
  if (known !== undefined) return known;
  const socket = createSocket('udp4');
  upstream.set(listenerPort, socket);
  const join: (typeof joins)[number] = { icePassedNs: null, dtlsEndedNs: null, firstAudioNs: null };
  joins.push(join);
  socket.on('message', (packet) =>
    later(() => {
      note(join, packet);
      listening.send(packet, listenerPort, HOST);
    }),
  );
  socket.on('error', () => {}); // A worker that has ended refuses packets.
  return socket;
}

function note(join: (typeof joins)[number], packet: Buffer): void {
  // Whatever comes after the first sound belongs to no join.
  if (join.firstAudioNs !== null) return;
  const atNs = String(process.hrtime.bigint());
  const kind = kindOf(packet);
  if (kind === 'stun' && isCheckPassed(packet)) join.icePassedNs ??= atNs;
  else if (kind === 'dtls') join.dtlsEndedNs = atNs;
  else if (kind === 'rtp') join.firstAudioNs = atNs;
}

listening.on('message', (packet, { port }) => {
  const socket = towardsWorker(port);
  later(() => socket.send(packet, workerPort, HOST));
});
listening.on('error', () => {}); // Listeners that have gone refuse packets.
listening.bind(0, HOST);
await once(listening, 'listening');
process.on('disconnect', () => {
  const ledger: RelayLedger = { joins, oneWayMs: Number(delayNs) / 1e6 / Math.max(1, datagrams), datagrams };
  writeFileSync(ledgerFile, JSON.stringify(ledger));
  process.exit(0);
});
process.send?.({ port: listening.address().port });
