/**
 * The knee as a ratio. The knee of the base is searched; then both sides play nights at one level, a little below it, in
 * turns. A candidate whose knee fell by more than is tolerated fails there, where the base holds.
 *
 * Two searches would not do: each ends within its resolution of a knee that moves from night to night, and the ratio of two
 * such ends has no error rate that anybody knows. Nights at one level are counts, and counts have an exact test.
 */
import type { CapacityProbe } from '../capacity/schema.ts';
import { AGREEING } from '../capacity/search.ts';
import { type Affected, fisherP, smallestRateSeen } from './exact.ts';
import type { GateKnee, KneeNight, KneeSearched } from './knee-schema.ts';
import { indistinctWords, noKneeWords } from './knee-words.ts';
import { alphaOfKnee, type GateOptions } from './options.ts';
import type { GateResult } from './schema.ts';

/** A knee may be lower by this share. */
const KNEE_TOLERANCE = 0.1;
const TOLERATED_RATIO = 1 - KNEE_TOLERANCE;
/** Five failing nights of six are evidence where the base has none. */
export const KNEE_PAIRS = 6;

export type KneeEvidence = {
  readonly search: KneeSearched;
  /** At the level, in the order of play. */
  readonly nights: readonly KneeNight[];
};

/** Where both sides are played; null: the base has no knee, or not one that is known well enough. */
export function kneeLevel({ finished, result }: KneeSearched): number | null {
  return finished && result.kind === 'knee' && result.isNarrow
    ? Number((TOLERATED_RATIO * result.held!.scale).toPrecision(4))
    : null;
}

/** A night that says something of its server. */
export function countsAtKnee({ probe: { outcome } }: KneeNight): boolean {
  return outcome === 'held' || outcome === 'failed';
}

/** What was found without what can be said of it. */
type Found = Omit<GateKnee, 'status' | 'reason'>;

/**
 * Judges the knee.
 *
 * @param evidence null: nothing was played of it.
 * @param surges how the surges ended: only where they saw no regression has the knee something to add.
 */
export function judgeKnee(
  evidence: KneeEvidence | null,
  surges: GateResult,
  options: Pick<GateOptions, 'alpha' | 'judgeKnee' | 'kneeShare' | 'power'>,
): GateKnee {
  const found = foundIn(evidence, options);
  const not = (status: GateKnee['status'], reason: string): GateKnee => ({
    ...found,
    ...{ status, reason, significant: false },
  });
  if (surges !== 'no regression seen') {
    const said = surges === 'void' ? 'are void' : 'found a regression';
    return not('not-played', `the surges ${said}, and the knee was not played`);
  }
  if (evidence === null) return not('unfinished', 'the search for the knee of the base was not begun');
  const { search, nights } = evidence;
  if (!search.finished) return not('unfinished', 'the search for the knee of the base is not over');
  if (found.level === null) return not('void', noKneeWords(search));
  const spoilt = spoiltBy(nights);
  if (spoilt !== null) return not('void', spoilt);
  if (found.base.runs < KNEE_PAIRS) {
    return not('unfinished', `${found.base.runs} of ${KNEE_PAIRS} pairs at the knee count`);
  }
  if (found.significant || found.smallestRateSeen !== null)
    return { ...found, status: 'judged', reason: null };
  return not('void', indistinctWords(found));
}

/** Whether there is nothing more to play at the level. */
export function isKneeOver(evidence: KneeEvidence, options: Parameters<typeof judgeKnee>[2]): boolean {
  return judgeKnee(evidence, 'no regression seen', options).status !== 'unfinished';
}

/** Whether another time may have a knee to judge: luck, and not the machine, was against this one. */
export function mayBeJudgedAgain({ status, search, level }: GateKnee): boolean {
  return status === 'void' && (level !== null || search?.result.kind === 'void');
}

function foundIn(evidence: KneeEvidence | null, options: Parameters<typeof judgeKnee>[2]): Found {
  const nights = evidence?.nights ?? [];
  const pairs = pairsIn(nights);
  const base = affectedOf(pairs.map((pair) => pair.base));
  const candidate = affectedOf(pairs.map((pair) => pair.candidate));
  const scale = evidence === null ? null : kneeLevel(evidence.search);
  const alpha = alphaOfKnee(options);
  const isWhole = pairs.length >= KNEE_PAIRS;
  const p = isWhole ? fisherP(base, candidate) : null;
  return {
    toleratedRatio: TOLERATED_RATIO,
    search: evidence?.search ?? null,
    level: scale === null ? null : { scale, arrivalsPerSecond: arrivalsOf(nights) },
    ...{ base, candidate, p, alpha },
    smallestRateSeen: isWhole
      ? smallestRateSeen(base, candidate.runs, { alpha, power: options.power })
      : null,
    significant: p !== null && p <= alpha,
    nights: [...nights],
  };
}

type ProbePair = { readonly base: CapacityProbe; readonly candidate: CapacityProbe };

/** Nights of one crowd that count on both sides; each pair has a crowd of its own. */
function pairsIn(nights: readonly KneeNight[]): ProbePair[] {
  const counting = nights.filter(countsAtKnee);
  const of = (side: KneeNight['side'], seed: number) =>
    counting.find((night) => night.side === side && night.probe.seed === seed)?.probe;
  return [...new Set(counting.map(({ probe }) => probe.seed))].flatMap((seed) => {
    const [base, candidate] = [of('base', seed), of('candidate', seed)];
    return base === undefined || candidate === undefined ? [] : [{ base, candidate }];
  });
}

function affectedOf(probes: readonly CapacityProbe[]): Affected {
  return { runs: probes.length, affected: probes.filter(({ outcome }) => outcome === 'failed').length };
}

function arrivalsOf(nights: readonly KneeNight[]): number | null {
  return nights.length === 0 ? null : Math.min(...nights.map(({ probe }) => probe.arrivalsPerSecond));
}

/** What makes all nights at the level worthless; null: nothing does. */
function spoiltBy(nights: readonly KneeNight[]): string | null {
  const generator = nights.filter(({ probe }) => probe.outcome === 'generator');
  if (generator.length >= AGREEING) {
    return `the generator gave in at the level (${generator.length} times): this knee is the generator's and not the server's`;
  }
  const lost = nights.filter((night) => !countsAtKnee(night));
  return lost.length > KNEE_PAIRS
    ? `more nights at the knee were void (${lost.length}) than pairs are asked for (${KNEE_PAIRS}), such as: ${lost.at(-1)!.probe.reasons[0]}`
    : null;
}
