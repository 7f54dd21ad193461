/** One PeerConnection with one receiving audio track. */
import { Audio, PeerConnection, RtcpReceivingSession, type Track } from 'node-datachannel';
import type { WebrtcOffer } from '../../../server/protocol/messages.ts';
import { PeerError } from '../peer-pool.ts';
import { fingerprintOf, offerSdp } from './sdp.ts';

/** Our side of the handshake takes 1 to 2 ms; on a busy machine a second. Beyond this something is wrong. */
const ANSWER_MS_MAX = 10_000;

export type Connection = {
  readonly fingerprint: { readonly algorithm: 'sha-256'; readonly value: string };
  close(): void;
};

export type ConnectionEvents = {
  onIce(): void;
  onDtls(): void;
  onLost(): void;
  /** The connection is fully closed, by whomever. */
  onClosed(): void;
};

/**
 * Answers the offer; resolves when the certificate is known, while ICE already runs.
 *
 * onPacket null: no callback is set at all. A callback can be neither replaced nor unset while packets flow (the
 * stack would use it after it was freed), so this is decided here and for good.
 */
export function connect(
  name: string,
  offer: WebrtcOffer,
  onPacket: ((packet: Uint8Array) => void) | null,
  events: ConnectionEvents,
): Promise<Connection> {
  const local = offer.candidates.every(({ ip }) => ip.startsWith('127.'));
  const connection = new PeerConnection(name, {
    iceServers: [],
    // Without it the stack gathers candidates on every interface of the machine, for each listener.
    ...(local ? { bindAddress: '127.0.0.1' } : {}),
  });
  const audio = new Audio(offer.mid, 'RecvOnly');
  audio.addOpusCodec(offer.payloadType);
  // The closures below keep the track: one that is collected takes its receiver reports with it.
  const track: Track = connection.addTrack(audio);
  track.setMediaHandler(new RtcpReceivingSession());
  if (onPacket !== null) {
    track.onMessage(onPacket);
  }

  let iceUp = false;
  let up = false;
  let over = false;
  connection.onIceStateChange((state) => {
    if (!iceUp && (state === 'connected' || state === 'completed')) {
      iceUp = true;
      events.onIce();
    }
  });
  connection.onStateChange((state) => {
    if (state === 'connected') {
      up = true;
      events.onDtls();
    } else if (state === 'closed' || state === 'failed' || state === 'disconnected') {
      if (up) {
        up = false;
        events.onLost();
      }
      if (state === 'closed' && !over) {
        over = true;
        // The track only now: closing it frees its callback, which packets might be using before. The connection
        // also when the server closed it: otherwise its memory is kept and the stack's cleanup waits for it.
        track.close();
        connection.close();
        events.onClosed();
      }
    }
  });

  return new Promise((resolve, reject) => {
    const close = () => connection.close();
    const fail = (message: string, cause?: unknown) => {
      clearTimeout(timer);
      close();
      reject(new PeerError('peer-no-answer', message, { cause }));
    };
    const timer = setTimeout(() => fail(`No answer to the offer within ${ANSWER_MS_MAX} ms`), ANSWER_MS_MAX);
    connection.onLocalDescription((sdp) => {
      const fingerprint = fingerprintOf(sdp);
      if (fingerprint === null) {
        fail(`The answer must name a sha-256 certificate, but reads: ${sdp}`);
        return;
      }
      clearTimeout(timer);
      resolve({ fingerprint, close });
    });
    try {
      connection.setRemoteDescription(offerSdp(offer), 'offer');
    } catch (error) {
      fail(`The WebRTC stack refused the offer: ${(error as Error).message}`, error);
    }
  });
}
