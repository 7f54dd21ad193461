/** What was played so far, and each measure's figures in it. */
import type { GateFigures } from './figures.ts';
import type { GatePair, VoidRun } from './schema.ts';

/** A candidate beside its base on one machine: pairs of the same seed, adjacent in time. */
export type PairedEvidence = {
  readonly kind: 'paired';
  /** In the order of play; one with a void run does not count. */
  readonly pairs: readonly GatePair[];
  /** Void runs that never became a pair. */
  readonly voidRuns: readonly VoidRun[];
};

/** A candidate against runs that were stored some time ago. */
export type StoredEvidence = {
  readonly kind: 'stored';
  readonly base: readonly GateFigures[];
  /** In the order of play. */
  readonly candidate: readonly GateFigures[];
  readonly voidRuns: readonly VoidRun[];
  /** What may not be compared, and why. */
  readonly refused: readonly { readonly measure: string; readonly reason: string }[];
};

export type GateEvidence = PairedEvidence | StoredEvidence;

/** Only the runs that count; in a pair both have the same crowd. */
export type Counted = {
  readonly base: readonly GateFigures[];
  readonly candidate: readonly GateFigures[];
  readonly paired: boolean;
  readonly refused: ReadonlyMap<string, string>;
  readonly voidRuns: readonly VoidRun[];
};

/**
 * Takes what counts out of the evidence.
 *
 * @throws RangeError for a pair of two crowds: its difference would be the crowds'.
 */
export function countedOf(evidence: GateEvidence): Counted {
  if (evidence.kind === 'stored') {
    return {
      base: evidence.base.filter(isSound),
      candidate: evidence.candidate.filter(isSound),
      paired: false,
      refused: new Map(evidence.refused.map(({ measure, reason }) => [measure, reason])),
      voidRuns: [...evidence.voidRuns, ...evidence.candidate.flatMap((run) => voidOf('candidate', run))],
    };
  }
  for (const { base, candidate } of evidence.pairs) {
    if (base.seed === candidate.seed && base.planDigest === candidate.planDigest) continue;
    throw new RangeError(
      `expected both runs of a pair to have one crowd, got seeds ${base.seed} and ${candidate.seed}, digests ${base.planDigest} and ${candidate.planDigest}`,
    );
  }
  const sound = evidence.pairs.filter(({ base, candidate }) => isSound(base) && isSound(candidate));
  return {
    base: sound.map(({ base }) => base),
    candidate: sound.map(({ candidate }) => candidate),
    paired: true,
    refused: new Map(),
    voidRuns: [
      ...evidence.voidRuns,
      ...evidence.pairs.flatMap(({ base, candidate }) => [
        ...voidOf('base', base),
        ...voidOf('candidate', candidate),
      ]),
    ],
  };
}

/** The evidence as it was after so many candidate runs that count. */
export function firstOf(counted: Counted, runs: number): Counted {
  const { base, candidate, paired } = counted;
  return {
    ...counted,
    base: paired ? base.slice(0, runs) : base,
    candidate: candidate.slice(0, runs),
  };
}

export function isSound({ voidReasons }: GateFigures): boolean {
  return voidReasons.length === 0;
}

function voidOf(side: VoidRun['side'], { seed, voidReasons }: GateFigures): VoidRun[] {
  return voidReasons.length === 0 ? [] : [{ side, seed, reasons: [...voidReasons] }];
}
