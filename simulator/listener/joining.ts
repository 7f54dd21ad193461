/** How a listener comes in: from setting out to the first sound, and from room to room. */
import type { MediaAnswer, MediaOffer, ServerMessage } from '../../server/protocol/messages.ts';
import { FROM_LISTENER } from '../../server/protocol/wire.ts';
import { goAside } from './aside.ts';
import { askMain } from './hallway.ts';
import { hasMedia, isSeated } from './listener.ts';
import { fail } from './losing.ts';
import { clearTimer, row, setStayTimers, setTimer, type Turn } from './turn.ts';

export function arrive(turn: Turn): void {
  const { listener, nowMs } = turn;
  if (listener.hasArrived) return;
  listener.hasArrived = true;
  row(turn, 'arrive', null, nowMs - listener.traits.intendedMs);
  if (listener.phase === 'idle') {
    dial(turn);
    return;
  }
  // From the hallway: what nobody answers is put up with from now on.
  clearTimer(turn, 'poll');
  setTimer(turn, 'join', listener.rules.joinTimeoutMs);
  setTimer(turn, 'start-patience', listener.traits.startPatienceMs);
  if (listener.hasSeenList) askMain(turn);
}

/** Goes to wait in the hallway before the moment; whoever is thrown out there dials again when it has come. */
export function browse(turn: Turn): void {
  const { listener } = turn;
  if (listener.phase === 'idle' && listener.attempt === 0) dial(turn);
}

export function dial(turn: Turn): void {
  const { listener } = turn;
  listener.phase = 'dialing';
  listener.attempt++;
  listener.tries++;
  listener.room = listener.rules.room;
  listener.seeking = 'main';
  listener.hasSeenList = false;
  row(turn, 'dial', null, null);
  turn.effects.push({ type: 'dial' });
  setTimer(turn, 'join', listener.rules.joinTimeoutMs);
  if (listener.hasArrived) setTimer(turn, 'start-patience', listener.traits.startPatienceMs);
}

/** Any first answer of a try: silence is over, and so is the time allowed for it. */
function answered(turn: Turn): void {
  clearTimer(turn, 'join');
  clearTimer(turn, 'start-patience');
}

export function waiting(turn: Turn, head: ServerMessage<'waiting'>): void {
  const { listener, nowMs } = turn;
  if (listener.phase !== 'asking') return;
  answered(turn);
  listener.phase = 'waiting';
  listener.ticket = head.ticket ?? listener.ticket;
  row(turn, 'waiting', null, head.position);
  // Whoever is reconnected into the same queue has waited before: patience runs from the first position.
  listener.queueEndMs ??= nowMs + listener.traits.queuePatienceMs;
  setTimer(turn, 'queue-patience', listener.queueEndMs - nowMs);
}

export function seated(turn: Turn, head: ServerMessage<'seated'>): void {
  const { listener } = turn;
  if (listener.phase !== 'asking' && listener.phase !== 'waiting') return;
  answered(turn);
  if (listener.queueEndMs !== null) clearTimer(turn, 'queue-patience');
  listener.queueEndMs = null;
  if (listener.seeking !== 'main') {
    goAside(turn, head.room);
    return;
  }
  listener.phase = 'seated';
  listener.room = head.room;
  // A ticket buys one seat: without a new one there is nothing left to show.
  listener.ticket = head.ticket;
  row(turn, 'seated', head.resumed ? 'resumed' : 'new', head.seat);
  if (hasMedia(listener)) connectMedia(turn, head.media);
  else comeIn(turn);
}

function connectMedia(turn: Turn, offer: MediaOffer | null): void {
  setTimer(turn, 'media', turn.listener.rules.mediaTimeoutMs);
  // A server that has no audio for somebody who asked for it leaves that person in silence until the timer.
  if (offer !== null) turn.effects.push({ type: 'connect-media', offer });
}

export function mediaAnswer(turn: Turn, answer: MediaAnswer): void {
  if (!isSeated(turn.listener)) return;
  turn.effects.push({ type: 'send', letter: FROM_LISTENER.connect, head: answer });
}

export function firstAudio(turn: Turn, tNs: bigint | null): void {
  const { listener } = turn;
  if (!isSeated(listener)) return;
  clearTimer(turn, 'media');
  if (listener.phase !== 'seated') return;
  row(turn, 'first-audio', null, null, tNs);
  comeIn(turn, tNs);
}

function comeIn(turn: Turn, tNs: bigint | null = null): void {
  const { listener, nowMs } = turn;
  listener.phase = 'in';
  row(turn, 'in', null, null, tNs);
  const { raisesHandAfterMs, stayMs } = listener.traits;
  if (listener.stayEndMs === null && Number.isFinite(raisesHandAfterMs)) {
    listener.willRaiseHand = true;
    setTimer(turn, 'hand', raisesHandAfterMs);
  }
  listener.stayEndMs ??= nowMs + stayMs;
  setStayTimers(turn, listener.stayEndMs);
}

/** Once a night: who was thrown out before it does not raise the hand again. */
export function raiseHand(turn: Turn): void {
  if (!turn.listener.willRaiseHand) return;
  turn.listener.willRaiseHand = false;
  turn.effects.push({ type: 'send', letter: FROM_LISTENER.hand, head: { raised: true } });
  row(turn, 'hand', null, 1);
}

export function moved(turn: Turn, head: ServerMessage<'moved'>): void {
  const { listener } = turn;
  if (!isSeated(listener)) return;
  listener.room = head.room;
  listener.ticket = head.ticket;
  row(turn, 'moved', null, head.seat);
  if (head.media !== null && hasMedia(listener)) connectMedia(turn, head.media);
}

export function full(turn: Turn, head: ServerMessage<'full'>): void {
  const { listener } = turn;
  if (listener.phase !== 'asking' && listener.phase !== 'waiting') return;
  answered(turn);
  if (listener.seeking === 'main') listener.toldFull = true;
  row(turn, 'full', null, head.retryAfterMs);
  fail(turn, 'full', 'graceful', head.retryAfterMs);
}

export function error(turn: Turn, head: ServerMessage<'error'>): void {
  const { listener } = turn;
  if (head.code.startsWith('ticket-')) {
    // The ask goes on without it, and so does the person.
    if (!isSeated(listener)) listener.ticket = null;
    return;
  }
  if (listener.phase === 'browsing' || listener.phase === 'asking' || listener.phase === 'waiting')
    fail(turn, 'protocol-error', 'graceful', null);
}
