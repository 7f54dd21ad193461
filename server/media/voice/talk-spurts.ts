/**
 * Who talks when: the conversation model of ITU-T P.59 (03/93, artificial conversational speech), without any sound.
 *
 * From the Recommendation: a conversation of two parties is always in one of four states (either party alone, both,
 * none); a state lasts -mean ln(1-x) for x uniform in (0, 1), with means of 0.854 s for single talk, 0.226 s for double
 * talk and 0.456 s for mutual silence; after both or none each party has an even chance to talk alone; after single
 * talk one of the two transitions has 40 % and the other 60 %.
 *
 * Assumed here:
 * - Which is which. Public accounts of the figure differ. With 40 % to double talk the model is silent for 22.5 % of
 *   the time and double for 7.4 %, and the table that the Recommendation measured says 22.48 % and 6.59 %; the other
 *   way round it would be 15.6 % and 11.6 %.
 * - No least length of a silence. The table was measured with a hangover of 200 ms, and some programs draw again until
 *   a silence is that long.
 * - More than two speakers: at most two talk at once, and wherever the Recommendation says "the other party", it is one
 *   of the others with equal chance. The durations and shares of the states stay what they are for two.
 * - The gap between two turns is a mutual silence as any other.
 *
 * The model does not meet its own table everywhere, and the table is not of one piece (two parties at 38.53 % each with
 * 6.59 % in common would be silent for 29.5 %, not 22.48 %): the test beside this file states each difference.
 */

/** Means of the durations, seconds. */
export const SINGLE_TALK_S = 0.854;
export const DOUBLE_TALK_S = 0.226;
export const MUTUAL_SILENCE_S = 0.456;
/** After single talk: another speaker comes in; else nobody talks. */
export const INTERRUPT_SHARE = 0.4;
/** After double talk and mutual silence: the chance of the one who talked before. */
const STAYS_SHARE = 0.5;

/** One state of the conversation: who talks in it (none, one or two), from when and for how long. */
export type TalkState = {
  readonly speakers: readonly number[];
  readonly fromS: number;
  readonly durationS: number;
};

/** Somebody's talk without a break, seconds from the beginning. */
export type Spurt = { readonly fromS: number; readonly toS: number };

/**
 * Draws the states of a conversation that begins with speaker 0 and is cut at its end.
 *
 * @param speakers how many take part, two at least.
 * @param durationS length of the whole.
 * @param random uniform in [0, 1).
 * @throws RangeError for fewer than two speakers.
 */
export function talkStates(speakers: number, durationS: number, random: () => number): TalkState[] {
  if (!(speakers >= 2)) throw new RangeError(`A conversation takes two speakers at least, got ${speakers}`);
  /** One of the others, each with equal chance. */
  const otherThan = (one: number) => (one + 1 + Math.floor(random() * (speakers - 1))) % speakers;
  const states: TalkState[] = [];
  let talking: readonly number[] = [0];
  /** Who talked alone last. */
  let last = 0;
  for (let atS = 0; atS < durationS; ) {
    const drawnS = -meanOf(talking) * Math.log(1 - random());
    states.push({ speakers: talking, fromS: atS, durationS: Math.min(drawnS, durationS - atS) });
    atS += drawnS;
    if (talking.length === 1) {
      talking = random() < INTERRUPT_SHARE ? [last, otherThan(last)] : [];
    } else {
      const other = talking[1] ?? otherThan(last);
      last = random() < STAYS_SHARE ? last : other;
      talking = [last];
    }
  }
  return states;
}

function meanOf(talking: readonly number[]): number {
  return [MUTUAL_SILENCE_S, SINGLE_TALK_S, DOUBLE_TALK_S][talking.length] as number;
}

/** The talk spurts of one speaker: states in which they talk, put together where one follows the other. */
export function spurtsOf(states: readonly TalkState[], speaker: number): Spurt[] {
  const spurts: Spurt[] = [];
  let fromS: number | null = null;
  let toS = 0;
  for (const state of states) {
    if (state.speakers.includes(speaker)) {
      fromS ??= state.fromS;
    } else if (fromS !== null) {
      spurts.push({ fromS, toS });
      fromS = null;
    }
    toS = state.fromS + state.durationS;
  }
  if (fromS !== null) spurts.push({ fromS, toS });
  return spurts;
}
