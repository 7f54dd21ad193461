/**
 * One row of the crowd plan: numbers only. Everything is drawn before the run from (seed, person, purpose), so
 * that the same scenario, seed, scale and time-scale give the same crowd whatever carries it out.
 */
import type { Origin } from '../../scenarios/schema.ts';

export type Person = {
  readonly personId: number;
  /** When the person sets out, ms from the start of the night. Never moved by how the server fares. */
  readonly intendedMs: number;
  /** When the person comes to the hallway to wait there for the moment; NaN: does not. Never after `intendedMs`. */
  readonly hallwayAtMs: number;
  /** 'incumbent', or the id of the wave. */
  readonly cohort: string;
  /** Where the person came from. */
  readonly origin: Origin;
  /** How long the person waits for the first answer of a try before hanging up and tapping again. */
  readonly startPatienceMs: number;
  /** How long the person stays in a queue that tells a position. */
  readonly queuePatienceMs: number;
  /** How long the person stays once in; counted from the first seat. */
  readonly stayMs: number;
  /** Raises the hand so long after getting in for the first time; NaN: never. */
  readonly raisesHandAfterMs: number;
  /** Leaves without a word. */
  readonly leavesSilently: boolean;
  /** Tries to come back after an ejection. */
  readonly returns: boolean;
  /** How long the person takes before that; 0: taps at once. */
  readonly returnDelayMs: number;
  /** Told that the main room is full, opens a parallel room. */
  readonly opensParallel: boolean;
  /** Told that the main room is full, goes to a parallel room that has a seat. */
  readonly joinsParallel: boolean;
  /** Rank in [0, 1) by which bodies are given out: the lowest ranks of a group carry media. */
  readonly bodyRank: number;
  /** Seed of the person's own draws during the night (jitter of retries). */
  readonly seed: number;
};
