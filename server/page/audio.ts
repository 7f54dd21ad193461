/**
 * The page's loudspeaker. A second offer is made before the first is broken: the earlier sound goes on until the
 * new one can be heard, and only the newest tells what becomes of it.
 */
import type { MediaOffer } from '../protocol/messages.ts';
import { Sound, type SoundEvents } from './sound.ts';

export class Loudspeaker {
  readonly #events: SoundEvents;
  #current: Sound | null = null;
  #former: Sound | null = null;
  #muted = false;
  #silent = false;

  constructor(events: SoundEvents) {
    this.#events = events;
  }

  get muted(): boolean {
    return this.#muted;
  }

  set muted(muted: boolean) {
    this.#muted = muted;
    if (this.#current !== null) this.#current.muted = muted;
    if (this.#former !== null) this.#former.muted = muted;
  }

  /** A browser receives WebRTC and nothing else; another offer is lost at once. */
  connect(offer: MediaOffer): void {
    this.#silent = false;
    this.#former?.close();
    this.#former = this.#current;
    this.#current = null;
    const events = this.#events;
    if (offer.kind !== 'webrtc') {
      events.lost();
      return;
    }
    let sound: Sound | null = null;
    const ifCurrent = (tell: () => void) => (): void => {
      if (!this.#silent && (sound === null || this.#current === sound)) tell();
    };
    sound = new Sound(offer, this.#muted, {
      mediaAnswer: (answer) => ifCurrent(() => events.mediaAnswer(answer))(),
      ice: ifCurrent(() => events.ice()),
      dtls: ifCurrent(() => events.dtls()),
      firstPacket: ifCurrent(() => events.firstPacket()),
      audible: ifCurrent(() => {
        this.#former?.close();
        this.#former = null;
        events.audible();
      }),
      lost: ifCurrent(() => events.lost()),
      blocked: ifCurrent(() => events.blocked()),
    });
    this.#current = sound;
  }

  close(): void {
    this.#former?.close();
    this.#current?.close();
    this.#former = null;
    this.#current = null;
  }

  /** After the browser refused to play unasked. */
  play(): void {
    this.#current?.play();
  }

  /** The audio stays as it is and is told of no more. */
  silence(): void {
    this.#silent = true;
  }

  async stats(): Promise<RTCInboundRtpStreamStats | null> {
    return (await this.#current?.stats()) ?? null;
  }
}
