/**
 * One synthetic listener: what somebody wants, does and puts up with on the night, as a deterministic state
 * machine. Events and the time go in, effects come out; sockets, timers, media and random draws belong to the
 * body that carries the effects out, so that a socket, a browser, k6 and a simulated server can all run the
 * same person. Its owner updates the state in place. Nothing is imported but types and the wire's letters.
 *
 *   idle -> dialing -> asking -> (waiting ->) seated -> in -> gone
 *              ^____________ pausing <____________|  a try failed, or the seat was lost
 */
import type { EjectionCause, MediaOffer, ServerMessage } from '../../server/protocol/messages.ts';
import { FROM_LISTENER, PROTOCOL_VERSION } from '../../server/protocol/wire.ts';
import type { Effect, FailureCause, GaveUpCause, ListenerRow, TimerKind } from './effects.ts';
import type { ListenerEvent } from './events.ts';

/** What a person is like; the plan's numbers that matter here, and a name. */
export type ListenerTraits = {
  readonly personId: number;
  readonly name: string;
  readonly intendedMs: number;
  readonly startPatienceMs: number;
  readonly queuePatienceMs: number;
  readonly stayMs: number;
  readonly leavesSilently: boolean;
  readonly returns: boolean;
};

/** What the client and the night give everybody alike; times in ms, instants from the start of the night. */
export type ListenerRules = {
  readonly room: string;
  readonly heartbeatMs: number;
  readonly pongTimeoutMs: number;
  readonly joinTimeoutMs: number;
  readonly mediaTimeoutMs: number;
  readonly retapFirstMs: number;
  readonly retapThenMeanMs: number;
  readonly triesMax: number;
  /** The talk is over; whoever is in leaves within `leavingMs` of it. */
  readonly tailEndMs: number;
  readonly leavingMs: number;
};

export type Phase = 'idle' | 'dialing' | 'asking' | 'waiting' | 'seated' | 'in' | 'pausing' | 'gone';

/** State of one listener. Only `step` writes it. */
export type Listener = {
  readonly traits: ListenerTraits;
  readonly rules: ListenerRules;
  readonly hasMedia: boolean;
  phase: Phase;
  /** Asks of the whole night, from 1. */
  attempt: number;
  /** Tries for the present join; a join after an ejection counts afresh. */
  tries: number;
  room: string | null;
  ticket: string | null;
  /** Some answer came, ever: patience with silence is no longer the measure. */
  answered: boolean;
  /** The instant at which the person tires of this queue; set by its first position. */
  queueEndMs: number | null;
  /** The instant at which the person has heard enough; set when first in. */
  stayEndMs: number | null;
  heartbeats: number;
  /** The heartbeat whose answer is awaited, or null. */
  awaited: number | null;
};

