/**
 * Stored runs paired anew into comparisons. Runs are expensive and judging is not: what was played in blocks (some base
 * runs and one of each injected regression, with one crowd) gives many comparisons, which share their runs.
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { z } from 'zod';
import { isSound } from './evidence.ts';
import { gateFiguresSchema } from './figures.ts';
import type { GatePair } from './schema.ts';

/** The kind of the runs in which nothing was made worse. */
export const BASE = 'none';

/** A line of the file of stored runs. */
export const powerRunSchema = z.strictObject({
  block: z.int().min(0).describe('runs of one block were played one after the other with one seed'),
  kind: z.string().describe(`'${BASE}', or the regression that was injected`),
  figures: gateFiguresSchema,
});
export type PowerRun = z.infer<typeof powerRunSchema>;

/** A pair, and which stored runs it was made of, so that their reuse can be counted. */
export type DrawnPair = GatePair & { readonly used: readonly PowerRun[] };

export type Draw = () => number;

/** A uniform draw in [0, 1) from a seed. */
export function drawFrom(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  return () => (generator.next() >>> 0) / 0x1_0000_0000;
}

/**
 * One comparison of a kind with the base: pairs from within blocks, no run twice, the blocks in random order. The base with
 * itself is paired by two different runs of a block, either of which may be called the candidate.
 *
 * @param runs that count, see `soundRuns`.
 * @returns as many pairs as there can be.
 */
export function drawComparison(runs: readonly PowerRun[], kind: string, draw: Draw): DrawnPair[] {
  const pairs = [...Map.groupBy(runs, ({ block }) => block).values()].flatMap((block) => {
    const bases = shuffled(
      block.filter((run) => run.kind === BASE),
      draw,
    );
    const candidates =
      kind === BASE
        ? bases.splice(0, Math.floor(bases.length / 2))
        : block.filter((run) => run.kind === kind);
    return candidates.slice(0, bases.length).map((candidate, nth): DrawnPair => {
      const base = bases[nth]!;
      const first = candidate.figures.startedAt < base.figures.startedAt ? 'candidate' : 'base';
      return { first, base: base.figures, candidate: candidate.figures, used: [base, candidate] };
    });
  });
  return shuffled(pairs, draw);
}

/** Without the void ones: in a gate they would have been repeated. */
export function soundRuns(runs: readonly PowerRun[]): PowerRun[] {
  return runs.filter(({ figures }) => isSound(figures));
}

/** Fisher and Yates' shuffle (1938). */
function shuffled<T>(given: readonly T[], draw: Draw): T[] {
  const items = [...given];
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}
