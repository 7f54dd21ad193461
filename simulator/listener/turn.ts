/** One call of `step`: whom it concerns and when, and the short ways to say what is to be done. */
import type { Effect, ListenerRow, TimerKind } from './effects.ts';
import { hasMedia, isSeated, type Listener } from './listener.ts';

export type Turn = {
  readonly listener: Listener;
  readonly nowMs: number;
  readonly draw: () => number;
  readonly effects: Effect[];
};

/** none: the network or the server has ended it already. */
export type HowToClose = 'none' | 'graceful' | 'abrupt';

export function row(
  turn: Turn,
  type: ListenerRow,
  cause: string | null,
  value: number | null,
  tNs: bigint | null = null,
): void {
  const { attempt, room } = turn.listener;
  turn.effects.push({
    type: 'row',
    row: type,
    attempt: attempt === 0 ? null : attempt,
    room,
    cause,
    value,
    tNs,
  });
}

export function setTimer(turn: Turn, kind: TimerKind, inMs: number): void {
  turn.effects.push({ type: 'set-timer', kind, inMs: Math.max(0, inMs) });
}

export function clearTimer(turn: Turn, kind: TimerKind): void {
  turn.effects.push({ type: 'clear-timer', kind });
}

export function disconnect(turn: Turn, how: HowToClose): void {
  const { listener, effects } = turn;
  if (how !== 'none') effects.push({ type: 'close', how });
  if (isSeated(listener) && hasMedia(listener)) effects.push({ type: 'close-media' });
  for (const kind of ['join', 'start-patience', 'heartbeat', 'pong', 'media', 'stay', 'end'] as const) {
    clearTimer(turn, kind);
  }
  listener.awaited = null;
  if (listener.willRaiseHand) clearTimer(turn, 'hand');
  listener.willRaiseHand = false;
}

/** How long whoever has a seat stays: until they have heard enough, or the talk is over. */
export function setStayTimers(turn: Turn, stayEndMs: number): void {
  const { listener, nowMs } = turn;
  const { tailEndMs, leavingMs } = listener.rules;
  setTimer(turn, 'stay', stayEndMs - nowMs);
  // Whoever gets in when the talk is over finds it out like everybody else.
  const overMs = Math.max(tailEndMs, nowMs);
  const leavesMs = overMs + turn.draw() * Math.max(0, tailEndMs + leavingMs - overMs);
  setTimer(turn, 'end', leavesMs - nowMs);
}

export function finish(turn: Turn): void {
  turn.listener.phase = 'gone';
  turn.effects.push({ type: 'gone' });
}
