/**
 * Do two drivers lead the same people in alike? Person by person, as both drivers carried out the same plan: what the
 * night has in common for both falls out of the difference.
 */
import { comparePairs, type PairedResult } from '../../reports/comparison/paired.ts';

/** Whichever of the two is larger may lie between two medians. */
const TOLERANCE_SHARE = 0.1;
const TOLERANCE_MS = 20;
const CONFIDENCE = 0.95;

/** ms of each person's phases in one night; the whole way in is the phase `join`. */
export type Joins = ReadonlyMap<number, ReadonlyMap<string, number>>;

export type PhaseComparison = {
  readonly phase: string;
  /** Medians over everybody and every round, ms; null: nobody has the phase. */
  readonly p50Ms: number | null;
  readonly referenceP50Ms: number | null;
  /** Of the differences, driver minus reference: one a person, the mean of that person's rounds. */
  readonly differenceMs: PairedResult;
  /** Whether the medians lie within 10 % or 20 ms; null: one of them is missing. */
  readonly holds: boolean | null;
};

/**
 * Compares one phase. Rounds are paired by their number: the first night of one driver with the first of the other.
 *
 * @param ours of the driver, `reference` of what it stands for, a night each.
 */
export function comparePhase(
  phase: string,
  ours: readonly Joins[],
  reference: readonly Joins[],
): PhaseComparison {
  const p50Ms = quantile(samplesOf(phase, ours), 0.5);
  const referenceP50Ms = quantile(samplesOf(phase, reference), 0.5);
  return {
    phase,
    p50Ms,
    referenceP50Ms,
    differenceMs: comparePairs(differences(phase, ours, reference), CONFIDENCE),
    holds:
      p50Ms === null || referenceP50Ms === null
        ? null
        : Math.abs(p50Ms - referenceP50Ms) <= Math.max(TOLERANCE_MS, TOLERANCE_SHARE * referenceP50Ms),
  };
}

/** Everybody's times of one phase, over all nights. */
export function samplesOf(phase: string, nights: readonly Joins[]): readonly number[] {
  return nights.flatMap((joins) => [...joins.values()].flatMap((phases) => phases.get(phase) ?? []));
}

/** Nearest rank, as in the measures; null: no sample. */
export function quantile(samples: readonly number[], q: number): number | null {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1] ?? null;
}

/** Rounds of one person are not independent of each other, so each person counts once. */
function differences(phase: string, ours: readonly Joins[], reference: readonly Joins[]): number[] {
  const byPerson = new Map<number, number[]>();
  for (const [round, joins] of ours.entries()) {
    for (const [personId, phases] of joins) {
      const mine = phases.get(phase);
      const theirs = reference[round]?.get(personId)?.get(phase);
      if (mine === undefined || theirs === undefined) continue;
      const known = byPerson.get(personId);
      if (known === undefined) byPerson.set(personId, [mine - theirs]);
      else known.push(mine - theirs);
    }
  }
  return [...byPerson.values()].map((each) => each.reduce((sum, one) => sum + one, 0) / each.length);
}
