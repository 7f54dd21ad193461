/**
 * The search for the knee, as a pure machine: from the probes that were played it says which one comes next, so that a search
 * that was broken off goes on by being told what it had. It doubles or halves the scale until one level holds and one fails,
 * halves the ratio between them until it is small enough, and plays the largest level that held until three probes speak for it.
 *
 * A level at which the generator gave in is a ceiling: below it the server's knee is still looked for, and where none is found
 * the ceiling is what is told, never as a knee.
 */

/** held, failed: the objectives were judged. generator: its own limit made the probe void. void: something else did. */
export const OUTCOMES = ['held', 'failed', 'generator', 'void'] as const;
type Outcome = (typeof OUTCOMES)[number];
export type Trial = { readonly scale: number; readonly outcome: Outcome };

export type SearchOptions = {
  readonly start: number;
  readonly scaleMin: number;
  readonly scaleMax: number;
  /** It ends when the failing scale is at most so many times the holding one. */
  readonly resolution: number;
};

export type Step =
  /** @param tries probes that this level has had: the next one meets another crowd. */
  | { readonly step: 'probe'; readonly scale: number; readonly tries: number }
  | { readonly step: 'end'; readonly how: 'settled' | 'out-of-time' | 'void' };

/** Probes that speak for the largest level that holds. */
const CONFIRMING = 3;
/** So many probes decide a level; so often the generator must give in before it counts as a ceiling. */
export const AGREEING = 2;
/** A level with more void probes than this and no answer ends the search, unless somebody goes on with it. */
export const VOIDS_MAX = 3;

export type Level = {
  readonly scale: number;
  readonly held: number;
  readonly failed: number;
  readonly generator: number;
  readonly void: number;
};
export type Bracket = { readonly low: Level | null; readonly high: Level | null };

/**
 * What to do after these probes, in whatever order they were played.
 *
 * @param probesLeft how many more fit into the time; the last ones are kept for confirming.
 * @param voidsMax void probes that a level without an answer may have.
 */
export function nextStep(
  trials: readonly Trial[],
  options: SearchOptions,
  probesLeft: number,
  voidsMax = VOIDS_MAX,
): Step {
  const levels = levelsOf(trials);
  const { low, high } = bracketOf(trials, options);
  const reserve = confirmationsMissing({ low, high });
  const probe = (scale: number): Step => {
    const level = levels.find((one) => one.scale === scale);
    if (level !== undefined && level.void > voidsMax) return { step: 'end', how: 'void' };
    if (probesLeft <= 0) return { step: 'end', how: 'out-of-time' };
    return { step: 'probe', scale, tries: level === undefined ? 0 : triesOf(level) };
  };

  const open = levels.find((level) => !isDecided(level, options));
  if (open !== undefined && (low === null || high === null || probesLeft > reserve)) return probe(open.scale);
  if (low === null) {
    const lowest = levels[0]?.scale;
    if (lowest === undefined) return probe(options.start);
    if (lowest > options.scaleMin) return probe(Math.max(options.scaleMin, lowest / 2));
  } else if (high === null) {
    if (low.scale < options.scaleMax) return probe(Math.min(options.scaleMax, low.scale * 2));
  } else if (high.scale / low.scale > options.resolution && probesLeft >= reserve + AGREEING) {
    return probe(between(low.scale, high.scale));
  }
  if (low !== null && soundOf(low) < CONFIRMING) return probe(low.scale);
  if (high !== null && !isFirm(high)) return probe(high.scale);
  const isNarrow = low === null || high === null || high.scale / low.scale <= options.resolution;
  return { step: 'end', how: isNarrow ? 'settled' : 'out-of-time' };
}

/** The largest level that holds, and the smallest above it that does not; null: none is decided yet. */
export function bracketOf(trials: readonly Trial[], options: SearchOptions): Bracket {
  const decided = levelsOf(trials).filter((level) => isDecided(level, options));
  const low = decided.findLast((level) => verdictOf(level) === 'held') ?? null;
  const high =
    decided.find(
      (level) => verdictOf(level) !== 'held' && level.scale > (low?.scale ?? Number.NEGATIVE_INFINITY),
    ) ?? null;
  return { low, high };
}

/** Probes that a search after these still plays, if every level agrees with itself; an estimate. */
export function probesExpected(trials: readonly Trial[], options: SearchOptions): number {
  const { low, high } = bracketOf(trials, options);
  const ratio = low !== null && high !== null ? high.scale / low.scale : 2;
  const halvings = Math.max(0, Math.ceil(Math.log2(Math.log(ratio) / Math.log(options.resolution))));
  return (
    AGREEING * halvings +
    (low !== null && high !== null ? confirmationsMissing({ low, high }) : 1 + CONFIRMING)
  );
}

/** 'open': no probe that counts, or as many for it as against it. */
export function verdictOf({ held, failed, generator }: Level): 'held' | 'failed' | 'generator' | 'open' {
  if (generator >= AGREEING) return 'generator';
  if (held === failed) return 'open';
  return held > failed ? 'held' : 'failed';
}

/** Three probes, most of which held. */
export function isConfirmed(level: Level): boolean {
  return soundOf(level) >= CONFIRMING && verdictOf(level) === 'held';
}

/** From the smallest to the largest. */
function levelsOf(trials: readonly Trial[]): Level[] {
  const scales = [...new Set(trials.map(({ scale }) => scale))].sort((a, b) => a - b);
  return scales.map((scale) => {
    const count = (outcome: Outcome) =>
      trials.filter((one) => one.scale === scale && one.outcome === outcome).length;
    return {
      scale,
      held: count('held'),
      failed: count('failed'),
      generator: count('generator'),
      void: count('void'),
    };
  });
}

/** One probe is enough while the bracket is looked for; between its ends two must agree, or two of three. */
function isDecided(level: Level, options: SearchOptions): boolean {
  return verdictOf(level) !== 'open' && (isFirm(level) || isOfBracketing(level.scale, options));
}

function isFirm(level: Level): boolean {
  const { held, failed, generator } = level;
  return (
    generator >= AGREEING || Math.abs(held - failed) >= AGREEING || (soundOf(level) >= 3 && held !== failed)
  );
}

function isOfBracketing(scale: number, { start, scaleMin, scaleMax }: SearchOptions): boolean {
  return scale === scaleMin || scale === scaleMax || Number.isInteger(Math.log2(scale / start));
}

function confirmationsMissing({ low, high }: Bracket): number {
  const forLow = low === null ? 0 : Math.max(0, CONFIRMING - soundOf(low));
  return forLow + (high === null || isFirm(high) ? 0 : 1);
}

function soundOf({ held, failed }: Level): number {
  return held + failed;
}

function triesOf(level: Level): number {
  return soundOf(level) + level.generator + level.void;
}

/** The geometric mean, short where a short number still lies well between. */
function between(low: number, high: number): number {
  const middle = Math.sqrt(low * high);
  const short = Number(middle.toPrecision(3));
  return short > low * 1.001 && short < high / 1.001 ? short : middle;
}
