/**
 * From what a listener wants to what its body does. Every body that lives in real time (sockets, k6, a browser's
 * page) lends a listener its hands and tells it what happened; imports nothing but this folder.
 */
import type { MediaOffer } from '../../server/protocol/messages.ts';
import { encodeFrame } from '../../server/protocol/wire.ts';
import type { Effect, TimerKind } from './effects.ts';
import type { ListenerEvent } from './events.ts';
import type { Listener } from './listener.ts';
import { step } from './step.ts';

/** A row that a listener wants written. */
export type RowEffect = Extract<Effect, { type: 'row' }>;

/** An arrival that slipped by more than this is late; where more than 1 of 100 are, the verdict calls the run void. */
export const LATE_ARRIVAL_MS = 50;

/** What a body can do for a listener; each is one effect (`effects.ts`). */
export interface Hands {
  /** Instant of the night, ms; never falls. */
  nowMs(): number;
  /** The person's own random draws, in (0, 1). */
  draw(): number;
  dial(): void;
  /** One frame, as it goes over the wire. */
  send(frame: string): void;
  close(how: 'graceful' | 'abrupt'): void;
  setTimer(kind: TimerKind, inMs: number): void;
  clearTimer(kind: TimerKind): void;
  connectMedia(offer: MediaOffer): void;
  closeMedia(): void;
  silence(): void;
  row(row: RowEffect): void;
  /** The person is done: every timer is to be forgotten. */
  gone(): void;
}

/** Tells a listener what happened and has its body do what it wants, in order. */
export function tell(listener: Listener, event: ListenerEvent, hands: Hands): void {
  const effects: Effect[] = [];
  step(listener, event, hands.nowMs(), () => hands.draw(), effects);
  for (const effect of effects) carryOut(effect, hands);
}

function carryOut(effect: Effect, hands: Hands): void {
  switch (effect.type) {
    case 'row':
      hands.row(effect);
      return;
    case 'dial':
      hands.dial();
      return;
    case 'send':
      hands.send(encodeFrame(effect.letter, effect.head));
      return;
    case 'close':
      hands.close(effect.how);
      return;
    case 'set-timer':
      hands.setTimer(effect.kind, effect.inMs);
      return;
    case 'clear-timer':
      hands.clearTimer(effect.kind);
      return;
    case 'connect-media':
      hands.connectMedia(effect.offer);
      return;
    case 'close-media':
      hands.closeMedia();
      return;
    case 'silence':
      hands.silence();
      return;
    case 'gone':
      hands.gone();
      return;
  }
}
