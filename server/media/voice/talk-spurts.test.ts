import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomSource } from './random.ts';
import {
  DOUBLE_TALK_S,
  INTERRUPT_SHARE,
  MUTUAL_SILENCE_S,
  SINGLE_TALK_S,
  spurtsOf,
  type TalkState,
  talkStates,
} from './talk-spurts.ts';

/** A day of talk: the standard error of each figure below is under one percent of it. */
const LONG_S = 100_000;

function statisticsOf(states: readonly TalkState[], speakers: number) {
  const ofKind = (talking: number) => {
    const lengths = states.filter((state) => state.speakers.length === talking).map((one) => one.durationS);
    const sumS = lengths.reduce((sum, length) => sum + length, 0);
    return { meanS: sumS / lengths.length, share: sumS / LONG_S };
  };
  const parties = Array.from({ length: speakers }, (_, speaker) => {
    const spurts = spurtsOf(states, speaker);
    const talkS = spurts.reduce((sum, { fromS, toS }) => sum + toS - fromS, 0);
    return { spurtS: talkS / spurts.length, pauseS: (LONG_S - talkS) / spurts.length, share: talkS / LONG_S };
  });
  return { silence: ofKind(0), single: ofKind(1), double: ofKind(2), parties };
}

const between = (value: number, target: number, relative: number) => {
  expect(value).toBeGreaterThan(target * (1 - relative));
  expect(value).toBeLessThan(target * (1 + relative));
};

describe('talkStates', () => {
  const CYCLE_S = SINGLE_TALK_S + INTERRUPT_SHARE * DOUBLE_TALK_S + (1 - INTERRUPT_SHARE) * MUTUAL_SILENCE_S;

  it.each([2, 3])('has the durations and shares of the model with %d speakers', (speakers) => {
    const { silence, single, double, parties } = statisticsOf(
      talkStates(speakers, LONG_S, randomSource(59)),
      speakers,
    );
    between(single.meanS, SINGLE_TALK_S, 0.015);
    between(double.meanS, DOUBLE_TALK_S, 0.015);
    between(silence.meanS, MUTUAL_SILENCE_S, 0.015);
    between(single.share, SINGLE_TALK_S / CYCLE_S, 0.015);
    between(double.share, (INTERRUPT_SHARE * DOUBLE_TALK_S) / CYCLE_S, 0.015);
    between(silence.share, ((1 - INTERRUPT_SHARE) * MUTUAL_SILENCE_S) / CYCLE_S, 0.015);
    for (const { share } of parties) between(share, (single.share + 2 * double.share) / speakers, 0.03);
  });

  it('meets the table of ITU-T P.59 for two parties as closely as its own model does', () => {
    const { silence, double, parties } = statisticsOf(talkStates(2, LONG_S, randomSource(59)), 2);
    for (const { spurtS, pauseS, share } of parties) {
      between(spurtS, 1.004, 0.05);
      between(pauseS, 1.587, 0.13);
      between(share, 0.3853, 0.12);
    }
    between(double.meanS, 0.228, 0.025);
    between(double.share, 0.0659, 0.14);
    between(silence.meanS, 0.508, 0.11);
    between(silence.share, 0.2248, 0.015);
  });

  it('lets each of the others come in with equal chance', () => {
    const doubles = talkStates(3, LONG_S, randomSource(59)).filter((state) => state.speakers.length === 2);
    for (const pair of ['0,1', '0,2', '1,0', '1,2', '2,0', '2,1']) {
      const times = doubles.filter((state) => state.speakers.join() === pair).length;
      between(times, doubles.length / 6, 0.05);
    }
  });

  it('fills its time without a gap, never with more than two at once, and is the same for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 5 }), (seed, speakers) => {
        const states = talkStates(speakers, 60, randomSource(seed));
        expect(states).toEqual(talkStates(speakers, 60, randomSource(seed)));
        let atS = 0;
        for (const [nth, state] of states.entries()) {
          expect(state.fromS).toBeCloseTo(atS, 9);
          expect(new Set(state.speakers).size).toBe(state.speakers.length);
          // Single talk and another state take turns, and nobody comes or goes in between.
          expect(state.speakers.length === 1).toBe(nth % 2 === 0);
          const [alone] = states[nth + 1]?.speakers ?? [];
          if (state.speakers.length === 2 && alone !== undefined) expect(state.speakers).toContain(alone);
          atS += state.durationS;
        }
        expect(atS).toBeCloseTo(60, 9);
      }),
      { numRuns: 50 },
    );
  });

  it('takes two speakers at least', () => {
    expect(() => talkStates(1, 10, randomSource(1))).toThrow(RangeError);
  });
});

describe('spurtsOf', () => {
  it('puts together what follows without a break', () => {
    const states: TalkState[] = [
      { speakers: [0], fromS: 0, durationS: 1 },
      { speakers: [0, 1], fromS: 1, durationS: 0.5 },
      { speakers: [1], fromS: 1.5, durationS: 1 },
      { speakers: [], fromS: 2.5, durationS: 0.5 },
      { speakers: [1], fromS: 3, durationS: 2 },
    ];
    expect(spurtsOf(states, 0)).toEqual([{ fromS: 0, toS: 1.5 }]);
    expect(spurtsOf(states, 1)).toEqual([
      { fromS: 1, toS: 2.5 },
      { fromS: 3, toS: 5 },
    ]);
    expect(spurtsOf(states, 2)).toEqual([]);
  });
});
