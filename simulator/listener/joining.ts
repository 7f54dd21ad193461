/** How a listener comes in: from setting out to the first sound, and from room to room. */
import type { MediaOffer, ServerMessage } from '../../server/protocol/messages.ts';
import { FROM_LISTENER, PROTOCOL_VERSION } from '../../server/protocol/wire.ts';
import { isSeated } from './listener.ts';
import { fail } from './losing.ts';
import { clearTimer, row, setTimer, type Turn } from './turn.ts';

export function arrive(turn: Turn): void {
  const { listener, nowMs } = turn;
  if (listener.phase !== 'idle') return;
  row(turn, 'arrive', null, nowMs - listener.traits.intendedMs);
  dial(turn);
}

export function dial(turn: Turn): void {
  const { listener } = turn;
  listener.phase = 'dialing';
  listener.attempt++;
  listener.tries++;
  listener.room = listener.rules.room;
  row(turn, 'dial', null, null);
  turn.effects.push({ type: 'dial' });
  setTimer(turn, 'join', listener.rules.joinTimeoutMs);
  setTimer(turn, 'start-patience', listener.traits.startPatienceMs);
}

export function opened(turn: Turn): void {
  const { listener } = turn;
  if (listener.phase !== 'dialing') return;
  listener.phase = 'asking';
  row(turn, 'opened', null, null);
  turn.effects.push({
    type: 'send',
    letter: FROM_LISTENER.ask,
    head: {
      v: PROTOCOL_VERSION,
      personId: listener.traits.personId,
      name: listener.traits.name,
      attempt: listener.attempt,
      room: listener.rules.room,
      media: listener.hasMedia,
      ...(listener.ticket === null ? {} : { ticket: listener.ticket }),
    },
  });
  row(turn, 'asked', null, null);
  setTimer(turn, 'heartbeat', listener.rules.heartbeatMs);
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
  listener.phase = 'seated';
  listener.room = head.room;
  // A ticket buys one seat: without a new one there is nothing left to show.
  listener.ticket = head.ticket;
  row(turn, 'seated', head.resumed ? 'resumed' : 'new', head.seat);
  if (listener.hasMedia) connectMedia(turn, head.media);
  else comeIn(turn);
}

function connectMedia(turn: Turn, offer: MediaOffer | null): void {
  setTimer(turn, 'media', turn.listener.rules.mediaTimeoutMs);
  // A server that has no audio for somebody who asked for it leaves that person in silence until the timer.
  if (offer !== null) turn.effects.push({ type: 'connect-media', offer });
}

export function mediaAnswer(
  turn: Turn,
  fingerprint: { readonly algorithm: 'sha-256'; readonly value: string },
): void {
  if (!isSeated(turn.listener)) return;
  turn.effects.push({ type: 'send', letter: FROM_LISTENER.connect, head: { fingerprint } });
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
  const { tailEndMs, leavingMs } = listener.rules;
  listener.phase = 'in';
  row(turn, 'in', null, null, tNs);
  listener.stayEndMs ??= nowMs + listener.traits.stayMs;
  setTimer(turn, 'stay', listener.stayEndMs - nowMs);
  // Whoever gets in when the talk is over finds it out like everybody else.
  const overMs = Math.max(tailEndMs, nowMs);
  const leavesMs = overMs + turn.draw() * Math.max(0, tailEndMs + leavingMs - overMs);
  setTimer(turn, 'end', leavesMs - nowMs);
}

export function moved(turn: Turn, head: ServerMessage<'moved'>): void {
  const { listener } = turn;
  if (!isSeated(listener)) return;
  listener.room = head.room;
  listener.ticket = head.ticket;
  row(turn, 'moved', null, head.seat);
  if (head.media !== null && listener.hasMedia) connectMedia(turn, head.media);
}

export function full(turn: Turn, head: ServerMessage<'full'>): void {
  if (turn.listener.phase !== 'asking' && turn.listener.phase !== 'waiting') return;
  answered(turn);
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
  if (listener.phase === 'asking' || listener.phase === 'waiting')
    fail(turn, 'protocol-error', 'graceful', null);
}
