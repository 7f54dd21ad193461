/** From seconds to charts and tables: nothing is lost on the way. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { handNight, handPlan, handSecond } from '../testing/hand-night.ts';
import { barSeconds, doneStretches, mostPeople, spanSeconds, stretches } from './series.ts';
import { NOTHING_YET, nightOf, reduce } from './state.ts';

const view = handNight('collapsing', 115).reduce(reduce, NOTHING_YET);
const { seconds } = nightOf(view, 0)!;

test('whatever the length of a stretch, all stretches together have all losses and all joins', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 300, max: 200_000 }),
      fc.integer({ min: 1, max: 115 }),
      (lengthMs, until) => {
        const told = seconds.slice(0, until);
        const found = stretches(told, lengthMs);
        const sum = (of: (one: (typeof found)[number]) => number) =>
          found.reduce((all, one) => all + of(one), 0);
        expect(sum(({ losses }) => losses)).toBe(told.reduce((all, one) => all + one.losses, 0));
        expect(sum(({ joins }) => joins)).toBe(told.reduce((all, one) => all + one.joins, 0));
        for (const [cause, count] of Object.entries(told.at(-1)!.lossesByCause))
          expect(sum(({ lossesByCause }) => lossesByCause[cause] ?? 0)).toBe(count);
      },
    ),
  );
});

test('a mean over some seconds weighs each by who came in', () => {
  const phaseMs = (dial: number | null) => ({ ...handSecond({}).phaseMs, dial });
  const [only] = stretches(
    [
      handSecond({ nightMs: 1000, joins: 9, phaseMs: phaseMs(10) }),
      handSecond({ nightMs: 2000, joins: 1, phaseMs: phaseMs(110) }),
      handSecond({ nightMs: 3000, joins: 0, phaseMs: phaseMs(null) }),
    ],
    5_000,
  );
  expect([only!.phaseMs.dial, only!.phaseMs.ice]).toEqual([20, null]);
});

test('the stretch that still grows is no row of a table, until the night is over', () => {
  const night = nightOf(view, 0)!;
  const ends = (until: number, lengthMs: number) =>
    doneStretches({ ...night, seconds: seconds.slice(0, until) }, lengthMs).map(({ last }) => last.nightMs);
  expect(ends(12, 5_000)).toEqual([5_000, 10_000]);
  expect(ends(115, 60_000)).toEqual([60_000, 115_000]);
});

test('axes are those of the longest night and the largest crowd', () => {
  const both = [handPlan({ nth: 1, nightEndMs: 180_000, people: 5_200 })].reduce(reduce, view);
  expect([spanSeconds(both), mostPeople(both)]).toEqual([180, 6_000]);
  const open = reduce(NOTHING_YET, handPlan({ people: 0, nightEndMs: null }));
  expect([spanSeconds(open), mostPeople(open)]).toEqual([60, 1]);
});

test('a chart has 120 bars at most, as long as a night can be told', () => {
  for (const span of [1, 115, 120, 121, 1_000, 7_200, 72_000])
    expect(span / barSeconds(span)).toBeLessThanOrEqual(120);
  expect(barSeconds(115)).toBe(1);
});
