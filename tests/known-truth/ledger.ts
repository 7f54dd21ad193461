/** What the server of known truth is told, and what it says that it did; instants are CLOCK_MONOTONIC nanoseconds. */
import { z } from 'zod';

const ms = z.number().min(0);
const instant = z.string().regex(/^\d+$/);
const perhaps = instant.nullable();
const how = z
  .enum(['told', 'closed', 'silent'])
  .describe(
    'told: the word for it, then a close; closed: the connection ends; silent: nothing comes any more',
  );

export const knownServerOptions = z.strictObject({
  dialMs: ms.default(0).describe('from the request to upgrade to its answer'),
  hallwayMs: ms.default(0).describe('from the wish for the list of rooms to the list'),
  signalMs: ms.default(0).describe('from the ask to a place in the queue'),
  queueMs: ms.default(0).describe('from that place to the seat'),
  floodEveryMs: ms.default(0).describe('everybody inside gets a presence frame so often; 0: none'),
  ejections: z.array(z.strictObject({ personId: z.int(), afterSeatedMs: ms, how })).default([]),
});
export type KnownServerOptions = z.input<typeof knownServerOptions>;

const joinSchema = z.strictObject({
  personId: z.int().nullable(),
  dialHeardNs: instant,
  openedNs: instant,
  hallwayHeardNs: perhaps,
  hallwaySentNs: perhaps,
  askHeardNs: perhaps,
  waitingSentNs: perhaps,
  seatedSentNs: perhaps,
});
/** One connection on which somebody asked. */
export type Join = z.infer<typeof joinSchema>;

const ejectionSchema = z.strictObject({
  personId: z.int(),
  how,
  atNs: instant,
  unansweredNs: perhaps.describe('silent: when the first heartbeat came that was not answered'),
});
export type Ejection = z.infer<typeof ejectionSchema>;

const spanSchema = z.strictObject({ beginNs: instant, endNs: instant });
export type Span = z.infer<typeof spanSchema>;

export const ledgerSchema = z.strictObject({
  joins: z.array(joinSchema),
  ejections: z.array(ejectionSchema),
  stalls: z.array(spanSchema),
  framesSent: z.int(),
  lateMs: ms.describe(
    'by how much a turn of its loop came too late at most, but for the stalls it was told to',
  ),
});
export type Ledger = z.infer<typeof ledgerSchema>;

export type Order = { readonly type: 'stall'; readonly forMs: number } | { readonly type: 'tell' };

const relayedJoinSchema = z.strictObject({
  icePassedNs: perhaps.describe('the first connectivity check of the listener is answered'),
  dtlsEndedNs: perhaps.describe("the last of the worker's handshake"),
  firstAudioNs: perhaps,
});
/** What a relay passed on to one listener, at the instant before it did. */
export type RelayedJoin = z.infer<typeof relayedJoinSchema>;

export const relayLedgerSchema = z.strictObject({
  joins: z.array(relayedJoinSchema),
  oneWayMs: ms.describe('mean time from hearing a datagram to passing it on'),
  datagrams: z.int(),
});
export type RelayLedger = z.infer<typeof relayLedgerSchema>;
