/**
 * A person's driver: the buttons of the page decide, and between two presses it does what a person would want.
 * It keeps the connection alive, comes back by itself with the newest ticket, ever less often while that fails,
 * and does not fight another tab for the same seat.
 */
import type { EjectionCause, ListenerMessage, MediaAnswer } from '../protocol/messages.ts';
import type { PageDriver, PageHands } from '../protocol/page.ts';
import { encodeFrame, FROM_LISTENER, PROTOCOL_VERSION } from '../protocol/wire.ts';
import type { Memory } from './memory.ts';
import type { PageEvent } from './room.ts';
import { readSaid, type Said } from './said.ts';

/** Well below every server's patience; one person's heartbeats cost nothing. */
const HEARTBEAT_MS = 1_000;
/** Nothing at all from the server for so long, heartbeats included: it is gone. */
const SILENCE_MS = 10_000;
const HALLWAY_MS = 2_000;
const PAUSE_FIRST_MS = 500;
const PAUSE_MAX_MS = 15_000;

/** What the buttons mean. */
export type Commands = {
  join(name: string): void;
  leave(): void;
  /** Without waiting for the page to try by itself. */
  tryNow(): void;
  raiseHand(raised: boolean): void;
  askProfile(id: number): void;
  askPage(room: string, page: number): void;
};

export class Person implements PageDriver, Commands {
  readonly #hands: PageHands;
  readonly #tell: (event: PageEvent) => void;
  readonly #memory: Memory;
  #wants: 'hallway' | 'seat' | 'nothing' = 'hallway';
  #link: 'down' | 'dialling' | 'up' = 'down';
  /** An ask is under way or has led to a place or seat; there is none to send. */
  #asked = false;
  #mainRoom = 'main';
  #name = '';
  #failures = 0;
  #beats = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #beating: ReturnType<typeof setInterval> | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;
  #lastHeardMs = 0;

  constructor(hands: PageHands, memory: Memory, tell: (event: PageEvent) => void) {
    this.#hands = hands;
    this.#memory = memory;
    this.#tell = tell;
    this.#dial();
  }

  join(name: string): void {
    this.#memory.name = name;
    this.#name = name;
    this.#wants = 'seat';
    this.tryNow();
  }

  leave(): void {
    this.#memory.ticket = null;
    this.#wants = 'hallway';
    this.#send(FROM_LISTENER.bye, {});
    this.#hands.closeMedia();
    this.#hands.close('graceful');
    this.#down();
    this.#dial();
  }

  tryNow(): void {
    this.#calm();
    if (this.#link === 'up') this.#settle();
    else if (this.#link === 'down') this.#dial();
  }

  raiseHand(raised: boolean): void {
    this.#send(FROM_LISTENER.hand, { raised });
  }

  askProfile(id: number): void {
    this.#send(FROM_LISTENER.profile, { id });
  }

  askPage(room: string, page: number): void {
    this.#send(FROM_LISTENER.roster, { room, page });
  }

  opened(): void {
    this.#link = 'up';
    this.#lastHeardMs = performance.now();
    this.#beating = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#looking = setInterval(() => {
      if (!this.#asked) this.#look();
    }, HALLWAY_MS);
    this.#look();
    this.#settle();
  }

  refused(): void {
    this.#lost();
  }

  closed(): void {
    this.#lost();
  }

  frame(text: string): void {
    this.#lastHeardMs = performance.now();
    const said = readSaid(text);
    if (said !== null) this.#hear(said);
  }

  mediaAnswer(answer: MediaAnswer): void {
    this.#send(FROM_LISTENER.connect, answer);
  }

  ice(): void {}
  dtls(): void {}
  firstPacket(): void {}
  audible(): void {}

  /** The server has not noticed yet; to come back is the quickest way to new audio. */
  mediaLost(): void {
    this.#hands.closeMedia();
    this.#hands.close('abrupt');
    this.#lost();
  }

  #hear(said: Said): void {
    switch (said.name) {
      case 'hallway':
        this.#mainRoom = said.head.rooms.find(({ kind }) => kind === 'main')?.room ?? this.#mainRoom;
        return;
      case 'waiting':
        this.#failures = 0;
        if (said.head.ticket !== null) this.#memory.ticket = said.head.ticket;
        return;
      case 'seated':
        this.#failures = 0;
        this.#memory.ticket = said.head.ticket;
        if (said.head.media !== null) this.#hands.connectMedia(said.head.media);
        return;
      case 'moved':
        this.#memory.ticket = said.head.ticket;
        this.askPage(said.head.room, 0);
        this.#look();
        if (said.head.media !== null) this.#hands.connectMedia(said.head.media);
        return;
      case 'ejected':
        this.#ejected(said.head.cause, said.head.ticket);
        return;
      case 'full':
        this.#asked = false;
        this.#tryAgainIn(said.head.retryAfterMs ?? this.#pauseMs());
        return;
      case 'bye':
        this.#ejected('displaced', null);
        return;
      case 'error':
        this.#wrong(said.head);
        return;
    }
  }

