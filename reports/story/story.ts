/**
 * One listener's night, as `roomrush report --listener` tells it: who they are, what they and the server saw of each
 * other, and what became of them. Times are ms from the start of the night.
 */

/** A row of the log that belongs to the story, as the query gives it; columns that a row does not have are null. */
export type StoryRow = {
  readonly atMs: number;
  readonly side: 'listener' | 'server' | 'rehearsal';
  readonly type: string;
  readonly attempt: number | null;
  readonly room: string | null;
  readonly cause: string | null;
  readonly value: number | null;
  readonly lost: number | null;
  readonly longestGapMs: number | null;
  readonly lateMs: number | null;
  readonly jitterMs: number | null;
};

/** What was counted over some seconds of audio. */
export type Heard = {
  readonly seconds: number;
  readonly packets: number;
  readonly lost: number;
  /** null: gaps, lateness or jitter were not counted. */
  readonly longestGapMs: number | null;
  readonly lateMsMax: number | null;
  readonly jitterMsMax: number | null;
};

export type StoryLine = {
  readonly atMs: number;
  /** Whose row it is; the night's own are the moments, faults and rooms that everybody had. */
  readonly column: 'listener' | 'server' | 'night';
  readonly type: string;
  readonly attempt: number | null;
  readonly room: string | null;
  readonly cause: string | null;
  readonly value: number | null;
  /** Only for seconds of audio, many in one line. */
  readonly heard: Heard | null;
  /** What happened, in words. */
  readonly text: string;
};

export type Loss = {
  readonly atMs: number;
  readonly cause: string;
  /** Whose row counts it: the listener's where there is one, as that is what the person felt. */
  readonly countedBy: 'listener' | 'server';
  readonly attempt: number | null;
  /** Each side that wrote it down, and how it calls it. */
  readonly seenBy: readonly {
    readonly side: 'listener' | 'server';
    readonly atMs: number;
    readonly cause: string | null;
  }[];
};

export type Fate = {
  /** As in reports/measures/base/10-people.sql. */
  readonly outcome: 'joined' | 'refused' | 'gave-up' | 'waiting' | 'lost' | 'absent';
  /** null: never. */
  readonly firstInAtMs: number | null;
  readonly joinLatencyMs: number | null;
  readonly losses: readonly Loss[];
  /** After the last loss: in again, tried in vain, or did not try; null: no loss. */
  readonly afterLosses: 'returned' | 'stranded' | 'did-not-try' | null;
  /** Dialled or asked, after the first loss. */
  readonly tries: number;
  readonly end: 'gave-up' | 'left' | 'at-end' | null;
  readonly endCause: string | null;
  readonly endAtMs: number | null;
  /** Over the whole night; null: their packets are not counted. */
  readonly heard: Heard | null;
};

/** An objective that counts this listener against it. */
export type CountedAgainst = {
  readonly id: string;
  readonly title: string;
  readonly measure: string;
  /** Of the run; null: not judged, or the run was not measured yet. */
  readonly pass: boolean | null;
  /** What the value is: "in after", "times thrown out". */
  readonly what: string;
  readonly unit: 'ms' | 'share' | 'count';
  /** null: never. */
  readonly value: number | null;
};

export type Story = {
  readonly schema: 'roomrush/story@1';
  readonly run: { readonly id: string; readonly scenario: string; readonly title: string };
  readonly who: {
    readonly personId: number;
    /** These are null for somebody who is in no plan. */
    readonly name: string | null;
    readonly handle: string | null;
    readonly origin: string | null;
    readonly cohort: string | null;
    readonly body: string | null;
    readonly plannedArrivalMs: number | null;
    /** How long they would stay once in. */
    readonly stayMs: number | null;
  };
  readonly fate: Fate;
  readonly against: readonly CountedAgainst[];
  /** Objectives for which one has to know the others' nights too. */
  readonly notKnown: readonly string[];
  readonly lines: readonly StoryLine[];
};
