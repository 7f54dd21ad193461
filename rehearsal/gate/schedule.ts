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

/** Pairs of one seed each, from `firstSeed` on. */
export function pairedSchedule(
  played: readonly PlayedRun[],
  firstSeed: number,
): { readonly evidence: PairedEvidence; readonly next: NextRun } {
  const pairs: GatePair[] = [];
  const voidRuns: VoidRun[] = [];
  let nth = 0;
  let had: Partial<Record<Side, GateFigures>> = {};
  let tries: Record<Side, number> = { base: 0, candidate: 0 };
  const nextPair = (): void => {
    nth += 1;
    had = {};
    tries = { base: 0, candidate: 0 };
  };
  for (const { side, figures } of played) {
    if (isSound(figures)) had[side] = figures;
    else {
      voidRuns.push(voidRun(side, figures));
      tries[side] += 1;
    }
    const { base, candidate } = had;
    if (base !== undefined && candidate !== undefined) {
      pairs.push({ first: orderOf(nth)[0], base, candidate });
      nextPair();
    } else if (tries[side] > REPEATS) nextPair();
  }
  const [first, second] = orderOf(nth);
  const side = had[first] === undefined ? first : second;
  return { evidence: { kind: 'paired', pairs, voidRuns }, next: { nth, side, seed: firstSeed + nth } };
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
