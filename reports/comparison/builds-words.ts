/** Differences of builds as people read them: how they were found, and how much they may be made of. */
import { format, NONE, type Unit } from '../render/format.ts';
import type { BuildDifference, BuildMeasure, BuildsCompared } from './builds-schema.ts';
import { PAIRS_MIN } from './paired.ts';
import { signed } from './words.ts';

/** `−895 to −865`; an end that is open says so. Empty where there is no interval. @param turned seen from the reference. */
export function intervalWords(interval: BuildDifference['interval'], unit: Unit, turned = false): string {
  if (interval === null) return '';
  const { from, to } = turned ? { from: negated(interval.to), to: negated(interval.from) } : interval;
  if (from === null && to === null) return 'open at both ends';
  if (to === null) return `${signed(from!, unit)} or more`;
  return from === null ? `${signed(to, unit)} or less` : `${signed(from, unit)} to ${signed(to, unit)}`;
}

function negated(end: number | null): number | null {
  return end === null ? null : -end;
}

/** `850 to 930`: within the one run of a build; a dash where there is none. */
export function withinWords(within: BuildMeasure['byBuild'][number]['within'], unit: Unit): string {
  if (within === null) return NONE;
  return `${format(within.low, unit)} to ${within.high === null ? 'not reached' : format(within.high, unit)}`;
}

/** The mean, or what it means that there is none. Means of counts have fractions, and a mean of 0.4 is not none. */
export function meanWords(
  { absent, unit }: Pick<BuildMeasure, 'absent' | 'unit'>,
  mean: number | null,
): string {
  if (mean === null) return absent === 'no figure' ? NONE : absent;
  return (unit === 'people' || unit === 'count') && !Number.isInteger(mean) && mean < 100
    ? mean.toFixed(1)
    : format(mean, unit);
}

/** What may be said of a difference, in a few words. */
export function buildFindingWords({ finding, better }: BuildDifference): string {
  switch (finding) {
    case 'no-figure':
      return 'nothing to compare';
    case 'no-interval':
      return 'no interval: not judged';
    case 'not-told-apart':
      return 'not told apart';
    case 'lower':
    case 'higher':
      return better === null ? 'differs' : `differs: ${better ? 'better' : 'worse'}`;
  }
}

/** How the differences were found, in sentences. */
export function buildsBasis(compared: BuildsCompared): string[] {
  const { builds, confidence } = compared;
  const sentences = builds.slice(1).map((build) => basisOf(compared, build));
  if (builds.some(({ basis }) => basis === 'within-run')) {
    sentences.push(
      'Intervals within a run resample its own seconds (95 % each); two figures are told apart where they do not overlap. ' +
        'Another night may differ by more.',
    );
  }
  if (confidence.intervals > 0) {
    sentences.push(
      `Intervals across nights: ${format(confidence.familyWise, 'share')} for all of the ${confidence.intervals} together ` +
        `(Bonferroni: ${Number((confidence.each * 100).toFixed(2))} % each).`,
    );
  }
  return sentences;
}

function basisOf(
  { reference, builds }: BuildsCompared,
  { name, basis, runs }: BuildsCompared['builds'][number],
): string {
  const ofReference = builds[0]!.runs;
  const counts = `${runsText(ofReference)} of ${reference}, ${runsText(runs)} of ${name}`;
  if (basis === 'pairs') return `${counts}, paired by the crowd that they met: paired t.`;
  if (basis === 'runs') return `${counts}, on different crowds of the same night: Welch's t.`;
  return ofReference === 1 && runs === 1
    ? `One run each of ${reference} and ${name}: no interval across nights.`
    : `${counts}: too few for an interval across nights, which takes ${PAIRS_MIN} of each.`;
}

function runsText(runs: number): string {
  return `${runs} ${runs === 1 ? 'run' : 'runs'}`;
}
