/** Differences as people read them: signed, with their unit, and never saying more than the pairs allow. */
import { format, type Unit } from '../render/format.ts';
import { PAIRS_MIN } from './paired.ts';
import type { Difference, MeasureCompared, PoliciesCompared } from './schema.ts';

/** A signed difference; one of shares is in percentage points, so that it is not taken for a relative change. */
export function signed(value: number, unit: Unit): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : value > 0 ? '+' : '±';
  if (unit === 'share') return `${sign}${threeDigits(size * 100)} pt`;
  // Means of counts have fractions, and a difference of half a person is none of zero.
  if (unit === 'people' || unit === 'count' || unit === 'ratio') return `${sign}${threeDigits(size)}`;
  return `${sign}${format(size, unit)}`;
}

function threeDigits(size: number): string {
  if (size >= 100 || Number.isInteger(size)) return Math.round(size).toLocaleString('en-US');
  return size < 0.01 ? '< 0.01' : String(Number(size.toFixed(size >= 10 ? 1 : 2)));
}

export function intervalText(interval: Difference['interval'], unit: Unit): string {
  return interval === null ? '' : `${signed(interval.from, unit)} to ${signed(interval.to, unit)}`;
}

/** What may be said of a difference, in a few words. */
export function findingWords({ finding, better, pairs, mean }: Difference): string {
  switch (finding) {
    case 'no-figure':
      return 'nothing to compare';
    case 'too-few-pairs':
      return `${pairs} ${pairs === 1 ? 'pair' : 'pairs'}: too few to say`;
    case 'same-in-every-pair':
      return mean === 0 ? 'the same in every pair' : 'by as much in every pair';
    case 'no-difference-seen':
      return 'no difference seen';
    case 'lower':
    case 'higher':
      return better === null ? 'differs' : `differs: ${better ? 'better' : 'worse'}`;
  }
}

/** `lower is better`; empty where nothing is judged. */
export function directionWords({ better, differences }: MeasureCompared): string {
  const judged = differences.some(({ pairs }) => pairs >= PAIRS_MIN);
  return better === null || !judged ? '' : `${better} is better`;
}

/** `2 of 6 runs: not reached`, for each policy where that is so. */
export function absentWords({ absent, byPolicy, differences }: MeasureCompared): string {
  const runs = byPolicy
    .filter(({ withoutFigure }) => withoutFigure > 0)
    .map((one) => `${one.policy} ${one.withoutFigure} of ${one.runs}`);
  if (runs.length === 0) return '';
  const pairs = differences.reduce((sum, one) => sum + one.withoutFigure, 0);
  return `${absent}: ${runs.join(', ')} runs; ${pairs} pairs have no difference`;
}

/** How much stands behind the figures. */
export function basisSentences(compared: PoliciesCompared): string[] {
  const { runs, seeds, confidence, reference, discrimination } = compared;
  const sentences = [
    `${runs.measured} of ${runs.planned} runs measured: ${compared.policies.length} policies, ${seeds.length} ` +
      `${seeds.length === 1 ? 'seed' : 'seeds'}; void at first ${runs.void}, played again ${runs.repeated}, ` +
      `left out ${runs.leftOut.length}.`,
    discrimination.sentence,
  ];
  const judged = compared.measures.some(({ differences }) =>
    differences.some(({ pairs }) => pairs >= PAIRS_MIN),
  );
  sentences.push(
    judged
      ? `Differences are from ${reference} on the same seed. Intervals: paired t, ${format(confidence.familyWise, 'share')} ` +
          `for all ${confidence.intervals} together (Bonferroni: ${percent(confidence.each)} each).`
      : `Differences are from ${reference} on the same seed. Under ${PAIRS_MIN} pairs no interval is given and nothing is judged.`,
  );
  return sentences;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
