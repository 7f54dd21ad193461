/** The knee as a ratio: what is found, what is not, and what is nobody's to say. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fisherP } from './exact.ts';
import { gateFile } from './gate-file.ts';
import { judgeKnee, KNEE_PAIRS, type KneeEvidence, kneeLevel, mayBeJudgedAgain } from './knee.ts';
import { alphaOfEach, alphaOfKnee, gateOptions } from './options.ts';
import { brokenOff, kneeOf, SEARCHED, searchOf } from './testing/knee.ts';
import { CONTEXT, drawPairs } from './testing/pairs.ts';

const OPTIONS = gateOptions({ judgeKnee: true });
const judged = (evidence: KneeEvidence | null) => judgeKnee(evidence, 'no regression seen', OPTIONS);
const HELD = 'h h h h h h';
const FAILED = 'f f f f f f';

function gateOf(
  evidence: KneeEvidence | null,
  { ratio = 1, pairs = 16, stopped = null as string | null } = {},
) {
  const played = {
    kind: 'paired',
    pairs: drawPairs(7, pairs, { ratio, scatter: 0.01, leaks: 0 }),
    voidRuns: [],
  } as const;
  return gateFile(CONTEXT, played, OPTIONS, stopped, evidence);
}

test('the knee has a part of the error rate, and the looks have the rest of it', () => {
  expect(alphaOfKnee(OPTIONS)).toBeCloseTo(0.01, 12);
  const judgedAt = { costs: 4, events: 8 };
  const { cost, event } = alphaOfEach(OPTIONS, judgedAt);
  expect(3 * (4 * cost + 8 * event) + alphaOfKnee(OPTIONS)).toBeCloseTo(0.05, 12);
  // Who does not ask for it pays nothing, not even a digit.
  expect(alphaOfKnee(gateOptions())).toBe(0);
  expect(alphaOfEach(gateOptions(), judgedAt)).toEqual({
    cost: ((0.05 / 3) * 0.6) / 4,
    event: (0.05 / 3 - (0.05 / 3) * 0.6) / 8,
  });
});

test('the level is 0.9 of the largest scale that the base held', () => {
  expect(SEARCHED.result).toMatchObject({ kind: 'knee', isNarrow: true, held: { scale: 1.41 } });
  expect(kneeLevel(SEARCHED)).toBe(1.269);
});

test('five of six nights that fail where the base holds all are a regression, and four are not', () => {
  const five = judged(kneeOf(HELD, 'f f h f f f'));
  expect(five).toMatchObject({
    ...{ status: 'judged', reason: null, significant: true, toleratedRatio: 0.9 },
    ...{ base: { runs: 6, affected: 0 }, candidate: { runs: 6, affected: 5 } },
    level: { scale: 1.269, arrivalsPerSecond: 1_270 },
  });
  expect(five.p).toBeCloseTo(6 / 792, 12);
  const four = judged(kneeOf(HELD, 'f f h f f h'));
  expect(four).toMatchObject({ status: 'judged', significant: false });
  expect(four.p).toBeCloseTo(15 / 495, 12);
  // Five or six of six at this rate: nine times in ten.
  const rate = four.smallestRateSeen!;
  expect(6 * rate ** 5 * (1 - rate) + rate ** 6).toBeCloseTo(0.9, 6);
});

test("its verdict is the gate's: a regression, or none seen with the level that both hold", () => {
  const worse = gateOf(kneeOf(HELD, FAILED));
  expect(worse.verdict).toEqual({
    result: 'regression',
    reasons: [
      "the knee fell below 0.9 of the base's: the candidate held 0 of 6 nights at 1,270 arrivals a second (scale 1.27), the base 6 of 6",
    ],
  });
  expect(worse.measures.some(({ significant }) => significant)).toBe(false);
  const cleared = gateOf(kneeOf(HELD, 'h h f h h h'));
  expect(cleared.verdict.result).toBe('no regression seen');
  expect(cleared.verdict.reasons.at(-1)).toBe(
    "knee: both hold 1,270 arrivals a second (scale 1.27), 0.9 of the base's (the candidate failed 1 of 6 nights, the base " +
      '0 of 6); a candidate that fails 90.7 % of them would have been seen, 90 % of the time',
  );
  // Four of six is no evidence, but nobody says that it holds.
  expect(gateOf(kneeOf(HELD, 'f f f f h h')).verdict.reasons.at(-1)).toMatch(
    /^knee: the two could not be told apart at 1,270 arrivals a second/,
  );
});

test.each([
  [
    'the generator gave in first',
    searchOf((at) => (at >= 2 ? 'generator' : 'held')),
    /at 2,000 arrivals a second \(scale 2\) the generator gave in before the server$/,
  ],
  ['everything holds', searchOf(() => 'held'), /no night is played larger than scale 4$/],
  ['nothing holds', searchOf(() => 'failed'), /not even 250 arrivals a second \(scale 0\.25\) holds$/],
  ['all is void', searchOf(() => 'void'), /too many nights of the search were void/],
  ['no time', searchOf(() => 'held', 0), /was not found within 20 min; --knee-minutes gives it more$/],
  [
    'time for a bracket only',
    searchOf((at) => (at <= 1.5 ? 'held' : 'failed'), 5),
    /within 20 min: 1,000 arrivals .* holds, 2,000 arrivals .* does not;/,
  ],
] as const)('a base without a knee makes the gate void: %s', (_what, search, reason) => {
  expect(kneeLevel(search)).toBeNull();
  const { verdict, knee } = gateOf({ search, nights: [] });
  expect(verdict).toEqual({ result: 'void', reasons: [expect.stringMatching(reason)] });
  expect(knee).toMatchObject({ status: 'void', level: null, p: null, significant: false });
});

test("a level at which the generator gives in twice is the generator's; once is luck", () => {
  const twice = judged(kneeOf('gg h h h h h', FAILED));
  expect(twice).toMatchObject({ status: 'void', significant: false });
  expect(twice.reason).toMatch(/^the generator gave in at the level \(2 times\)/);
  expect(judged(kneeOf('gh h h h h h', FAILED))).toMatchObject({ status: 'judged', significant: true });
});

test('void nights count for nothing, and too many of them make it void', () => {
  expect(judged(kneeOf('vvh h h vh h h', FAILED))).toMatchObject({
    ...{ status: 'judged', significant: true },
    base: { runs: 6, affected: 0 },
  });
  const lost = judged(kneeOf('vvv h h h vvv h', 'h vh h h h h'));
  expect(lost).toMatchObject({ status: 'void' });
  expect(lost.reason).toMatch(/more nights at the knee were void \(7\) .*: it was void$/);
});

test('a base that fails at its own level can tell nobody from itself', () => {
  expect(judged(kneeOf('f h h h h h', FAILED))).toMatchObject({ status: 'judged', significant: true });
  const blind = judged(kneeOf('f f h h h h', HELD));
  expect(blind).toMatchObject({ status: 'void', smallestRateSeen: null });
  expect(blind.reason).toBe(
    'the base failed 2 of 6 nights at 1,270 arrivals a second (scale 1.27) itself, so that no candidate could be told from it',
  );
});

test('where the surges say all the knee is not played, and the file says so', () => {
  const worse = gateOf(null, { ratio: 1.4 });
  expect(worse.verdict.result).toBe('regression');
  expect(worse.knee).toMatchObject({ status: 'not-played', search: null });
  expect(worse.knee!.reason).toMatch(/^the surges found a regression/);
  const early = gateOf(null, { pairs: 3, stopped: 'interrupted' });
  expect(early.verdict.reasons[0]).toMatch(/^interrupted: 3 of at least 6 pairs/);
  expect(early.knee).toMatchObject({ status: 'not-played' });
});

test('one that was broken off is void, wherever that was', () => {
  const stopped = { stopped: 'interrupted' };
  const reasons = [null, { search: brokenOff(), nights: [] }, kneeOf('h h', 'h h')].map(
    (evidence) => gateOf(evidence, stopped).verdict,
  );
  expect(reasons.map(({ result }) => result)).toEqual(['void', 'void', 'void']);
  expect(reasons.map(({ reasons: [first] }) => first)).toEqual([
    'interrupted: the search for the knee of the base was not begun',
    'interrupted: the search for the knee of the base is not over',
    'interrupted: 2 of 6 pairs at the knee count',
  ]);
});

test('it is played again where luck was against it, and not where the machine was', () => {
  const again = [
    { search: searchOf(() => 'void'), nights: [] },
    kneeOf('f f h h h h', HELD),
    { search: searchOf(() => 'failed'), nights: [] },
    { search: searchOf(() => 'held'), nights: [] },
    kneeOf(HELD, FAILED),
  ].map((evidence) => mayBeJudgedAgain(judged(evidence)));
  expect(again).toEqual([true, true, false, false, false]);
});

test("two equal servers: whatever share of nights fails, a false alarm is rarer than the knee's part of alpha", () => {
  const choose = [1, 6, 15, 20, 15, 6, 1];
  const chance = (failed: number, rate: number) =>
    choose[failed]! * rate ** failed * (1 - rate) ** (KNEE_PAIRS - failed);
  const counts = Array.from({ length: KNEE_PAIRS + 1 }, (_, count) => count);
  const alarms = counts.flatMap((base) =>
    counts
      .filter((candidate) => {
        const of = (affected: number) => ({ runs: KNEE_PAIRS, affected });
        return fisherP(of(base), of(candidate)) <= alphaOfKnee(OPTIONS);
      })
      .map((candidate) => [base, candidate] as const),
  );
  expect(alarms).toEqual([
    [0, 5],
    [0, 6],
    [1, 6],
  ]);
  for (let percent = 0; percent <= 100; percent++) {
    const rate = percent / 100;
    const total = alarms.reduce((sum, [b, c]) => sum + chance(b, rate) * chance(c, rate), 0);
    expect(total).toBeLessThanOrEqual(0.01);
  }
});

test('nobody is cleared without six whole pairs and a test that could have seen something', () => {
  const column = fc.stringMatching(/^[vg]{0,2}[hfvg]$/);
  const columns = fc.array(column, { minLength: 1, maxLength: 8 }).map((all) => all.join(' '));
  fc.assert(
    fc.property(columns, columns, (base, candidate) => {
      const { verdict, knee } = gateOf(kneeOf(base, candidate));
      if (verdict.result === 'void') return;
      expect(knee!.base.runs).toBeGreaterThanOrEqual(KNEE_PAIRS);
      expect(knee!.base.runs).toBe(knee!.candidate.runs);
      expect(knee!.significant).toBe(verdict.result === 'regression');
      if (!knee!.significant) expect(knee!.smallestRateSeen).not.toBeNull();
    }),
    { numRuns: 60 },
  );
});
