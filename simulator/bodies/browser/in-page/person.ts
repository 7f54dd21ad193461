/**
 * The person in the page: the same listener as in every other body, with the page's hands and its timers. The page lives
 * by the night's clock on its own, so nothing that the outside does can make it late.
 */

import type { MediaAnswer, MediaOffer } from '../../../../server/protocol/messages.ts';
import type { PageDriver, PageHands } from '../../../../server/protocol/page.ts';
import { splitFrame } from '../../../../server/protocol/wire.ts';
import { type Hands, type RowEffect, tell } from '../../../listener/carry-out.ts';
import { TIMER_KINDS, type TimerKind } from '../../../listener/effects.ts';
import type { ListenerEvent } from '../../../listener/events.ts';
import { createListener, type Listener } from '../../../listener/listener.ts';
import { sequence } from '../../../plan/draws.ts';
import { hear } from '../../signal/hear.ts';
import type { PageOrders, PageRow } from '../crossing.ts';
import { AudioSeconds } from './audio-seconds.ts';
import { Post } from './post.ts';

const SECOND_MS = 1000;
/** A browser fires a longer one at once (HTML, timers); no night is as long. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class PagePerson implements Hands, PageDriver {
  readonly draw: () => number;
  readonly #orders: PageOrders;
  readonly #hands: PageHands;
  readonly #listener: Listener;
  readonly #post: Post;
  readonly #timers = new Map<TimerKind, number>();
  readonly #audio = new AudioSeconds();
  #seconds: number | null = null;
  #seatedAtMs: number | null = null;

  constructor(orders: PageOrders, hands: PageHands, report: (text: string) => Promise<unknown>) {
    const { traits, rules, seed } = orders;
    this.#orders = orders;
    this.#hands = hands;
    this.#listener = createListener(traits, rules, 'webrtc');
    this.draw = sequence(seed);
    this.#post = new Post(report, () => ({
      phase: this.#listener.phase,
      hasArrived: this.#listener.hasArrived,
      hasJoined: this.#listener.stayEndMs !== null,
    }));
  }

  /** Sets out at the planned instants: to the hallway first, for whoever waits there. */
  begin(): void {
    const { hallwayAtMs, traits, hasArrived } = this.#orders;
    this.#seconds = window.setInterval(() => void this.#second(), SECOND_MS);
    if (!Number.isNaN(hallwayAtMs) && !hasArrived)
      this.#at(hallwayAtMs, () => this.#tell({ type: 'browse' }));
    this.#at(traits.intendedMs, () => this.#tell({ type: 'arrive' }));
  }

  /** The night is over. Resolves when the last rows are told. */
  async end(): Promise<void> {
    if (this.#seconds !== null) window.clearInterval(this.#seconds);
    this.#tell({ type: 'night-end' });
    await this.#post.send();
  }

  // What the listener does.

  nowMs(): number {
    return performance.now() - this.#orders.zeroMs;
  }

  row({ row, attempt, room, cause, value }: RowEffect): void {
    if (row === 'arrive' && this.#orders.hasArrived) return;
    this.#row({ type: row, attempt, room, cause, value });
    if (row === 'seated') this.#seatedAtMs = this.nowMs();
  }

  dial(): void {
    this.#hands.dial();
  }

  send(frame: string): void {
    this.#post.went(frame);
    this.#hands.send(frame);
  }

  close(how: 'graceful' | 'abrupt'): void {
    this.#hands.close(how);
  }

  setTimer(kind: TimerKind, inMs: number): void {
    this.clearTimer(kind);
    const fire = () => {
      this.#timers.delete(kind);
      this.#tell({ type: 'timer', kind });
    };
    this.#timers.set(kind, window.setTimeout(fire, Math.min(inMs, TIMER_MS_MAX)));
  }

  clearTimer(kind: TimerKind): void {
    window.clearTimeout(this.#timers.get(kind));
    this.#timers.delete(kind);
  }

  connectMedia(offer: MediaOffer): void {
    this.#hands.connectMedia(offer);
  }

  closeMedia(): void {
    this.#hands.closeMedia();
  }

  silence(): void {
    this.#hands.silence();
  }

  gone(): void {
    for (const kind of TIMER_KINDS) this.clearTimer(kind);
  }

  // What the page tells.

  opened(): void {
    this.#tell({ type: 'opened' });
  }

  refused(): void {
    this.#tell({ type: 'refused' });
  }

  closed(): void {
    this.#tell({ type: 'closed' });
  }

  frame(text: string): void {
    this.#post.came(text);
    // A listener draws no audience list: the bulk is left unread.
    const { letter, head } = splitFrame(text);
    const event = hear(letter + head);
    if (event !== null) this.#tell(event);
  }

  mediaAnswer(answer: MediaAnswer): void {
    this.#tell({ type: 'media-answer', answer });
  }

  ice(): void {
    this.#tell({ type: 'ice', tNs: null });
  }

  dtls(): void {
    this.#tell({ type: 'dtls', tNs: null });
  }

  firstPacket(): void {
    this.#tell({ type: 'first-audio', tNs: null });
  }

  audible(): void {
    if (this.#seatedAtMs === null) return;
    const { attempt, room } = this.#listener;
    this.#row({ type: 'audible', attempt, room, cause: null, value: this.nowMs() - this.#seatedAtMs });
    this.#seatedAtMs = null;
  }

  mediaLost(): void {
    this.#tell({ type: 'media-lost' });
  }

  #tell(event: ListenerEvent): void {
    tell(this.#listener, event, this);
  }

  #row(row: Omit<PageRow, 'atMs' | 'lost'>, lost: number | null = null): void {
    this.#post.row({ ...row, atMs: performance.now(), lost });
  }

  /** At an instant of the night, never before it. */
  #at(nightMs: number, what: () => void): void {
    const inMs = nightMs - this.nowMs();
    if (inMs <= 0) what();
    else window.setTimeout(() => this.#at(nightMs, what), inMs);
  }

  async #second(): Promise<void> {
    const { phase, attempt, room } = this.#listener;
    const isSeated = phase === 'seated' || phase === 'in';
    const second = this.#audio.take(isSeated ? await this.#hands.audioStats() : null);
    if (second !== null) {
      const { packets, lost, concealedShare, jitterBufferMs } = second;
      const who = { attempt, room, cause: null };
      this.#row({ type: 'media', ...who, value: packets }, lost);
      if (concealedShare !== null) this.#row({ type: 'concealed', ...who, value: concealedShare });
      if (jitterBufferMs !== null) this.#row({ type: 'jitter-buffer', ...who, value: jitterBufferMs });
    }
    await this.#post.send();
  }
}
