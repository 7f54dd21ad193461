/**
 * One synthetic listener: what somebody wants, does and puts up with on the night, as a deterministic state
 * machine. Events and the time go in, effects come out (`step.ts`); sockets, timers, media and random draws
 * belong to the body that carries the effects out, so that a socket, a browser, k6 and a simulated server can
 * all run the same person. Nothing in this folder imports anything but types and the wire's letters.
 *
 *   idle -> dialing -> asking -> (waiting ->) seated -> in -> gone
 *              ^____________ pausing <____________|  a try failed, or the seat was lost
 */
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
    queueEndMs: null,
    stayEndMs: null,
    heartbeats: 0,
    awaited: null,
  };
}

export function isSeated(listener: Listener): boolean {
  return listener.phase === 'seated' || listener.phase === 'in';
}

export function isUnanswered({ phase }: Listener): boolean {
  return phase === 'dialing' || phase === 'asking';
}

export function isConnected({ phase }: Listener): boolean {
  return (
    phase === 'dialing' || phase === 'asking' || phase === 'waiting' || phase === 'seated' || phase === 'in'
  );
}
