/**
 * What the live page is told, as Server-Sent Events: each frame is one event of the stream, its `type` the event's name and
 * the whole frame as JSON its data. Imports nothing but types, so that the page can have it.
 *
 * The first event is `hello` with all that was told before, so that a late visitor sees the whole night so far; then come
 * the others as they happen. Everything here is provisional: the figures of a run are queries over its whole log.
 */
import type { Unit } from '../../reports/render/format.ts';
import type { LiveState, Phase } from '../../simulator/listener/tally.ts';

/** What is known of a night before it begins. */
export type NightFrame = {
  readonly type: 'night';
  /** Counts the nights of this page from 0: a comparison plays several. */
  readonly nth: number;
  /** The build: "clubhouse-2021", "guarded-open". */
  readonly name: string;
  readonly title: string;
  readonly people: number;
  readonly seed: number;
  readonly scale: number;
  readonly timeScale: number;
  /** Times of the night, ms from its start. Null: it has no plan and no end, as with `roomrush serve`. */
  readonly surgeStartMs: number | null;
  readonly surgeEndMs: number | null;
  readonly nightEndMs: number | null;
  readonly moments: readonly { readonly nightMs: number; readonly title: string }[];
  /** Seats of the main room, and of one overflow room (0: the night has none). */
  readonly mainSeats: number;
  readonly overflowSeats: number;
  readonly objectives: readonly LiveObjectiveLimit[];
};

export type LiveObjectiveLimit = {
  readonly id: string;
  /** In a reader's words: "seats lost at most 0". */
  readonly text: string;
  /** What its values are counted in; left out: plain numbers. */
  readonly unit?: Unit;
  /** False: it can be told only from the whole log, after the night. */
  readonly isLive: boolean;
};

/** One second of a night. */
export type SecondFrame = {
  readonly type: 'second';
  readonly nth: number;
  readonly nightMs: number;
  /**
   * People by their state; those who have not arrived yet are in none. With `roomrush serve` as the server's own ledger
   * has them: those in rooms and in the queue, and zero in every other.
   */
  readonly crowd: Readonly<Record<LiveState, number>>;
  readonly arrived: number;
  /** Got in, and lost a seat, in this second. */
  readonly joins: number;
  readonly losses: number;
  /** Losses since the start of the night, by cause. */
  readonly lossesByCause: Readonly<Record<string, number>>;
  /**
   * Mean ms of a phase among those who got in for the first time in this second, 0 for who had none, so that the phases sum
   * to the mean join; null: nobody got in, or nobody had the phase.
   */
  readonly phaseMs: Readonly<Record<Phase, number | null>>;
  /** Null: the server does not tell (another target), or has not answered. */
  readonly rooms: readonly LiveRoom[] | null;
  /** CPU of the last second as shares of one core; null where there is no /proc. With `roomrush serve` only the server's. */
  readonly cpu: {
    readonly server: number;
    readonly worker: number;
    readonly swarm: number;
    /** All that ran on the crowd's core, and on either core what was none of ours. */
    readonly swarmCoreBusy: number;
    readonly foreign: number;
  } | null;
  /** What the server took to answer a look at /health; null: it has not answered. */
  readonly probeMs: number | null;
  /** Share of people who set out more than 50 ms late: above 0.01 the night is void. */
  readonly lateShare: number;
  /** Of the live objectives: its value so far; null: nothing was measured yet. */
  readonly objectives: Readonly<
    Record<string, { readonly value: number | null; readonly isBroken: boolean }>
  >;
};

/** A room without limit is told with the seats that were planned for it, so that `taken` may be more. */
export type LiveRoom = {
  readonly id: string;
  readonly kind: 'main' | 'overflow' | 'parallel';
  readonly taken: number;
  readonly seats: number;
};

/** Something that happened at an instant: a moment of the night, a fault, a cut. */
export type MarkFrame = {
  readonly type: 'mark';
  readonly nth: number;
  readonly kind: 'moment' | 'fault';
  readonly nightMs: number;
  readonly text: string;
};

/** A night's end: what its log says of it. Null: it was stopped before it was measured. */
export type VerdictFrame = {
  readonly type: 'verdict';
  readonly nth: number;
  readonly result: 'pass' | 'fail' | 'void' | null;
  readonly reasons: readonly string[];
  /** From the whole log, and final. One that could not be judged in this run is left out. */
  readonly objectives: readonly {
    readonly id: string;
    readonly isPass: boolean;
    readonly measured: string;
  }[];
};

/** Nothing more will come. */
export type EndFrame = {
  readonly type: 'end';
  /** Whether a report can be had of this same server, under /report/. */
  readonly hasReport: boolean;
};

export type LiveFrame = NightFrame | SecondFrame | MarkFrame | VerdictFrame | EndFrame;

/** What a page that comes is told at once. Of more than an hour the seconds are told two in one: joins and losses summed. */
export type HelloFrame = { readonly type: 'hello'; readonly frames: readonly LiveFrame[] };
