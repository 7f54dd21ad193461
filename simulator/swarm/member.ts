/** One person of a swarm process, once they have set out: their listener, and the hands that it is lent. */
import type { MediaOffer } from '../../server/protocol/messages.ts';
import type { SignalConnection } from '../bodies/signal/connection.ts';
import { type Hands, type RowEffect, tell } from '../listener/carry-out.ts';
import { TIMER_KINDS, type TimerKind } from '../listener/effects.ts';
import type { ListenerEvent } from '../listener/events.ts';
import type { Listener } from '../listener/listener.ts';
import { sequence } from '../plan/draws.ts';
import type { MediaSide } from './media.ts';
import type { Timers } from './timers.ts';

/** What the people of a process share. */
export type MemberSide = {
  readonly media: MediaSide | null;
  readonly timers: Timers;
  nowMs(): number;
  /** Queues a connect for this person. */
  dial(member: Member): number;
  /** Keeps a connection that fell silent, until the night's end. */
  keepSilent(connection: SignalConnection): void;
  row(member: Member, row: RowEffect): void;
};

export class Member implements Hands {
  readonly personId: number;
  readonly listener: Listener;
  readonly draw: () => number;
  connection: SignalConnection | null = null;
  connectionId: number | null = null;
  readonly #side: MemberSide;

  /** @param seed of the person's own draws. */
  constructor(listener: Listener, seed: number, side: MemberSide) {
    this.personId = listener.traits.personId;
    this.listener = listener;
    this.draw = sequence(seed);
    this.#side = side;
  }

  tell(event: ListenerEvent): void {
    tell(this.listener, event, this);
  }

  nowMs(): number {
    return this.#side.nowMs();
  }

  row(row: RowEffect): void {
    this.#side.row(this, row);
  }

  dial(): void {
    this.connectionId = this.#side.dial(this);
  }

  send(frame: string): void {
    this.connection?.send(frame);
  }

  close(how: 'graceful' | 'abrupt'): void {
    if (how === 'graceful') this.connection?.close();
    else this.connection?.drop();
    this.connection = null;
  }

  setTimer(kind: TimerKind, inMs: number): void {
    this.#side.timers.set(this.#timerKey(kind), this.nowMs() + inMs);
  }

  clearTimer(kind: TimerKind): void {
    this.#side.timers.clear(this.#timerKey(kind));
  }

  connectMedia(offer: MediaOffer): void {
    this.#side.media?.connect(this.personId, offer, (event) => this.tell(event));
  }

  closeMedia(): void {
    this.#side.media?.close(this.personId);
  }

  silence(): void {
    if (this.connection !== null) {
      this.connection.silence();
      this.#side.keepSilent(this.connection);
      this.connection = null;
    }
    this.#side.media?.silence(this.personId);
  }

  gone(): void {
    for (const kind of TIMER_KINDS) this.clearTimer(kind);
  }

  #timerKey(kind: TimerKind): number {
    return this.personId * TIMER_KINDS.length + TIMER_KINDS.indexOf(kind);
  }
}
