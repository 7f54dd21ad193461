/** The media half of a listener, as the swarm sees it, whatever the body. */
import type { MediaAnswer, MediaOffer } from '../../server/protocol/messages.ts';
import type { StreamSample } from './meter/sample.ts';

export type PeerEvents = {
  /** ICE and DTLS are up; never with a body that has neither. */
  onIce(): void;
  onDtls(): void;
  /** The first RTP packet of the stream; tNs is CLOCK_MONOTONIC, up to 100 ms before this call. */
  onFirstPacket(tNs: bigint): void;
  /** The connection had stood and is gone, and nobody here closed it. */
  onLost(): void;
};

export type Peer = {
  /** The head of the connect message: our DTLS certificate, or where our sink listens. */
  readonly answer: MediaAnswer;
  /** Leaves: the connection is closed soon, and no event follows. */
  close(): void;
  /**
   * Leaves without a word: no event follows, the socket stays open until the pool is closed, and with a native meter
   * nothing is sent any more, not even ICE consent. Without one the peer goes on answering the server's transport,
   * and only its signalling can be silent: false.
   */
  silence(): boolean;
  /** What was counted of it so far, also when another peer of the same person is open; null: it is not counted. */
  peek(): PeerSample | null;
};

/** One second of one listener whose packets are counted. */
export type PeerSample = StreamSample & {
  readonly personId: number;
  /** Packets that came out of SRTP decryption since the join; null without a callback. */
  readonly authenticatedPackets: number | null;
};

export type PeerPool = {
  /** Peers that are open or being opened, silent ones included. */
  readonly size: number;
  /** Opens that wait for their turn. */
  readonly queued: number;
  /** The process whose sockets the packets arrive at. */
  readonly receiverPid: number;
  /** How packets are counted, and how late; for the report. */
  readonly meter: { readonly kind: 'native' | 'callback'; readonly lateness: string };
  /**
   * Opens one listener's connection; resolves when it can be answered.
   * counted: its packets are in the samples. withCallback: a permanent callback proves decryption. Without a native
   * meter counted implies the callback, and a peer with neither never has an onFirstPacket.
   * Rejects with PeerError when the queue is full, the pool is closed, no slot of the meter is free, the offer is
   * another body's or the stack gives no answer.
   */
  open(
    personId: number,
    offer: MediaOffer,
    counted: boolean,
    withCallback: boolean,
    events: PeerEvents,
  ): Promise<Peer>;
  /** To be called once a second: ends the meter's window. Silent and closed listeners are not in it. */
  sample(): readonly PeerSample[];
  /** One listener now, without ending the window; null when it has no counted stream. */
  peek(personId: number): PeerSample | null;
  /** Closes everybody, silent ones too, and the stack when this was the last pool. */
  close(): Promise<void>;
};

export class PeerError extends Error {
  readonly code:
    | 'peer-queue-full'
    | 'peer-pool-closed'
    | 'peer-no-answer'
    | 'peer-no-slot'
    | 'peer-wrong-offer';

  constructor(code: PeerError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PeerError';
    this.code = code;
  }
}
