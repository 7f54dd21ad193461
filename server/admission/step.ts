/**
 * The interface of an admission policy: `step(state, event, nowMs, draw) -> decisions`.
 *
 * A policy opens no socket, reads no clock and draws no random number: all three are handed in, so that the
 * live server and a simulator run the same code and the same history gives the same decisions. `step` may
 * update the state in place. Which room somebody sits in, when an overflow room opens or closes and who is
 * promoted are decided here; `server/rooms` only carries decisions out.
 */
import type { Lane } from './priority.ts';

/** What an ask brought with it, after its ticket was checked. */
export type Claim =
  | { readonly kind: 'none' }
  | { readonly kind: 'seat'; readonly room: string; readonly seat: number }
  | { readonly kind: 'place'; readonly sequence: number };

/** The server's own condition, once a second. */
export type ServerSignals = {
  /** Mean lateness of the event loop's turns. */
  readonly eventLoopLagMs: number;
  /** Of one core, by the server's own process. */
  readonly cpuShare: number;
  /** Of one core, by the busiest media worker; null: no media. */
  readonly workerCpuShare: number | null;
  /** Median from the seat to flowing audio, over those to whom it began in that second; null: nobody. */
  readonly admissionToAudioMs: number | null;
};

export type AdmissionEvent =
  /** Somebody asks for a seat. */
  | {
      readonly type: 'asked';
      readonly personId: number;
      readonly claim: Claim;
      /** Speaks in the room. Absent: a listener. */
      readonly isSpeaker?: boolean;
    }
  /** The seat that was decided has been taken: what had to be awaited between check and take is over. */
  | { readonly type: 'took'; readonly personId: number }
  /** Somebody left of their own will, from a seat or from the queue. */
  | { readonly type: 'left'; readonly personId: number }
  /** Somebody was lost or thrown out; a seat is held for them where the policy holds seats. */
  | { readonly type: 'vanished'; readonly personId: number }
  /** Whole rooms were emptied at once: all of them are lost before anybody is seated or promoted. */
  | { readonly type: 'emptied'; readonly personIds: readonly number[] }
  | { readonly type: 'observed'; readonly signals: ServerSignals }
  | { readonly type: 'tick' };

export type Decision =
  | {
      readonly type: 'seat';
      readonly personId: number;
      readonly room: string;
      readonly seat: number;
      readonly resumed: boolean;
    }
  | {
      readonly type: 'wait';
      readonly personId: number;
      readonly sequence: number;
      readonly position: number;
      readonly estimatedWaitMs: number | null;
      /** The lane of a waiting room with priority; null: there is one line for all. */
      readonly lane: Lane | null;
    }
  | { readonly type: 'full'; readonly personId: number; readonly retryAfterMs: number | null }
  | { readonly type: 'open-room'; readonly room: string; readonly seats: number; readonly relayOf: string }
  | { readonly type: 'close-room'; readonly room: string }
  | {
      readonly type: 'move';
      readonly personId: number;
      readonly from: string;
      readonly to: string;
      readonly seat: number;
    }
  /** A seat has become free for others: after a leave, after a hold ran out. */
  | {
      readonly type: 'release';
      readonly personId: number;
      readonly room: string;
      readonly seat: number;
      /** superseded: its owner asked anew without the ticket for it. */
      readonly cause: 'left' | 'vanished' | 'expired' | 'superseded';
    }
  /** A seat is kept for somebody who was thrown out. */
  | {
      readonly type: 'hold';
      readonly personId: number;
      readonly room: string;
      readonly seat: number;
      readonly holdMs: number;
    }
  /** The place of a waiter who was lost and did not come back in time is gone. */
  | { readonly type: 'expire'; readonly personId: number; readonly sequence: number };

/** A random number in [0, 1), from the owner's seeded source. */
export type Draw = () => number;

/** A running policy: its state and its step. */
export type Admission = {
  readonly step: (event: AdmissionEvent, nowMs: number, draw: Draw) => readonly Decision[];
  /** Whether a claim would be honoured now; the owner tells a listener whose ticket has lapsed. */
  readonly honours: (personId: number, claim: Claim, nowMs: number) => boolean;
  /** Seats by room and people waiting, for the hallway, the log and the checks. */
  readonly occupancy: () => readonly Occupancy[];
  readonly waiting: () => number;
  /** Seats that may be in use by the adaptive limit; null: without one. */
  readonly limit: (nowMs: number) => number | null;
};

/** Seats of one room. With an exact cap decided + taken + held + free = seats. */
export type Occupancy = {
  readonly room: string;
  readonly seats: number | null;
  /** Decided, and not yet taken. */
  readonly decided: number;
  readonly taken: number;
  readonly held: number;
};

/** What an earlier process of the same server left behind. */
export type Inheritance = {
  readonly seats: readonly { readonly personId: number; readonly room: string; readonly seat: number }[];
  /** Places in the queue were given by that process below this number. */
  readonly nextSequence: number;
};