export function createListener(traits: ListenerTraits, rules: ListenerRules, hasMedia: boolean): Listener {
  return {
    traits,
    rules,
    hasMedia,
    phase: 'idle',
    attempt: 0,
    tries: 0,
    room: null,
    ticket: null,
    answered: false,
    queueEndMs: null,
    stayEndMs: null,
    heartbeats: 0,
    awaited: null,
  };
}

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
  if (listener.phase === 'idle' && event.type !== 'arrive') return;
  const turn: Turn = { listener, nowMs, draw, effects };
  switch (event.type) {
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
      mediaAnswer(turn, event.fingerprint);
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

/** What one call of `step` works with. */
type Turn = {
  readonly listener: Listener;
  readonly nowMs: number;
  readonly draw: () => number;
  readonly effects: Effect[];
};

type HowToClose = 'none' | 'graceful' | 'abrupt';

function isSeated(listener: Listener): boolean {
  return listener.phase === 'seated' || listener.phase === 'in';
}

function isConnected({ phase }: Listener): boolean {
  return (
    phase === 'dialing' || phase === 'asking' || phase === 'waiting' || phase === 'seated' || phase === 'in'
  );
}

function row(
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

function setTimer(turn: Turn, kind: TimerKind, inMs: number): void {
  turn.effects.push({ type: 'set-timer', kind, inMs: Math.max(0, inMs) });
}

function clearTimer(turn: Turn, kind: TimerKind): void {
  turn.effects.push({ type: 'clear-timer', kind });
}

// Coming

function arrive(turn: Turn): void {
  const { listener, nowMs } = turn;
  if (listener.phase !== 'idle') return;
  const { intendedMs, startPatienceMs } = listener.traits;
  row(turn, 'arrive', null, nowMs - intendedMs);
  setTimer(turn, 'start-patience', intendedMs + startPatienceMs - nowMs);
  dial(turn);
}

function dial(turn: Turn): void {
  const { listener } = turn;
  listener.phase = 'dialing';
  listener.attempt++;
  listener.tries++;
  listener.room = listener.rules.room;
  row(turn, 'dial', null, null);
  turn.effects.push({ type: 'dial' });
  setTimer(turn, 'join', listener.rules.joinTimeoutMs);
}

function opened(turn: Turn): void {
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

// What the server says

function message(turn: Turn, event: Extract<ListenerEvent, { type: 'message' }>): void {
  const { listener } = turn;
  switch (event.name) {
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

/** Any first answer of a try: silence is over, and so is the time allowed for it. */
function answered(turn: Turn): void {
  clearTimer(turn, 'join');
  if (!turn.listener.answered) {
    turn.listener.answered = true;
    clearTimer(turn, 'start-patience');
  }
}

function waiting(turn: Turn, head: ServerMessage<'waiting'>): void {
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

function seated(turn: Turn, head: ServerMessage<'seated'>): void {
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

function mediaAnswer(
  turn: Turn,
  fingerprint: { readonly algorithm: 'sha-256'; readonly value: string },
): void {
  if (!isSeated(turn.listener)) return;
  turn.effects.push({ type: 'send', letter: FROM_LISTENER.connect, head: { fingerprint } });
}

function firstAudio(turn: Turn, tNs: bigint | null): void {
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

function moved(turn: Turn, head: ServerMessage<'moved'>): void {
  const { listener } = turn;
  if (!isSeated(listener)) return;
  listener.room = head.room;
  listener.ticket = head.ticket;
  row(turn, 'moved', null, head.seat);
  if (head.media !== null && listener.hasMedia) connectMedia(turn, head.media);
}

function full(turn: Turn, head: ServerMessage<'full'>): void {
  if (turn.listener.phase !== 'asking' && turn.listener.phase !== 'waiting') return;
  answered(turn);
  row(turn, 'full', null, head.retryAfterMs);
  fail(turn, 'full', 'graceful', head.retryAfterMs);
}

function error(turn: Turn, head: ServerMessage<'error'>): void {
  const { listener } = turn;
  if (head.code.startsWith('ticket-')) {
    // The ask goes on without it, and so does the person.
    if (!isSeated(listener)) listener.ticket = null;
    return;
  }
  if (listener.phase === 'asking' || listener.phase === 'waiting')
    fail(turn, 'protocol-error', 'graceful', null);
}

// What goes wrong

/** The connection is of no more use: a seat is lost by `ejection`, a try fails by `failure`. */
function lost(turn: Turn, failure: FailureCause, ejection: EjectionCause, how: HowToClose): void {
  if (isSeated(turn.listener)) eject(turn, ejection, how);
  else if (isConnected(turn.listener)) fail(turn, failure, how, null);
}

function fail(turn: Turn, cause: FailureCause, how: HowToClose, retryAfterMs: number | null): void {
  const { listener } = turn;
  row(turn, 'failed', cause, null);
  disconnect(turn, how);
  if (listener.tries < listener.rules.triesMax) pause(turn, retryAfterMs);
  else giveUp(turn, cause === 'full' ? 'refused' : 'tries');
}

function eject(turn: Turn, cause: EjectionCause, how: HowToClose): void {
  const { listener } = turn;
  row(turn, 'ejected', cause, null);
  disconnect(turn, how);
  if (!listener.traits.returns) {
    giveUp(turn, 'no-return');
    return;
  }
  listener.tries = 0;
  listener.queueEndMs = null;
  pause(turn, null);
}

/** Taps again: when the server said, or at once after the first blow, or at a person's own intervals. */
function pause(turn: Turn, retryAfterMs: number | null): void {
  const { listener, draw } = turn;
  const { retapFirstMs, retapThenMeanMs } = listener.rules;
  const isFirst = listener.tries === 0 || (listener.tries === 1 && listener.attempt === 1);
  listener.phase = 'pausing';
  setTimer(turn, 'retap', retryAfterMs ?? (isFirst ? retapFirstMs : -retapThenMeanMs * Math.log(draw())));
}

function disconnect(turn: Turn, how: HowToClose): void {
  const { listener, effects } = turn;
  if (how !== 'none') effects.push({ type: 'close', how });
  if (isSeated(listener) && listener.hasMedia) effects.push({ type: 'close-media' });
  for (const kind of ['join', 'heartbeat', 'pong', 'media', 'stay', 'end'] as const) clearTimer(turn, kind);
  listener.awaited = null;
}

// Time

function timer(turn: Turn, kind: TimerKind): void {
  const { listener } = turn;
  switch (kind) {
    case 'start-patience':
      if (!listener.answered) leaveTrying(turn, 'start-patience');
      return;
    case 'queue-patience':
      if (listener.queueEndMs !== null) leaveTrying(turn, 'queue-patience');
      return;
    case 'join':
      if (listener.phase === 'dialing' || listener.phase === 'asking')
        fail(turn, 'join-timeout', 'abrupt', null);
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
      if (listener.phase === 'in') leave(turn);
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

// Going

function leave(turn: Turn): void {
  row(turn, 'left', turn.listener.traits.leavesSilently ? 'silent' : 'goodbye', null);
  depart(turn);
}

/** Patience is over before there was a seat, or a seat again. */
function leaveTrying(turn: Turn, cause: GaveUpCause): void {
  row(turn, 'gave-up', cause, null);
  depart(turn);
}

function giveUp(turn: Turn, cause: GaveUpCause): void {
  row(turn, 'gave-up', cause, null);
  finish(turn);
}

/** A polite client says goodbye; a silent one leaves its socket standing and never answers again (M6). */
function depart(turn: Turn): void {
  const { listener, effects } = turn;
  if (isConnected(listener) && listener.traits.leavesSilently) {
    effects.push({ type: 'silence' });
  } else if (isConnected(listener)) {
    if (listener.phase !== 'dialing') effects.push({ type: 'send', letter: FROM_LISTENER.bye, head: {} });
    disconnect(turn, 'graceful');
  }
  finish(turn);
}

function finish(turn: Turn): void {
  turn.listener.phase = 'gone';
  turn.effects.push({ type: 'gone' });
}

function nightEnd(turn: Turn): void {
  const { listener } = turn;
  row(turn, 'at-end', AT_END[listener.phase as Exclude<Phase, 'idle' | 'gone'>], null);
  if (isConnected(listener)) disconnect(turn, 'graceful');
  finish(turn);
}

const AT_END = {
  dialing: 'joining',
  asking: 'joining',
  seated: 'joining',
  waiting: 'waiting',
  in: 'in',
  pausing: 'pausing',
} as const;
