/** On random histories: the summary's crowd is the one that whoever made the history up counted. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallNight } from './testing/hand-log.ts';
import { summaryOf } from './testing/summary-of.ts';
import { syntheticNight } from './testing/synthetic-night.ts';

const scenario = smallNight({
  incumbents: { count: 6, model: { kind: 'even' } },
  waves: [
    { id: 'inside', moment: 'reveal', count: 25, overMs: 9_000, model: { kind: 'even' } },
    { id: 'dotcom', moment: 'dotcom-tweet', count: 15, overMs: 6_000, model: { kind: 'even' } },
  ],
});

const manner = fc.record({
  ejectedPerSecond: fc.double({ min: 0, max: 0.5, noNaN: true }),
  seatShare: fc.double({ min: 0, max: 1, noNaN: true }),
  queue: fc.boolean(),
  overflowShare: fc.double({ min: 0, max: 1, noNaN: true }),
  answerMsMean: fc.double({ min: 1, max: 5_000, noNaN: true }),
});

test('nobody disappears: the parts sum to those who arrived, and are what was made up', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), manner, async (seed, how) => {
      const { people, rows, books } = syntheticNight(scenario, seed, how);
      const { crowd, ejections } = await summaryOf({ scenario, people, rows });
      const { arrived, joined, gaveUp, refused, waitingAtEnd, lost } = crowd;
      expect({
        arrived,
        joined,
        gaveUp,
        refused,
        waitingAtEnd,
        lost,
        ejections: ejections.involuntary,
        stranded: ejections.stranded,
      }).toEqual(books);
      expect(joined + gaveUp + refused + waitingAtEnd + lost).toBe(arrived);
      expect(crowd.neverIn).toBe(arrived - joined);
      expect(ejections.returned + ejections.stranded + ejections.didNotTry).toBe(ejections.people);
      const causes = Object.values(ejections.byCause).reduce((sum, losses) => sum + losses, 0);
      expect(causes).toBe(ejections.involuntary);
    }),
    { numRuns: 20 },
  );
});
