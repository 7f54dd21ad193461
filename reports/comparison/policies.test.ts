/** Policies compared over made-up runs: which pairs count, what is said of them, and what is not. */
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { policiesSection } from '../render/policies-section.ts';
import { policiesTable } from '../render/policies-terminal.ts';
import { comparedMeasures, headlineBody } from './measures.ts';
import { comparePolicies, type MeasuredRun } from './policies.ts';
import type { Difference, PoliciesCompared } from './schema.ts';

const MEASURES = comparedMeasures('webrtc');
const SEEDS = [1, 2, 3, 4, 5, 6];

const run = (
  policy: string,
  seed: number,
  figures: MeasuredRun['figures'],
  more: Partial<MeasuredRun> = {},
): MeasuredRun => ({
  policy,
  seed,
  role: 'compared',
  result: 'fail',
  partial: false,
  again: false,
  reasons: [],
  figures,
  ...more,
});
const openFails = run('open', 1, {}, { role: 'probe', result: 'fail' });

/** `soft` throws many out; `queue` nobody, at the price of a wait. */
function twoPolicies(seeds: readonly number[]): MeasuredRun[] {
  return seeds.flatMap((seed) => [
    run('soft', seed, {
      'ejections.involuntary': 1000 + 10 * seed,
      'crowd.neverInShare': 0.5 + seed / 1000,
      'joinLatencyMs.webrtc.p50': seed < 3 ? null : 9_000,
      'fairness.waitMs.p50': 100,
      'server.cpuSeconds': 70 + seed,
      'overflow.seatedMax': 0,
    }),
    run(
      'queue',
      seed,
      {
        'ejections.involuntary': 0,
        'crowd.neverInShare': 0.1 + seed / 2000,
        'joinLatencyMs.webrtc.p50': 4_000 + seed,
        'fairness.waitMs.p50': 4_000 + 50 * seed,
        'server.cpuSeconds': 70 + ((seed * 7) % 5),
        'overflow.seatedMax': 1_000,
      },
      { result: 'pass' },
    ),
  ]);
}

function difference(compared: PoliciesCompared, path: string, policy = 'queue'): Difference {
  return compared.measures
    .find((measure) => measure.path === path)!
    .differences.find((one) => one.policy === policy)!;
}

const whole = comparePolicies(['soft', 'queue'], SEEDS, MEASURES, [openFails, ...twoPolicies(SEEDS)]);

test('differences are taken within a seed, and told with an interval', () => {
  expect(whole.runs).toEqual({ planned: 12, measured: 12, void: 0, repeated: 0, leftOut: [] });
  expect(whole.verdicts).toEqual([
    { policy: 'soft', pass: 0, fail: 6 },
    { policy: 'queue', pass: 6, fail: 0 },
  ]);
  const lost = difference(whole, 'ejections.involuntary');
  expect(lost).toMatchObject({
    pairs: 6,
    withoutFigure: 0,
    mean: -1035,
    signFlipP: 2 / 64,
    finding: 'lower',
  });
  expect(lost.better).toBe(true);
  // Six measures of one policy: t(5) at 1 - 0.05 / 12 is 4.2193; the standard deviation is 18.708.
  expect(whole.confidence).toMatchObject({ intervals: 6, familyWise: 0.95 });
  expect(whole.confidence.each).toBeCloseTo(1 - 0.05 / 6, 12);
  const reach = (4.219309 * Math.sqrt(350)) / Math.sqrt(6);
  expect(lost.interval!.from).toBeCloseTo(-1035 - reach, 3);
  expect(lost.interval!.to).toBeCloseTo(-1035 + reach, 3);
});

test('a median that was not reached makes no difference, and is counted', () => {
  const latency = whole.measures.find(({ path }) => path === 'joinLatencyMs.webrtc.p50')!;
  expect(latency.byPolicy).toEqual([
    { policy: 'soft', runs: 6, withoutFigure: 2, mean: 9_000 },
    { policy: 'queue', runs: 6, withoutFigure: 0, mean: 4_003.5 },
  ]);
  expect(latency.differences[0]).toMatchObject({
    pairs: 4,
    withoutFigure: 2,
    interval: null,
    signFlipP: null,
    finding: 'too-few-pairs',
    better: null,
  });
});

test('the same in every pair is said, no difference seen is said, and neither is better', () => {
  expect(difference(whole, 'overflow.seatedMax')).toMatchObject({
    finding: 'same-in-every-pair',
    mean: 1_000,
    interval: null,
    better: null,
  });
  expect(difference(whole, 'server.cpuSeconds')).toMatchObject({
    finding: 'no-difference-seen',
    better: null,
  });
});

test('what to choose and what it costs follow from the intervals', () => {
  expect(whole.choice).toHaveLength(1);
  expect(whole.choice[0]).toMatch(
    /^queue rather than soft: seats lost against their will −1,035 \(−1,067 to −1,003\), never got in −40\.2 pt \(.+\)\. It costs: wait of those who got in, p50 \+4\.08 s \(.+\)\.$/,
  );
});

