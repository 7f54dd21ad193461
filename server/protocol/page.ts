/**
 * How the room page is driven. The page has hands (a connection, the browser's WebRTC, its loudspeaker) and tells
 * its driver what happens; the driver decides. A person's driver are the buttons of the page itself. A synthetic
 * listener sets another one as `window.roomrushDriver` before the page loads, and so lives through everything that
 * a person's browser does. This module imports nothing but types.
 */
import type { MediaAnswer, MediaOffer } from './messages.ts';

/** What the page does when told to. */
export type PageHands = {
  /** Opens a connection to /signal and gives up an earlier one; opened or refused follows, and closed in the end. */
  dial(): void;
  /** One frame, as it goes over the wire. */
  send(frame: string): void;
  /**
   * After it nothing of that connection is told any more. A browser cannot cut a connection without a close frame, so
   * that `abrupt` is a graceful end too; only the end of the page itself is abrupt.
   */
  close(how: 'graceful' | 'abrupt'): void;
  /** Receives and plays the audio of an offer; the audio of an earlier one ends when the new one sounds. */
  connectMedia(offer: MediaOffer): void;
  closeMedia(): void;
  /** Connection and audio stay as they are; nothing is sent and nothing told any more. */
  silence(): void;
  /** Statistics of the audio that is received at present (webrtc-stats, inbound-rtp); null without any. */
  audioStats(): Promise<RTCInboundRtpStreamStats | null>;
};

/** What the page tells its driver, at the moment when it happens. */
export type PageDriver = {
  opened(): void;
  refused(): void;
  closed(): void;
  /** Every frame of the server, presence too. */
  frame(text: string): void;
  mediaAnswer(answer: MediaAnswer): void;
  ice(): void;
  dtls(): void;
  /**
   * The first RTP packet of the audio has come. Looked for every 10 ms in what the browser tells 50 ms late, so that it
   * is late by up to some 60 ms; always after dtls and before audible.
   */
  firstPacket(): void;
  /** The audio's energy has begun to rise: the loudspeaker is no longer silent. */
  audible(): void;
  mediaLost(): void;
};

/** `window.roomrushDriver`: called once, when the page is ready to be driven. */
export type MakePageDriver = (hands: PageHands) => PageDriver;
