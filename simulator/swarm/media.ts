/**
 * The audio of this process's listeners: one peer for each seat, whatever order offers, answers, moves and
 * leave-takings come in; and each second what was counted of them.
 */
import type { EventWriter } from '../../events/writer.ts';
import type { MediaOffer } from '../../server/protocol/messages.ts';
import { missingMs } from '../bodies/meter/sample.ts';
import type { Peer, PeerPool, PeerSample } from '../bodies/peer-pool.ts';
import { relayLag } from '../bodies/webrtc/relay-lag.ts';
import type { ListenerEvent } from '../listener/events.ts';

const RELAY_LAG_SAMPLES_A_SECOND = 20;
/** A move is judged by what had come two samples later: the new source flows by then. */
const SECONDS_TO_JUDGE_A_MOVE = 2;

/** The seat's audio at present, and the one before it until the present one sounds. */
type Seat = { peer: Peer | null; before: Peer | null; isSilent: boolean; isClosed: boolean };

export type MediaSideOptions = {
  readonly kind: 'webrtc' | 'rtp';
  readonly pool: PeerPool;
  readonly log: EventWriter;
  readonly frameMs: number;
  readonly mainRoom: string;
  readonly withCallback: (personId: number) => boolean;
  readonly roomOf: (personId: number) => string | null;
};

export class MediaSide {
  /** What its listeners ask the server for. */
  readonly kind: 'webrtc' | 'rtp';
  readonly #options: MediaSideOptions;
  readonly #seats = new Map<number, Seat>();
  readonly #moves: { readonly personId: number; before: PeerSample; seconds: number }[] = [];
  /** Peers that could not be opened, by code, since last taken. */
  readonly troubles = new Map<string, number>();

  constructor(options: MediaSideOptions) {
    this.kind = options.kind;
    this.#options = options;
  }

  /** Opens the audio of an offer beside what there is; the former ends when the new one sounds. */
  connect(personId: number, offer: MediaOffer, tell: (event: ListenerEvent) => void): void {
    const former = this.#seats.get(personId);
    if (former !== undefined) former.isClosed = true;
    former?.before?.close();
    const seat: Seat = { peer: null, before: former?.peer ?? null, isSilent: false, isClosed: false };
    this.#seats.set(personId, seat);
    const ifPresent = (event: ListenerEvent) => {
      if (!seat.isClosed && !seat.isSilent) tell(event);
    };
    const { pool, withCallback } = this.#options;
    pool
      .open(personId, offer, true, withCallback(personId), {
        onIce: () => ifPresent({ type: 'ice', tNs: null }),
        onDtls: () => ifPresent({ type: 'dtls', tNs: null }),
        onFirstPacket: (tNs) => {
          this.#overtake(personId, seat);
          ifPresent({ type: 'first-audio', tNs });
        },
        onLost: () => ifPresent({ type: 'media-lost' }),
      })
      .then(
        (peer) => {
          seat.peer = peer;
          if (seat.isClosed) peer.close();
          else if (seat.isSilent) peer.silence();
          else tell({ type: 'media-answer', answer: peer.answer });
        },
        (error: unknown) => {
          // The generator could not do it: a defect of ours, not the server's. The listener's timer ends its wait.
          const code = error instanceof Error && 'code' in error ? String(error.code) : 'peer-failed';
          this.troubles.set(code, (this.troubles.get(code) ?? 0) + 1);
        },
      );
  }

  /** The new audio sounds: the old one ends, and a move is judged by what had come of it until now. */
  #overtake(personId: number, seat: Seat): void {
    const { before } = seat;
    if (before === null) return;
    const last = before.peek();
    const move = this.#moves.findLast((one) => one.personId === personId);
    if (last !== null && move !== undefined) move.before = last;
    before.close();
    seat.before = null;
  }

  close(personId: number): void {
    const seat = this.#seats.get(personId);
    if (seat === undefined) return;
    this.#seats.delete(personId);
    seat.isClosed = true;
    seat.before?.close();
    seat.peer?.close();
  }

  /** Sends nothing any more, and stays. */
  silence(personId: number): void {
    const seat = this.#seats.get(personId);
    if (seat === undefined) return;
    seat.isSilent = true;
    seat.before?.silence();
    seat.peer?.silence();
  }

  /** The listener sits in another room from now on: how much audio does that cost? */
  moved(personId: number): void {
    const before = this.#options.pool.peek(personId);
    if (before !== null && before.packetsTotal > 0) this.#moves.push({ personId, before, seconds: 0 });
  }

  /** Once a second: a row for each counted listener, relay lags, and moves that can be judged. */
  second(): void {
    const { log, pool, frameMs, mainRoom, roomOf } = this.#options;
    const samples = pool.sample();
    for (const { personId, packets, lost, longestGapMs, lateMs, jitterMs } of samples) {
      const late = Math.round(lateMs * 10) / 10;
      log.row(
        'media',
        personId,
        null,
        null,
        roomOf(personId),
        null,
        packets,
        lost,
        longestGapMs,
        undefined,
        late,
        jitterMs === null ? null : Math.round(jitterMs * 1000) / 1000,
      );
    }
    const inMain = samples.filter(({ personId }) => roomOf(personId) === mainRoom);
    const inOverflow = samples.filter(({ personId }) => roomOf(personId) !== mainRoom);
    for (const { personId, lagMs } of relayLag(inMain, spread(inOverflow, RELAY_LAG_SAMPLES_A_SECOND))) {
      log.row('relay-lag', personId, null, null, roomOf(personId), null, lagMs);
    }
    this.#judgeMoves(log, pool, frameMs);
  }

  #judgeMoves(log: EventWriter, pool: PeerPool, frameMs: number): void {
    for (const move of this.#moves) move.seconds++;
    while (this.#moves.length > 0 && this.#moves[0]!.seconds >= SECONDS_TO_JUDGE_A_MOVE) {
      const { personId, before } = this.#moves.shift()!;
      const after = pool.peek(personId);
      if (after === null || after.packetsTotal === 0) continue;
      log.row(
        'promotion-gap',
        personId,
        null,
        null,
        this.#options.roomOf(personId),
        null,
        missingMs(before, after, frameMs),
      );
    }
  }
}

/** At most `count` of them, evenly over the list. */
function spread<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all;
  return Array.from({ length: count }, (_, nth) => all[Math.floor((nth * all.length) / count)]!);
}
