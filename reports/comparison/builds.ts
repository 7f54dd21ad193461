/**
 * What sets builds apart whose runs were laid side by side after the fact. With six common crowds or more, or six runs of
 * each, there are intervals across nights; with fewer only those within each run, and two figures are told apart where these
 * do not overlap.
 */
import { chooseBuild } from './builds-choice.ts';
import type { Basis, BuildDifference, BuildMeasure, BuildsCompared } from './builds-schema.ts';
import type { ComparedMeasure } from './measures.ts';
import { comparePairs, PAIRS_MIN } from './paired.ts';
import { compareUnpaired } from './unpaired.ts';
import type { Within } from './within-run.ts';

/** As much of a run as a comparison of builds needs. */
export type LaidRun = {
  readonly build: string;
  /** Equal for runs that met the same crowd. */
  readonly crowd: string;
  readonly result: 'pass' | 'fail' | 'void';
  /** By path; null: no figure. */
  readonly figures: Readonly<Record<string, number | null>>;
  /** By path; of a figure that is not reached the end is infinite. Null: no interval. */
  readonly within: Readonly<Record<string, Within | null>>;
};

/** Of all intervals across nights that are shown together. */
const FAMILY_WISE = 0.95;

type Side = { readonly reference: readonly LaidRun[]; readonly other: readonly LaidRun[] };

/**
 * Compares builds with the first of them.
 *
 * @param runs whose figures count, in any order; the first run's build is the reference.
 * @param notAlike why the runs are not like for like, apart from who came.
 */
export function compareBuilds(
  runs: readonly LaidRun[],
  measures: readonly ComparedMeasure[],
  leftOut: BuildsCompared['leftOut'],
  notAlike: readonly string[],
): BuildsCompared {
  const names = [...new Set(runs.map(({ build }) => build))];
  const [reference, ...others] = names;
  if (reference === undefined) throw new RangeError('expected at least one run to compare');
  const ofBuild = (name: string) => runs.filter(({ build }) => build === name);
  const bases = new Map(others.map((name) => [name, basisOf(ofBuild(reference), ofBuild(name))]));
  const shown = measures.filter(({ path }) => runs.some((run) => isThere(run, path)));
  const intervals = shown.length * [...bases.values()].filter((basis) => basis !== 'within-run').length;
  const each = intervals === 0 ? FAMILY_WISE : 1 - (1 - FAMILY_WISE) / intervals;
  const found = {
    reference,
    builds: names.map((name) => ({
      name,
      runs: ofBuild(name).length,
      pass: ofBuild(name).filter(({ result }) => result === 'pass').length,
      fail: ofBuild(name).filter(({ result }) => result === 'fail').length,
      basis: bases.get(name) ?? null,
    })),
    notAlike: [
      ...notAlike,
      ...others
        .filter((name) => bases.get(name) === 'within-run')
        .filter((name) => commonCrowds({ reference: ofBuild(reference), other: ofBuild(name) }).length === 0)
        .map((name) => `no crowd in common: ${reference} and ${name} met different ones`),
    ],
    leftOut,
    confidence: { familyWise: FAMILY_WISE, intervals, each },
    measures: shown.map(
      (measure): BuildMeasure => ({
        ...measure,
        byBuild: names.map((name) => meansOf(name, ofBuild(name), measure.path)),
        differences: others.map((name) =>
          differenceOf(
            measure,
            name,
            { reference: ofBuild(reference), other: ofBuild(name) },
            bases.get(name)!,
            each,
          ),
        ),
      }),
    ),
  };
  return { ...found, choice: chooseBuild(found) };
}

function basisOf(reference: readonly LaidRun[], other: readonly LaidRun[]): Basis {
  if (commonCrowds({ reference, other }).length >= PAIRS_MIN) return 'pairs';
  return Math.min(reference.length, other.length) >= PAIRS_MIN ? 'runs' : 'within-run';
}

function commonCrowds({ reference, other }: Side): string[] {
  const met = new Set(other.map(({ crowd }) => crowd));
  return [...new Set(reference.map(({ crowd }) => crowd))].filter((crowd) => met.has(crowd));
}

function isThere({ figures, within }: LaidRun, path: string): boolean {
  return (figures[path] ?? null) !== null || (within[path] ?? null) !== null;
}

