/**
 * Which run comes next, and what the runs so far are evidence of. It is worked out from the runs in their order of play each
 * time, so that a gate that was broken off goes on as if it had not been.
 *
 * Pairs are played A B B A, so that a machine that gets slower by the minute harms both sides alike. A void run is repeated at
 * once, beside its partner in time; a pair that cannot be had after so many tries is given up, and its crowd with it.
 */
import { z } from 'zod';
import { isSound, type PairedEvidence, type StoredEvidence } from '../../reports/gate/evidence.ts';
import { type GateFigures, gateFiguresSchema } from '../../reports/gate/figures.ts';
import { countsAtKnee, KNEE_PAIRS } from '../../reports/gate/knee.ts';
import type { KneeNight } from '../../reports/gate/knee-schema.ts';
import type { GatePair, VoidRun } from '../../reports/gate/schema.ts';

/** A run that is void is played so often again. */
const REPEATS = 2;

const SIDES = ['base', 'candidate'] as const;
export type Side = (typeof SIDES)[number];

/** A line of the file of played runs. */
export const playedRunSchema = z.strictObject({
  /** A gate that was void is played once more in CI; that is round 2, and round 1 is no evidence any more. */
  round: z.int().min(1),
  side: z.enum(SIDES),
  figures: gateFiguresSchema,
  tookMs: z.number().min(0),
});
export type PlayedRun = z.infer<typeof playedRunSchema>;

export type NextRun = { readonly nth: number; readonly side: Side; readonly seed: number };

type Paired<Run> = {
  readonly pairs: readonly { readonly first: Side; readonly base: Run; readonly candidate: Run }[];
  /** Runs that did not count. */
  readonly lost: readonly Run[];
  readonly next: {
    readonly nth: number;
    readonly side: Side;
    /** Runs of this side and pair that did not count. */
    readonly tries: number;
    /** The other side of the pair has its run. */
    readonly isSecond: boolean;
  };
};

/** Pairs in the order A B B A, from runs in their order of play. */
function pairUp<Run extends { readonly side: Side }>(
  played: readonly Run[],
  counts: (run: Run) => boolean,
): Paired<Run> {
  const pairs: Paired<Run>['pairs'][number][] = [];
  const lost: Run[] = [];
  let nth = 0;
  let had: Partial<Record<Side, Run>> = {};
  let tries: Record<Side, number> = { base: 0, candidate: 0 };
  const nextPair = (): void => {
    nth += 1;
    had = {};
    tries = { base: 0, candidate: 0 };
  };
  for (const run of played) {
    const { side } = run;
    if (counts(run)) had[side] = run;
    else {
      lost.push(run);
      tries[side] += 1;
    }
    const { base, candidate } = had;
    if (base !== undefined && candidate !== undefined) {
      pairs.push({ first: orderOf(nth)[0], base, candidate });
      nextPair();
    } else if (tries[side] > REPEATS) nextPair();
  }
  const [first, second] = orderOf(nth);
  const isSecond = had[first] !== undefined;
  const side = isSecond ? second : first;
  return { pairs, lost, next: { nth, side, tries: tries[side], isSecond } };
}

/** Pairs of one seed each, from `firstSeed` on. */
export function pairedSchedule(
  played: readonly PlayedRun[],
  firstSeed: number,
): { readonly evidence: PairedEvidence; readonly next: NextRun } {
  const { pairs, lost, next } = pairUp(played, ({ figures }) => isSound(figures));
  return {
    evidence: {
      kind: 'paired',
      pairs: pairs.map(({ first, base, candidate }): GatePair => {
        return { first, base: base.figures, candidate: candidate.figures };
      }),
      voidRuns: lost.map(({ side, figures }) => voidRun(side, figures)),
    },
    next: { nth: next.nth, side: next.side, seed: firstSeed + next.nth },
  };
}

export type NextNight = NextRun & {
  /** How often this night was played and did not count. */
  readonly tries: number;
};

/** The next night at the knee, of pairs of one seed each from `firstSeed` on. */
export function kneeSchedule(
  nights: readonly KneeNight[],
  firstSeed: number,
): {
  readonly next: NextNight;
  /** How many are still to be played, if each of them counts. */
  readonly nightsLeft: number;
} {
  const { pairs, next } = pairUp(nights, countsAtKnee);
  return {
    next: { nth: next.nth, side: next.side, seed: firstSeed + next.nth, tries: next.tries },
    nightsLeft: 2 * (KNEE_PAIRS - pairs.length) - (next.isSecond ? 1 : 0),
  };
}

/** Candidate runs only, with the seeds of a stored base, over and over. */
export function storedSchedule(
  played: readonly PlayedRun[],
  seeds: readonly number[],
  stored: Pick<StoredEvidence, 'base' | 'refused'>,
): { readonly evidence: StoredEvidence; readonly next: NextRun } {
  const candidate: GateFigures[] = [];
  const voidRuns: VoidRun[] = [];
  let nth = 0;
  let tries = 0;
  for (const { figures } of played) {
    if (isSound(figures)) candidate.push(figures);
    else voidRuns.push(voidRun('candidate', figures));
    tries = isSound(figures) ? 0 : tries + 1;
    if (tries > 0 && tries <= REPEATS) continue;
    tries = 0;
    nth += 1;
  }
  const evidence: StoredEvidence = { kind: 'stored', ...stored, candidate, voidRuns };
  return { evidence, next: { nth, side: 'candidate', seed: seeds[nth % seeds.length]! } };
}

function orderOf(nth: number): readonly [Side, Side] {
  return nth % 2 === 0 ? ['base', 'candidate'] : ['candidate', 'base'];
}

function voidRun(side: Side, { seed, voidReasons }: GateFigures): VoidRun {
  return { side, seed, reasons: [...voidReasons] };
}