  #ejected(cause: EjectionCause, ticket: string | null): void {
    this.#memory.ticket = ticket;
    if (cause === 'displaced') this.#wants = 'nothing';
    this.#hands.closeMedia();
    this.#hands.close('graceful');
    this.#lost();
  }

  #wrong({ code }: { readonly code: string }): void {
    if (code.startsWith('ticket-')) {
      this.#memory.ticket = null;
    } else if (code === 'unknown-room' || code === 'unsupported-version' || code === 'bad-message') {
      this.#asked = false;
      this.#wants = 'hallway';
    }
  }

  #dial(): void {
    this.#link = 'dialling';
    this.#hands.dial();
  }

  /** On an open connection: what the person wants of it. */
  #settle(): void {
    if (this.#wants !== 'seat' || this.#asked) return;
    this.#asked = true;
    const { personId, ticket } = this.#memory;
    const ask: ListenerMessage<'ask'> = {
      v: PROTOCOL_VERSION,
      personId,
      name: this.#name,
      attempt: this.#memory.nextAttempt(),
      room: this.#mainRoom,
      media: 'webrtc',
      ...(ticket === null ? {} : { ticket }),
    };
    this.#send(FROM_LISTENER.ask, ask);
  }

  #look(): void {
    this.#send(FROM_LISTENER.hallway, { personId: this.#memory.personId });
  }

  #beat(): void {
    if (performance.now() - this.#lastHeardMs > SILENCE_MS) {
      this.#hands.closeMedia();
      this.#hands.close('abrupt');
      this.#lost();
    } else {
      this.#send(FROM_LISTENER.heartbeat, { n: this.#beats++ });
    }
  }

  #lost(): void {
    this.#hands.closeMedia();
    this.#down();
    if (this.#wants !== 'nothing') this.#tryAgainIn(this.#pauseMs());
  }

  #down(): void {
    this.#link = 'down';
    this.#asked = false;
    clearInterval(this.#beating);
    clearInterval(this.#looking);
    this.#calm();
  }

  /** Twice as long after each failure, and spread, so that a room that was emptied is not stormed in one instant. */
  #pauseMs(): number {
    const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** this.#failures);
    this.#failures += 1;
    return pauseMs * (0.5 + Math.random());
  }

  #tryAgainIn(ms: number): void {
    this.#calm();
    this.#tell({ type: 'tries-again', atMs: performance.now() + ms });
    this.#retry = setTimeout(() => this.tryNow(), ms);
  }

  #calm(): void {
    clearTimeout(this.#retry);
    this.#tell({ type: 'tries-again', atMs: null });
  }

  #send(letter: Parameters<typeof encodeFrame>[0], head: object): void {
    this.#hands.send(encodeFrame(letter, head));
  }
}
