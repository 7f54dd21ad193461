/**
 * What signalling asks of media, and nothing of how media is made.
 *
 * `server/media/index.ts` implements it with mediasoup; the rest of the server knows only these types, so
 * that it also runs with media switched off.
 */
import type { MediaOffer } from '../protocol/messages.ts';

/** DTLS certificate of a listener, as it came in a connect. */
type MediaFingerprint = { readonly algorithm: 'sha-256'; readonly value: string };

/** One listener's transport and consumer on the server's side. */
export type ListenerMedia = {
  /** All that the listener needs to receive the host's voice. */
  readonly offer: MediaOffer;
  /** Gives the transport the listener's certificate; packets flow once ICE and DTLS are through. */
  connect(fingerprint: MediaFingerprint): Promise<void>;
  /** Closes the transport; calling it twice does nothing the second time. */
  close(): void;
};

/** A running media worker with the rooms that it carries. */
export type Media = {
  readonly workerPid: number;
  /** relayOf null: fed by the host's voice; otherwise fed from that room through a pipe. */
  openRoom(room: string, relayOf: string | null): Promise<void>;
  closeRoom(room: string): Promise<void>;
  /** onLost is called at most once, and never after close(). */
  addListener(room: string, onLost: (cause: 'media-lost') => void): Promise<ListenerMedia>;
  close(): Promise<void>;
};

/** Starts a worker. After onWorkerDied every handle of it is dead and startMedia is to be called again. */
export type StartMedia = (options: {
  readonly frameMs: 20 | 60;
  /** The one UDP port of all media; 0: a free one. */
  readonly rtcPort: number;
  readonly host: string;
  /** null: where mediasoup itself looks. */
  readonly workerBin: string | null;
  readonly iceConsentMs: number;
  readonly onWorkerDied: () => void;
}) => Promise<Media>;
