/** From measured runs to what sets the policies apart: pairs by seed, differences, and whether the night can tell. */
import { choose, discriminationSentence } from './choice.ts';
import type { ComparedMeasure } from './measures.ts';
import { comparePairs, PAIRS_MIN } from './paired.ts';
import type { Difference, MeasureCompared, PoliciesCompared } from './schema.ts';

/** As much of a run as a comparison needs. */
export type MeasuredRun = {
  readonly policy: string;
  readonly seed: number;
  /** The probe is the night under `open`, played once to see whether it hurts; it is compared with nothing. */
  readonly role: 'compared' | 'probe';
  readonly result: 'pass' | 'fail' | 'void';
  readonly partial: boolean;
  /** A repeat of a run that was void; it takes the place of the first. */
  readonly again: boolean;
  readonly reasons: readonly string[];
  /** By path; null: no figure. */
  readonly figures: Readonly<Record<string, number | null>>;
};

/** Of all intervals that a comparison shows together. */
const FAMILY_WISE = 0.95;
/** The policy without a limit: a night that it passes asks nothing of an admission control. */
export const CONTROL_POLICY = 'open';

/**
 * Compares policies over seeds.
 *
 * @param policies in the order of the report; the first is the reference.
 * @param runs of these, in any order; who is missing, void or partial leaves its pair out.
 */
export function comparePolicies(
  policies: readonly string[],
  seeds: readonly number[],
  measures: readonly ComparedMeasure[],
  runs: readonly MeasuredRun[],
): PoliciesCompared {
  const compared = runs.filter(({ role }) => role === 'compared');
  const counting = compared.filter(counts);
  const shown = measures.filter(({ path }) =>
    counting.some(({ figures }) => (figures[path] ?? null) !== null),
  );
  const intervals = (policies.length - 1) * shown.length;
  const each = intervals === 0 ? FAMILY_WISE : 1 - (1 - FAMILY_WISE) / intervals;
  const discrimination = discriminationOf(policies, runs);
  const firstVoid = compared.filter(({ again, result, partial }) => !again && !partial && result === 'void');
  const found = {
    reference: policies[0]!,
    policies: [...policies],
    seeds: [...seeds],
    runs: {
      planned: policies.length * seeds.length,
      measured: counting.length,
      void: firstVoid.length,
      repeated: compared.filter(({ again }) => again).length,
      leftOut: leftOut(policies, seeds, compared),
    },
    verdicts: policies.map((policy) => ({
      policy,
      pass: counting.filter((run) => run.policy === policy && run.result === 'pass').length,
      fail: counting.filter((run) => run.policy === policy && run.result === 'fail').length,
    })),
    discrimination,
    confidence: { familyWise: FAMILY_WISE, intervals, each },
    measures: shown.map((measure) => compareMeasure(measure, policies, seeds, counting, each)),
  };
  return { ...found, choice: discrimination.discriminates === true ? choose(found) : [] };
}

/** Whether a run's figures may be compared. */
function counts({ partial, result }: MeasuredRun): boolean {
  return !partial && result !== 'void';
}

function leftOut(
  policies: readonly string[],
  seeds: readonly number[],
  runs: readonly MeasuredRun[],
): PoliciesCompared['runs']['leftOut'] {
  return seeds.flatMap((seed) =>
    policies.flatMap((policy) => {
      const own = runs.filter((run) => run.policy === policy && run.seed === seed);
      if (own.some(counts)) return [];
      const last = own.at(-1);
      const reason =
        last === undefined ? 'not played' : last.partial ? 'broken off' : `void: ${last.reasons.join('; ')}`;
      return [{ policy, seed, reason }];
    }),
  );
}

function compareMeasure(
  measure: ComparedMeasure,
  policies: readonly string[],
  seeds: readonly number[],
  runs: readonly MeasuredRun[],
  confidence: number,
): MeasureCompared {
  const figureOf = (policy: string, seed: number): number | null | undefined => {
    const run = runs.find((one) => one.policy === policy && one.seed === seed);
    return run === undefined ? undefined : (run.figures[measure.path] ?? null);
  };
  const [reference, ...others] = policies;
  return {
    ...measure,
    byPolicy: policies.map((policy) => {
      const own = runs
        .filter((run) => run.policy === policy)
        .map(({ figures }) => figures[measure.path] ?? null);
      const known = own.filter((figure) => figure !== null);
      return {
        policy,
        runs: own.length,
        withoutFigure: own.length - known.length,
        mean: known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length,
      };
    }),
    differences: others.map((policy): Difference => {
      const differences: number[] = [];
      let withoutFigure = 0;
      for (const seed of seeds) {
        const [theirs, ours] = [figureOf(reference!, seed), figureOf(policy, seed)];
        if (theirs === undefined || ours === undefined) continue;
        if (theirs === null || ours === null) withoutFigure++;
        else differences.push(ours - theirs);
      }
      const { pairs, mean, interval, signFlipP, sameInEveryPair } = comparePairs(differences, confidence);
      const finding = findingOf(pairs, sameInEveryPair, interval);
      const better =
        measure.better === null || (finding !== 'lower' && finding !== 'higher')
          ? null
          : finding === measure.better;
      return { policy, pairs, withoutFigure, mean, interval, signFlipP, finding, better };
    }),
  };
}

function findingOf(
  pairs: number,
  sameInEveryPair: boolean,
  interval: Difference['interval'],
): Difference['finding'] {
  if (pairs === 0) return 'no-figure';
  if (pairs < PAIRS_MIN) return 'too-few-pairs';
  if (sameInEveryPair || interval === null) return 'same-in-every-pair';
  if (interval.to < 0) return 'lower';
  return interval.from > 0 ? 'higher' : 'no-difference-seen';
}

/** `open` may be among the policies; else it was played once for this question. */
function discriminationOf(
  policies: readonly string[],
  runs: readonly MeasuredRun[],
): PoliciesCompared['discrimination'] {
  const open = runs.filter(
    (run) =>
      counts(run) &&
      (policies.includes(CONTROL_POLICY) ? run.policy === CONTROL_POLICY : run.role === 'probe'),
  );
  const probe = open.length === 0 ? null : open.every(({ result }) => result === 'pass') ? 'pass' : 'fail';
  const discriminates = probe === null ? null : probe === 'fail';
  return { probe, discriminates, sentence: discriminationSentence(probe) };
}
