/**
 * What signalling asks of media, and nothing of how media is made.
 *
 * `server/media/index.ts` implements it with mediasoup; the rest of the server knows only these types, so
 * that it also runs with media switched off.
 */
import type { MediaAnswer, MediaOffer } from '../protocol/messages.ts';

/** One listener's transport and consumer on the server's side. */
export type ListenerMedia = {
  /** All that the listener needs to receive the host's voice. */
  readonly offer: MediaOffer;
  /**
   * Gives the transport the listener's certificate, or where its sink listens. Packets flow once ICE and DTLS are
   * through, or at once. Rejects with MediaError when the answer does not fit the offer.
   */
  connect(answer: MediaAnswer): Promise<void>;
  /** Closes the transport; calling it twice does nothing the second time. */
  close(): void;
};

export type ListenerHooks = {
  /** Called at most once, and never after close(). */
  readonly onLost: (cause: 'media-lost') => void;
  /** Called at most once: from now on audio is sent to this listener. */
  readonly onFlowing?: () => void;
};

/** Running media workers with the rooms that they carry. */
export type Media = {
  /** Of the first worker, which carries the main room. */
  readonly workerPid: number;
  /** relayOf null: fed by the host's voice; otherwise fed from that room through a pipe. */
  openRoom(room: string, relayOf: string | null): Promise<void>;
  closeRoom(room: string): Promise<void>;
  addListener(room: string, kind: 'webrtc' | 'rtp', hooks: ListenerHooks): Promise<ListenerMedia>;
  /** Open transports of listeners, as the workers themselves count them: what was leaked is among them. */
  transports(): Promise<number>;
  /** CPU time of each worker since its start, ms. */
  cpuMs(): Promise<readonly number[]>;
  close(): Promise<void>;
};

/** Starts the workers. After onWorkerDied every handle is dead and startMedia is to be called again. */
export type StartMedia = (options: {
  readonly frameMs: 20 | 60;
  /** Processes that carry media; 1 or more. */
  readonly workers: number;
  /** The UDP port of the first worker's WebRTC listeners; 0: a free one. Other workers take free ones. */
  readonly rtcPort: number;
  readonly host: string;
  /** null: where mediasoup itself looks. */
  readonly workerBin: string | null;
  readonly iceConsentMs: number;
  readonly onWorkerDied: () => void;
}) => Promise<Media>;
