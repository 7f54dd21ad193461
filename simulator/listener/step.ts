/** One step of a listener: an event and the time in, effects out. Its owner keeps the state and lends the draws. */
import { FROM_LISTENER } from '../../server/protocol/wire.ts';
import type { Effect, TimerKind } from './effects.ts';
import type { ListenerEvent } from './events.ts';
import { browsed, look, opened } from './hallway.ts';
import {
  arrive,
  browse,
  dial,
  error,
  firstAudio,
  full,
  mediaAnswer,
  moved,
  raiseHand,
  seated,
  waiting,
} from './joining.ts';
import { leave, leaveTrying, nightEnd } from './leaving.ts';
import { isConnected, isSeated, isUnanswered, type Listener } from './listener.ts';
import { eject, fail, lost } from './losing.ts';
import { clearTimer, row, setTimer, type Turn } from './turn.ts';

const WAKES: ReadonlySet<ListenerEvent['type']> = new Set(['browse', 'arrive', 'night-end'] as const);

/**
 * Takes one event.
 *
 * @param nowMs instant from the start of the night; never falls.
 * @param draw the person's own random draws, in (0, 1).
 * @param effects what is to be done, in order, is appended here.
 */
export function step(
  listener: Listener,
  event: ListenerEvent,
  nowMs: number,
  draw: () => number,
  effects: Effect[],
): void {
  if (listener.phase === 'gone') return;
  // At home nothing happens to anybody, except to whoever was thrown out of the hallway: their night may end.
  if (listener.phase === 'idle' && !WAKES.has(event.type)) return;
  const turn: Turn = { listener, nowMs, draw, effects };
  switch (event.type) {
    case 'browse':
      browse(turn);
      return;
    case 'arrive':
      arrive(turn);
      return;
    case 'opened':
      opened(turn);
      return;
    case 'message':
      message(turn, event);
      return;
    case 'garbage':
      lost(turn, 'protocol-error', 'protocol-error', 'graceful');
      return;
    case 'refused':
      lost(turn, 'connection-refused', 'connection-lost', 'none');
      return;
    case 'closed':
      lost(turn, 'connection-lost', 'connection-lost', 'none');
      return;
    case 'media-answer':
      mediaAnswer(turn, event.answer);
      return;
    case 'ice':
    case 'dtls':
      if (listener.phase === 'seated') row(turn, event.type, null, null, event.tNs);
      return;
    case 'first-audio':
      firstAudio(turn, event.tNs);
      return;
    case 'media-lost':
      if (isSeated(listener)) eject(turn, 'media-lost', 'graceful');
      return;
    case 'timer':
      timer(turn, event.kind);
      return;
    case 'night-end':
      nightEnd(turn);
      return;
  }
}

function message(turn: Turn, event: Extract<ListenerEvent, { type: 'message' }>): void {
  const { listener } = turn;
  switch (event.name) {
    case 'hallway':
      browsed(turn, event.head);
      return;
    case 'waiting':
      waiting(turn, event.head);
      return;
    case 'seated':
      seated(turn, event.head);
      return;
    case 'moved':
      moved(turn, event.head);
      return;
    case 'full':
      full(turn, event.head);
      return;
    case 'ejected':
      listener.ticket = event.head.ticket ?? listener.ticket;
      lost(turn, 'connection-lost', event.head.cause, 'graceful');
      return;
    case 'error':
      error(turn, event.head);
      return;
    case 'heartbeat':
      if (listener.awaited !== null && event.head.n >= listener.awaited) {
        listener.awaited = null;
        clearTimer(turn, 'pong');
      }
      return;
  }
}

function timer(turn: Turn, kind: TimerKind): void {
  const { listener } = turn;
  switch (kind) {
    case 'start-patience':
      if (isUnanswered(listener)) fail(turn, 'impatient', 'abrupt', null);
      return;
    case 'queue-patience':
      if (listener.queueEndMs !== null) leaveTrying(turn, 'queue-patience');
      return;
    case 'join':
      if (isUnanswered(listener)) fail(turn, 'join-timeout', 'abrupt', null);
      return;
    case 'heartbeat':
      heartbeat(turn);
      return;
    case 'pong':
      if (listener.awaited !== null) lost(turn, 'connection-lost', 'pong-timeout', 'abrupt');
      return;
    case 'media':
      if (isSeated(listener)) eject(turn, 'media-lost', 'graceful');
      return;
    case 'retap':
      if (listener.phase === 'pausing') dial(turn);
      return;
    case 'stay':
    case 'end':
      if (listener.phase === 'in' || listener.phase === 'aside') leave(turn);
      return;
    case 'hand':
      raiseHand(turn);
      return;
    case 'poll':
      if (listener.phase === 'browsing' && !listener.hasArrived) look(turn);
      return;
  }
}

function heartbeat(turn: Turn): void {
  const { listener } = turn;
  if (!isConnected(listener) || listener.phase === 'dialing') return;
  const n = listener.heartbeats++;
  turn.effects.push({ type: 'send', letter: FROM_LISTENER.heartbeat, head: { n } });
  setTimer(turn, 'heartbeat', listener.rules.heartbeatMs);
  // The oldest unanswered one is what counts: a later one must not push its deadline away.
  if (listener.awaited === null) {
    listener.awaited = n;
    setTimer(turn, 'pong', listener.rules.pongTimeoutMs);
  }
}
