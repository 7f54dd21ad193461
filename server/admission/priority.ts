/**
 * Who goes first, in the manner of DAGOR (Zhou et al., "Overload Control for Scaling WeChat Microservices",
 * SoCC 2018): speakers before people who had a seat and lost it, and those before people who were never in.
 *
 * With a waiting room each of these groups has a lane of its own, first come, first served; one seat in so many goes to the
 * last lane that has somebody, so nobody starves: whoever is at position p of a lane has a seat after at most
 * p times so many. Without a waiting room the overloaded server refuses early: every ask has a level, the group first
 * and a hash of the person second, and a threshold of levels moves once a second, down by a share of what was
 * admitted when the server is overloaded, up by a share of what came when it is not. The hash changes now and then
 * (the paper: hourly), so that nobody has bad luck all night.
 */
import { z } from 'zod';
import type { ServerSignals } from './step.ts';

export const LANES = ['speaker', 'returning', 'new'] as const;
export type Lane = (typeof LANES)[number];

export const priorityParameters = z
  .strictObject({
    lastLaneOneIn: z
      .int()
      .min(2)
      .default(10)
      .describe('one seat in so many goes to the last lane that has somebody (an assumption)'),
    eventLoopLagMsMax: z
      .number()
      .positive()
      .default(20)
      .describe('mean wait in ms above which the server is overloaded (DAGOR: 20 ms)'),
    workerCpuShareMax: z
      .number()
      .min(0.05)
      .max(1)
      .default(0.9)
      .describe('share of its core above which the media worker is overloaded (an assumption)'),
    lessShare: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.05)
      .describe('share of the admitted that is refused more after an overloaded second (DAGOR: 5 %)'),
    moreShare: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.01)
      .describe('share of the asks that is admitted more after a calm second (DAGOR: 1 %)'),
    rehashMs: z
      .number()
      .positive()
      .default(10_000)
      .describe('ms after which the order within a group is drawn anew (DAGOR: an hour; a night is shorter)'),
  })
  .describe('who goes first, and who is refused early when the server is overloaded');
export type PriorityParameters = z.infer<typeof priorityParameters>;

/** Levels within a group (DAGOR: 128 user priorities). */
const USER_LEVELS = 128;
const LEVELS = LANES.length * USER_LEVELS;
/** Beyond so many the one who lost a seat longest ago is forgotten. */
const LOST_MAX = 100_000;

export class Priority {
  readonly #parameters: PriorityParameters;
  /** Who had a seat and lost it, the longest ago first. */
  readonly #lost = new Set<number>();
  /** Asks of this second by level. */
  readonly #asked = new Int32Array(LEVELS);
  /** Levels below this one are admitted. */
  #threshold = LEVELS;

  constructor(parameters: PriorityParameters) {
    this.#parameters = parameters;
  }

  get lastLaneOneIn(): number {
    return this.#parameters.lastLaneOneIn;
  }

  /** A taken seat was lost. */
  lost(personId: number): void {
    this.#lost.delete(personId);
    this.#lost.add(personId);
    if (this.#lost.size <= LOST_MAX) return;
    const [longestAgo] = this.#lost;
    this.#lost.delete(longestAgo!);
  }

  /** Somebody has a seat again, or left of their own will. */
  settled(personId: number): void {
    this.#lost.delete(personId);
  }

  laneOf(personId: number, isSpeaker: boolean): Lane {
    if (isSpeaker) return 'speaker';
    return this.#lost.has(personId) ? 'returning' : 'new';
  }

  /** Whether an ask is let through to the seats now; it counts as having come either way. */
  admits(personId: number, lane: Lane, nowMs: number): boolean {
    const level = LANES.indexOf(lane) * USER_LEVELS + this.#userLevel(personId, nowMs);
    this.#asked[level]! += 1;
    return level < this.#threshold;
  }

  /** The end of a second: the threshold moves by what was asked in it. */
  observe({ eventLoopLagMs, workerCpuShare }: ServerSignals): void {
    const { eventLoopLagMsMax, workerCpuShareMax, lessShare, moreShare } = this.#parameters;
    const overloaded = eventLoopLagMs > eventLoopLagMsMax || (workerCpuShare ?? 0) > workerCpuShareMax;
    const came = sum(this.#asked, LEVELS);
    const admitted = sum(this.#asked, this.#threshold);
    if (overloaded) this.#lower((1 - lessShare) * admitted);
    else this.#raise(admitted, admitted + moreShare * came);
    this.#asked.fill(0);
  }

  /** Lowers the threshold until so few would have been admitted; speakers always are. */
  #lower(wanted: number): void {
    let admitted = sum(this.#asked, this.#threshold);
    while (this.#threshold > USER_LEVELS && admitted > wanted) {
      this.#threshold -= 1;
      admitted -= this.#asked[this.#threshold]!;
    }
  }

  /** Raises the threshold until so many more would have been admitted; a calm second without asks raises it by one. */
  #raise(admitted: number, wanted: number): void {
    let would = admitted;
    do {
      if (this.#threshold >= LEVELS) return;
      would += this.#asked[this.#threshold]!;
      this.#threshold += 1;
    } while (would < wanted);
  }

  #userLevel(personId: number, nowMs: number): number {
    const draw = Math.imul(personId ^ Math.floor(nowMs / this.#parameters.rehashMs), 0x9e3779b1);
    return ((draw ^ (draw >>> 15)) >>> 0) % USER_LEVELS;
  }
}

function sum(counts: Int32Array, end: number): number {
  let total = 0;
  for (let level = 0; level < end; level += 1) total += counts[level]!;
  return total;
}