function meansOf(build: string, runs: readonly LaidRun[], path: string): BuildMeasure['byBuild'][number] {
  const known = figuresOf(runs, path);
  const only = runs.length === 1 ? (runs[0]!.within[path] ?? null) : null;
  return {
    build,
    runs: runs.length,
    withoutFigure: runs.length - known.length,
    mean: known.length === 0 ? null : meanOf(known),
    within: only === null ? null : { low: only.low, high: ended(only.high) },
  };
}

function differenceOf(
  measure: ComparedMeasure,
  build: string,
  side: Side,
  basis: Basis,
  confidence: number,
): BuildDifference {
  const found = { pairs: acrossPairs, runs: acrossRuns, 'within-run': withinRuns }[basis](
    side,
    measure.path,
    confidence,
  );
  const finding = findingOf(found);
  const { from, to } = found.interval ?? { from: 0, to: 0 };
  return {
    build,
    samples: found.samples,
    mean: found.mean,
    interval: found.interval === null ? null : { from: ended(from), to: ended(to) },
    finding,
    better:
      measure.better === null || (finding !== 'lower' && finding !== 'higher')
        ? null
        : finding === measure.better,
  };
}

type Found = {
  readonly samples: number;
  readonly mean: number | null;
  readonly interval: { readonly from: number; readonly to: number } | null;
};

/** A crowd that one build met several times counts once, with the mean of its runs. */
function acrossPairs(side: Side, path: string, confidence: number): Found {
  const differences = commonCrowds(side).flatMap((crowd) => {
    const met = (runs: readonly LaidRun[]) =>
      figuresOf(
        runs.filter((run) => run.crowd === crowd),
        path,
      );
    const [theirs, ours] = [met(side.reference), met(side.other)];
    return theirs.length === 0 || ours.length === 0 ? [] : [meanOf(ours) - meanOf(theirs)];
  });
  const { pairs, mean, interval } = comparePairs(differences, confidence);
  return { samples: pairs, mean, interval };
}

function acrossRuns(side: Side, path: string, confidence: number): Found {
  const [theirs, ours] = [figuresOf(side.reference, path), figuresOf(side.other, path)];
  const samples = Math.min(theirs.length, ours.length);
  const { mean, interval } = compareUnpaired(theirs, ours, confidence);
  return { samples, mean, interval: samples < PAIRS_MIN ? null : interval };
}

/**
 * The widest that the runs leave open: from each pair of runs on a common crowd (or, where there is none, from each pair) the
 * ends of one interval less those of the other. Not to overlap asks for more than an interval of the difference would, which
 * is right for intervals that leave out all that differs between nights.
 */
function withinRuns(side: Side, path: string): Found {
  const [theirs, ours] = [figuresOf(side.reference, path), figuresOf(side.other, path)];
  const crowds = commonCrowds(side);
  const pairs = side.reference.flatMap((reference) =>
    side.other
      .filter(({ crowd }) => crowds.length === 0 || crowd === reference.crowd)
      .map((other) => [reference.within[path] ?? null, other.within[path] ?? null] as const),
  );
  const whole = pairs.filter((pair): pair is readonly [Within, Within] => !pair.includes(null));
  return {
    samples: pairs.length,
    mean: theirs.length === 0 || ours.length === 0 ? null : meanOf(ours) - meanOf(theirs),
    interval:
      pairs.length === 0 || whole.length < pairs.length
        ? null
        : {
            from: Math.min(...whole.map(([a, b]) => b.low - a.high)),
            to: Math.max(...whole.map(([a, b]) => b.high - a.low)),
          },
  };
}

function findingOf({ mean, interval }: Found): BuildDifference['finding'] {
  if (interval === null) return mean === null ? 'no-figure' : 'no-interval';
  if (interval.to < 0) return 'lower';
  return interval.from > 0 ? 'higher' : 'not-told-apart';
}

function figuresOf(runs: readonly LaidRun[], path: string): number[] {
  return runs.map(({ figures }) => figures[path] ?? null).filter((figure) => figure !== null);
}

function meanOf(figures: readonly number[]): number {
  return figures.reduce((sum, one) => sum + one, 0) / figures.length;
}

/** JSON has no infinity. */
function ended(end: number): number | null {
  return Number.isFinite(end) ? end : null;
}
