/**
 * The gate's judgement at one look: which costs are higher than is tolerated, which events happen in more runs, and, when
 * none, whether a regression would have been seen at all. A gate that could not have seen one does not clear anybody.
 */
import { type Counted, countedOf, type GateEvidence } from './evidence.ts';
import { judgeMeasures } from './measures.ts';
import type { GateOptions } from './options.ts';
import type { EventJudged, Look, RatioJudged, VoidRun, WallClockShown } from './schema.ts';
import { wallClockShown } from './wall-clock.ts';
import { regressionWords, seenWords, unseenWords, voidRunWords } from './words.ts';

export type Judgement = {
  readonly says: Look['says'];
  readonly reasons: readonly string[];
  /** Pairs, or candidate runs, that count. */
  readonly runs: number;
  readonly measures: readonly RatioJudged[];
  readonly events: readonly EventJudged[];
  readonly wallClock: readonly WallClockShown[];
  readonly voidRuns: readonly VoidRun[];
};

/**
 * Judges all of the evidence at once. Between looks and where runs are missing it says 'more pairs', whatever the
 * figures are: who judges after every pair finds a regression sooner or later.
 */
export function judgeGate(evidence: GateEvidence, options: GateOptions): Judgement {
  return judgeCounted(countedOf(evidence), options);
}

/** The same, of runs that were counted before. */
export function judgeCounted(counted: Counted, options: GateOptions): Judgement {
  const runs = counted.candidate.length;
  const measures = judgeMeasures(counted, options);
  const found = {
    runs,
    ...measures,
    wallClock: wallClockShown(counted),
    voidRuns: counted.voidRuns,
  };
  return { ...found, ...verdictOf(found, options) };
}

type Said = Pick<Judgement, 'says' | 'reasons'>;

function verdictOf(found: Omit<Judgement, 'says' | 'reasons'>, options: GateOptions): Said {
  const { runs, voidRuns } = found;
  const atLook = options.looks.includes(runs);
  // Before the first look some bad luck is allowed; what never gets better ends here.
  if (voidRuns.length > (atLook ? runs : Math.max(runs, options.looks[0]!))) {
    return { says: 'void', reasons: voidRunWords(voidRuns, runs) };
  }
  if (!atLook) return { says: 'more pairs', reasons: [] };
  const regressions = regressionWords(found);
  if (regressions.length > 0) return { says: 'regression', reasons: regressions };
  const unseen = unseenWords(found, options);
  if (unseen.length === 0) return { says: 'no regression seen', reasons: seenWords(found, options) };
  return { says: runs < options.looks.at(-1)! ? 'more pairs' : 'void', reasons: unseen };
}