test('under six pairs: no interval, no choice, and the word better nowhere', () => {
  const five = comparePolicies(['soft', 'queue'], SEEDS.slice(0, 5), MEASURES, [
    openFails,
    ...twoPolicies(SEEDS.slice(0, 5)),
  ]);
  for (const { differences } of five.measures) {
    for (const one of differences) expect([one.interval, one.better]).toEqual([null, null]);
  }
  expect(five.choice).toEqual([]);
  for (const text of [policiesTable(five), policiesSection(five).html]) {
    expect(text).not.toMatch(/better/i);
    expect(text).toContain('5 pairs: too few to say');
  }
  expect(policiesTable(whole)).toContain('better');
});

test('a night that open passes ranks nobody, and neither does one where open was not measured', () => {
  for (const [probe, found] of [
    [
      { ...openFails, result: 'pass' },
      { probe: 'pass', discriminates: false },
    ],
    [
      { ...openFails, result: 'void' },
      { probe: null, discriminates: null },
    ],
  ] as const) {
    const compared = comparePolicies(['soft', 'queue'], SEEDS, MEASURES, [probe, ...twoPolicies(SEEDS)]);
    expect(compared.discrimination).toMatchObject(found);
    expect(compared.choice).toEqual([]);
  }
  expect(
    policiesTable({ ...whole, discrimination: { probe: 'pass', discriminates: false, sentence: 'S.' } }),
  ).toContain('S.');
});

test('where open is compared, its own runs say whether the night discriminates', () => {
  const runs = twoPolicies(SEEDS).map((one) => (one.policy === 'soft' ? { ...one, policy: 'open' } : one));
  expect(comparePolicies(['open', 'queue'], SEEDS, MEASURES, runs).discrimination.probe).toBe('fail');
  const passing = runs.map((one) => ({ ...one, result: 'pass' as const }));
  expect(comparePolicies(['open', 'queue'], SEEDS, MEASURES, passing).discrimination.discriminates).toBe(
    false,
  );
});

test('a void run counts by its repeat; void again, its pair is left out and said', () => {
  const isVoid = { result: 'void', reasons: ['the generator was late'] } as const;
  const runs = twoPolicies(SEEDS).flatMap((one): MeasuredRun[] => {
    if (one.policy !== 'queue') return [one];
    if (one.seed === 2)
      return [
        { ...one, ...isVoid },
        { ...one, again: true },
      ];
    if (one.seed === 3)
      return [
        { ...one, ...isVoid },
        { ...one, ...isVoid, again: true },
      ];
    return [one];
  });
  const compared = comparePolicies(['soft', 'queue'], SEEDS, MEASURES, [openFails, ...runs]);
  expect(compared.runs).toEqual({
    planned: 12,
    measured: 11,
    void: 2,
    repeated: 2,
    leftOut: [{ policy: 'queue', seed: 3, reason: 'void: the generator was late' }],
  });
  expect(difference(compared, 'ejections.involuntary')).toMatchObject({ pairs: 5, interval: null });
  expect(policiesTable(compared)).toContain('left out: queue, seed 3 (void: the generator was late)');
});

test('a comparison that was broken off says what is missing', () => {
  const runs = twoPolicies(SEEDS)
    .slice(0, 3)
    .map((one, nth) => (nth === 2 ? { ...one, partial: true } : one));
  expect(comparePolicies(['soft', 'queue'], [1, 2], MEASURES, runs).runs.leftOut).toEqual([
    { policy: 'soft', seed: 2, reason: 'broken off' },
    { policy: 'queue', seed: 2, reason: 'not played' },
  ]);
});

test('several that gain are not ranked among each other', () => {
  const third = twoPolicies(SEEDS)
    .filter(({ policy }) => policy === 'queue')
    .map((one) => ({ ...one, policy: 'lanes' }));
  const { choice } = comparePolicies(['soft', 'queue', 'lanes'], SEEDS, MEASURES, [
    openFails,
    ...twoPolicies(SEEDS),
    ...third,
  ]);
  expect(choice).toHaveLength(3);
  expect(choice[2]).toBe(
    'Between queue and lanes this does not decide: each was compared with soft, not with each other.',
  );
});

test('the table fits 80 columns, whatever the policies are called', () => {
  const long = comparePolicies(['soft', 'a-policy-with-a-name-that-goes-on-and-on'], SEEDS, MEASURES, [
    openFails,
    ...twoPolicies(SEEDS).map((one) =>
      one.policy === 'queue' ? { ...one, policy: 'a-policy-with-a-name-that-goes-on-and-on' } : one,
    ),
  ]);
  for (const compared of [whole, long]) {
    const lines = stripVTControlCharacters(policiesTable(compared)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  }
});

test('the headline is the body nearest to a real listener', () => {
  expect(headlineBody(new Set(['signal', 'webrtc']))).toBe('webrtc');
  expect(headlineBody(new Set(['signal', 'rtp']))).toBe('rtp');
  expect(headlineBody(new Set())).toBe('signal');
});
