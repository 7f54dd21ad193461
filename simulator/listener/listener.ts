/**
 * One synthetic listener: what somebody wants, does and puts up with on the night, as a deterministic state
 * machine. Events and the time go in, effects come out (`step.ts`); sockets, timers, media and random draws
 * belong to the body that carries the effects out, so that a socket, a browser, k6 and a simulated server can
 * all run the same person. Nothing in this folder imports anything but types and the wire's letters.
 *
 *   idle -> dialing -> browsing -> asking -> (waiting ->) seated -> in -> gone
 *              ^                     |  |___ aside -> gone          |
 *              |________ pausing <___|______________________________|  a try failed, or the seat was lost
 */
import type { Profile } from '../../server/protocol/messages.ts';

/** What a person is like: the plan's numbers that matter here, and the texts that others see. */
export type ListenerTraits = {
  readonly personId: number;
  readonly name: string;
  /** Goes with every ask; null: shows nothing of themselves. */
  readonly profile: Profile | null;
  readonly intendedMs: number;
  readonly startPatienceMs: number;
  readonly queuePatienceMs: number;
  readonly stayMs: number;
  /** Raises the hand so long after getting in for the first time; NaN: never. */
  readonly raisesHandAfterMs: number;
  readonly leavesSilently: boolean;
  readonly returns: boolean;
  /** Taken before the way back after an ejection; 0: at once. */
  readonly returnDelayMs: number;
  /** Told that the main room is full, goes to a parallel room that has a seat. */
  readonly joinsParallel: boolean;
  /** Told that the main room is full, opens a parallel room. */
  readonly opensParallel: boolean;
};

/** What the client and the night give everybody alike; times in ms, instants from the start of the night. */
export type ListenerRules = {
  readonly room: string;
  readonly heartbeatMs: number;
  readonly pongTimeoutMs: number;
  readonly joinTimeoutMs: number;
  readonly mediaTimeoutMs: number;
  /** Who waits in the hallway looks at the list of rooms again after so long. */
  readonly hallwayPollMs: number;
  /** Nobody opens a parallel room when so many are in the list; 0: nobody may. */
  readonly parallelRoomsMax: number;
  readonly retapFirstMs: number;
  readonly retapThenMeanMs: number;
  readonly triesMax: number;
  /** The talk is over; whoever is in leaves within `leavingMs` of it. */
  readonly tailEndMs: number;
  readonly leavingMs: number;
};

/** How a listener receives audio: not at all, over WebRTC, or as SRTP to an address that it names. */
export type MediaKind = 'none' | 'webrtc' | 'rtp';

export type Phase =
  | 'idle'
  | 'dialing'
  /** Looks at the list of rooms: before an ask, or until the moment for which one waits. */
  | 'browsing'
  | 'asking'
  | 'waiting'
  | 'seated'
  | 'in'
  /** In a parallel room, and done with the main one. */
  | 'aside'
  | 'pausing'
  | 'gone';

/** State of one listener. Only `step` writes it. */
export type Listener = {
  readonly traits: ListenerTraits;
  readonly rules: ListenerRules;
  readonly media: MediaKind;
  phase: Phase;
  /** Has set out; false for whoever waits in the hallway for the moment. */
  hasArrived: boolean;
  /** The list of rooms came on this connection. */
  hasSeenList: boolean;
  /** The main room was full when last asked for. */
  toldFull: boolean;
  /** What the present ask is for: the main room, somebody's parallel room, or one of one's own. */
  seeking: 'main' | 'parallel' | 'own';
  /** Dials of the whole night, from 1. */
  attempt: number;
  /** Tries for the present join; a join after an ejection counts afresh. */
  tries: number;
  room: string | null;
  ticket: string | null;
  /** The instant at which the person tires of this queue; set by its first position. */
  queueEndMs: number | null;
  /** The instant at which the person has heard enough; set when first in. */
  stayEndMs: number | null;
  /** Sits there and wants to speak. */
  willRaiseHand: boolean;
  heartbeats: number;
  /** The heartbeat whose answer is awaited, or null. */
  awaited: number | null;
};

export function createListener(traits: ListenerTraits, rules: ListenerRules, media: MediaKind): Listener {
  return {
    traits,
    rules,
    media,
    phase: 'idle',
    hasArrived: false,
    hasSeenList: false,
    toldFull: false,
    seeking: 'main',
    attempt: 0,
    tries: 0,
    room: null,
    ticket: null,
    queueEndMs: null,
    stayEndMs: null,
    willRaiseHand: false,
    heartbeats: 0,
    awaited: null,
  };
}

export function hasMedia({ media }: Listener): boolean {
  return media !== 'none';
}

export function isSeated(listener: Listener): boolean {
  return listener.phase === 'seated' || listener.phase === 'in';
}

export function isUnanswered({ phase }: Listener): boolean {
  return phase === 'dialing' || phase === 'browsing' || phase === 'asking';
}

export function isConnected({ phase }: Listener): boolean {
  return phase !== 'idle' && phase !== 'pausing' && phase !== 'gone';
}
