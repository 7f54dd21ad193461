/** What to choose of builds and what it costs, claimed only where an interval excludes that there is no difference. */
import type { Unit } from '../render/format.ts';
import type { BuildDifference, BuildMeasure, BuildsCompared } from './builds-schema.ts';
import { intervalWords, meanWords } from './builds-words.ts';
import { signed } from './words.ts';

type Found = Omit<BuildsCompared, 'choice'>;

/** One figure that tells a build from the reference, seen from the build that is spoken of. */
type Claim = {
  readonly path: string;
  readonly unit: Unit;
  readonly title: string;
  readonly ours: number | null;
  readonly theirs: number | null;
  /** Ours less theirs; null: one of them was not reached. */
  readonly by: number | null;
  readonly absent: string;
  /** Across nights there is one to tell; within runs it stands in the table. */
  readonly interval: string;
};

/** Sentences for each build but the reference; always at least one where there are two builds. */
export function chooseBuild(found: Found): string[] {
  if (found.notAlike.length > 0) {
    return ['What to choose is not said: these runs are not like for like.'];
  }
  const others = found.builds.slice(1);
  const sentences = others.map(({ name }) => sentenceOf(found, name));
  if (others.length > 1) {
    sentences.push(
      `Each build was held against ${found.reference}; what sets the others apart from each other is not said.`,
    );
  }
  return sentences;
}

/** What tells a build from the reference, for better and for worse; figures of which neither way is better are left out. */
export function claimsAbout(
  found: Found,
  build: string,
): { readonly better: readonly Judged[]; readonly worse: readonly Judged[] } {
  const judged = found.measures.flatMap((measure): Judged[] => {
    const difference = measure.differences.find((one) => one.build === build);
    return difference === undefined || difference.better === null ? [] : [{ measure, difference }];
  });
  return {
    better: judged.filter(({ difference }) => difference.better),
    worse: judged.filter(({ difference }) => !difference.better),
  };
}

type Judged = { readonly measure: BuildMeasure; readonly difference: BuildDifference };

function sentenceOf(found: Found, build: string): string {
  const { better, worse } = claimsAbout(found, build);
  const decides = ({ measure }: Judged) => measure.decides;
  const costs = ({ measure }: Judged) => !measure.decides;
  const [gains, losses] = [better.filter(decides), worse.filter(decides)];
  const unjudged = hasUnjudged(found, build) ? ' among the figures that have an interval' : '';
  const seenFrom = (from: string, judged: readonly Judged[]) =>
    judged.map((one) => claimWords(claimOf(found, one, from))).join('; ');
  const advice = (chosen: string, other: string, for_: readonly Judged[], price: readonly Judged[]) =>
    `${chosen} rather than ${other}: ${seenFrom(chosen, for_)}. ` +
    (price.length > 0 ? `Its price: ${seenFrom(chosen, price)}.` : `No price of it was seen${unjudged}.`);
  if (gains.length > 0 && losses.length > 0) {
    return `${build} against ${found.reference} is a trade: ${seenFrom(build, gains)}; but ${seenFrom(build, losses)}. Which weighs more is yours to say.`;
  }
  if (gains.length > 0) return advice(build, found.reference, gains, worse.filter(costs));
  if (losses.length > 0) return advice(found.reference, build, losses, better.filter(costs));
  const apart = `These runs do not tell ${build} and ${found.reference} apart`;
  const rest = [...better, ...worse];
  return rest.length === 0
    ? `${apart}.`
    : `${apart} by who was kept out, thrown out or left outside; with ${build}: ${seenFrom(build, rest)}.`;
}

/** Whether there are figures of which one way is better, and no interval that could tell. */
function hasUnjudged({ measures }: Found, build: string): boolean {
  return measures.some(
    ({ better, differences }) =>
      better !== null &&
      differences.some(
        (one) => one.build === build && (one.finding === 'no-interval' || one.finding === 'no-figure'),
      ),
  );
}

/** @param from the build that the sentence speaks of: the one of the difference, or the reference. */
function claimOf(found: Found, { measure, difference }: Judged, from: string): Claim {
  const { path, unit, title, absent, byBuild } = measure;
  const meanOf = (name: string) => byBuild.find(({ build }) => build === name)?.mean ?? null;
  const turned = from === found.reference;
  const { basis } = found.builds.find(({ name }) => name === difference.build)!;
  const by = difference.mean === null ? null : turned ? -difference.mean : difference.mean;
  return {
    ...{ path, unit, title, absent, by },
    ours: meanOf(turned ? found.reference : difference.build),
    theirs: meanOf(turned ? difference.build : found.reference),
    interval: basis === 'within-run' ? '' : intervalWords(difference.interval, unit, turned),
  };
}

/** `0 seats lost against 889`; across nights with the interval of the difference behind it. */
function claimWords(claim: Claim): string {
  const { by, unit, interval } = claim;
  const [ours, theirs] = [meanWords(claim, claim.ours), meanWords(claim, claim.theirs)];
  // Figures that read alike still differ by something.
  const difference = ours === theirs && by !== null ? signed(by, unit) : '';
  const behind = [difference, interval].filter((text) => text !== '').join(', ');
  return `${phraseOf(claim, ours, theirs)}${behind === '' ? '' : ` (${behind})`}`;
}

function phraseOf({ path, title, unit, by }: Claim, ours: string, theirs: string): string {
  const longer = by === null ? null : `${signed(by, unit).slice(1)} ${by < 0 ? 'less' : 'longer'}`;
  switch (path) {
    case 'ejections.involuntary':
      return `${ours} seats lost against ${theirs}`;
    case 'ejections.stranded':
      return `${ours} people stranded against ${theirs}`;
    case 'crowd.neverInShare':
      return `${ours} never got in against ${theirs}`;
    case 'goodput.share':
      return `${ours} of the wanted listening served against ${theirs}`;
    case 'fairness.waitMs.p50':
      if (longer !== null) return `people waited ${longer} at the median`;
      break;
    case 'fairness.waitMs.p95':
      if (longer !== null) return `people waited ${longer} at p95`;
  }
  return `${lowerFirst(title)} ${ours} against ${theirs}`;
}

/** Not of an abbreviation: `CPU` stays as it is. */
function lowerFirst(text: string): string {
  return /^\p{Lu}\p{Lu}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
