/**
 * Blocks of seconds, drawn again. People who come in neighbouring seconds meet the same server in the same mood, so
 * resampling them one by one would promise more than one run can tell; seconds in a row keep what neighbours share
 * (moving blocks: Künsch 1989, Annals of Statistics 17:3). The seconds go round in a circle (Politis and Romano 1992), so
 * that the first second of a surge, with most of the crowd in it, is drawn as often as any other.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** How much somebody of each second counts in one resample: 0 not at all, 2 twice. By the number of the second. */
export type Weights = Float64Array;

/** Seconds in a row that are drawn together: the cube root of all of them (Hall, Horowitz, Jing 1995), from 2 to 5. */
export function blockLengthOf(seconds: number): number {
  return Math.min(5, Math.max(2, Math.round(Math.cbrt(seconds))));
}

/**
 * Draws resamples of seconds, each part of the crowd apart. How many people come is the plan's and no result, so the
 * weights of a part always sum to its people, whichever of its seconds were drawn.
 *
 * @param parts people in each second that has any, for each part of the crowd; seconds are numbered through all parts.
 * @param resamples how many.
 */
export function drawResamples(
  parts: readonly (readonly number[])[],
  { seed, resamples }: { readonly seed: number; readonly resamples: number },
): readonly Weights[] {
  const generator = xoroshiro128plus(seed);
  const seconds = parts.reduce((sum, part) => sum + part.length, 0);
  return Array.from({ length: resamples }, () => {
    const weights = new Float64Array(seconds);
    let first = 0;
    for (const part of parts) {
      drawPart(weights, first, part, (last) => uniformInt(generator, 0, last));
      first += part.length;
    }
    return weights;
  });
}

function drawPart(
  weights: Weights,
  first: number,
  people: readonly number[],
  draw: (last: number) => number,
): void {
  const seconds = people.length;
  const blockLength = blockLengthOf(seconds);
  let peopleDrawn = 0;
  for (let drawn = 0; drawn < seconds; ) {
    const start = draw(seconds - 1);
    for (let nth = 0; nth < blockLength && drawn < seconds; nth++, drawn++) {
      const second = (start + nth) % seconds;
      weights[first + second]! += 1;
      peopleDrawn += people[second]!;
    }
  }
  const planned = people.reduce((sum, count) => sum + count, 0);
  for (let second = 0; second < seconds; second++) weights[first + second]! *= planned / peopleDrawn;
}
