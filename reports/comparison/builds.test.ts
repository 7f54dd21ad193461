/** Builds laid side by side, over made-up runs: which intervals there are, what is claimed of them, and what is not. */
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { widthOf } from '../render/columns.ts';
import { differencesSection } from '../render/comparison-differences.ts';
import { differencesTable } from '../render/differences-terminal.ts';
import { compareBuilds, type LaidRun } from './builds.ts';
import { claimsAbout } from './builds-choice.ts';
import type { BuildDifference, BuildsCompared } from './builds-schema.ts';
import { buildsSchema } from './builds-schema.ts';
import { comparedMeasures } from './measures.ts';
import type { Within } from './within-run.ts';

const MEASURES = comparedMeasures('webrtc');
const LOST = 'ejections.involuntary';
const NEVER_IN = 'crowd.neverInShare';
const WAIT = 'fairness.waitMs.p50';
const LATENCY = 'joinLatencyMs.webrtc.p50';

/** `[value, low, high]`; null for a figure that is not reached. */
type Figures = Readonly<Record<string, readonly [number | null, number?, number?]>>;

function run(build: string, crowd: string, figures: Figures, result: LaidRun['result'] = 'fail'): LaidRun {
  return {
    build,
    crowd,
    result,
    figures: Object.fromEntries(Object.entries(figures).map(([path, [value]]) => [path, value])),
    within: Object.fromEntries(
      Object.entries(figures).map(([path, [, low, high]]): [string, Within | null] => [
        path,
        low === undefined || high === undefined ? null : { low, high },
      ]),
    ),
  };
}

const compare = (runs: readonly LaidRun[], notAlike: readonly string[] = []) =>
  compareBuilds(runs, MEASURES, [], notAlike);

function difference(compared: BuildsCompared, path: string, build = 'guarded'): BuildDifference {
  return compared.measures
    .find((measure) => measure.path === path)!
    .differences.find((one) => one.build === build)!;
}

const NAIVE: Figures = {
  [LOST]: [889, 850, 930],
  [NEVER_IN]: [0.61, 0.59, 0.63],
  [WAIT]: [300, 280, 320],
  'server.cpuSeconds': [70],
};
const GUARDED: Figures = {
  [LOST]: [0, 0, 3],
  [NEVER_IN]: [0.6, 0.58, 0.62],
  [WAIT]: [4_100, 3_900, 4_300],
  'server.cpuSeconds': [40],
};
const two = compare([run('naive', 'a', NAIVE), run('guarded', 'a', GUARDED, 'pass')]);

test('one run each: two intervals that do not overlap tell them apart, and two that do say nothing', () => {
  expect(two.builds).toEqual([
    { name: 'naive', runs: 1, pass: 0, fail: 1, basis: null },
    { name: 'guarded', runs: 1, pass: 1, fail: 0, basis: 'within-run' },
  ]);
  expect(two.confidence).toEqual({ familyWise: 0.95, intervals: 0, each: 0.95 });
  expect(difference(two, LOST)).toEqual({
    build: 'guarded',
    samples: 1,
    mean: -889,
    interval: { from: -930, to: -847 },
    finding: 'lower',
    better: true,
  });
  expect(difference(two, NEVER_IN)).toMatchObject({ finding: 'not-told-apart', better: null });
  // A mean without an interval is shown, and nothing is made of it.
  expect(difference(two, 'server.cpuSeconds')).toEqual({
    build: 'guarded',
    samples: 1,
    mean: -30,
    interval: null,
    finding: 'no-interval',
    better: null,
  });
  expect(two.choice).toEqual([
    'guarded rather than naive: 0 seats lost against 889. Its price: people waited 3.80 s longer at the median.',
  ]);
  expect(buildsSchema.parse(JSON.parse(JSON.stringify(two)))).toEqual(two);
});

test('told from the other side it is the same advice', () => {
  const turned = compare([run('guarded', 'a', GUARDED), run('naive', 'a', NAIVE)]);
  expect(turned.choice).toEqual(two.choice);
});

test('what is gained in one and lost in another figure is a trade, and nobody is told what to choose', () => {
  const { choice } = compare([
    run('naive', 'a', NAIVE),
    run('guarded', 'a', { ...GUARDED, [NEVER_IN]: [0.9, 0.88, 0.92] }),
  ]);
  expect(choice).toEqual([
    'guarded against naive is a trade: 0 seats lost against 889; but 90 % never got in against 61 %. Which weighs more is yours to say.',
  ]);
});

test('runs that nothing tells apart are said to be so; a difference that decides nothing is told and no more', () => {
  expect(compare([run('naive', 'a', NAIVE), run('guarded', 'a', NAIVE)]).choice).toEqual([
    'These runs do not tell guarded and naive apart.',
  ]);
  const slower = { ...NAIVE, [WAIT]: [4_100, 3_900, 4_300] } as const;
  expect(compare([run('naive', 'a', NAIVE), run('guarded', 'a', slower)]).choice).toEqual([
    'These runs do not tell guarded and naive apart by who was kept out, thrown out or left outside; with guarded: people waited 3.80 s longer at the median.',
  ]);
});

test('a median that one of them did not reach is told apart from one that the other did, without a difference', () => {
  const compared = compare([
    run('naive', 'a', { ...NAIVE, [LATENCY]: [null, 9_000, Number.POSITIVE_INFINITY] }),
    run('guarded', 'a', { ...GUARDED, [LATENCY]: [4_000, 3_900, 4_100] }),
  ]);
  expect(difference(compared, LATENCY)).toEqual({
    build: 'guarded',
    samples: 1,
    mean: null,
    interval: { from: null, to: -4_900 },
    finding: 'lower',
    better: true,
  });
  expect(differencesTable(compared)).toContain('−4.90 s or less');
  expect(differencesSection(compared).html).toContain('9.00 s to not reached');
  expect(buildsSchema.parse(JSON.parse(JSON.stringify(compared)))).toEqual(compared);
});

test('a few runs of each: every pair of the same crowd must tell them apart by itself', () => {
  const naive = [run('naive', 'a', NAIVE), run('naive', 'b', { ...NAIVE, [LOST]: [400, 380, 420] })];
  const guarded = [run('guarded', 'a', GUARDED), run('guarded', 'b', { ...GUARDED, [LOST]: [5, 1, 9] })];
  const compared = compare([...naive, ...guarded]);
  expect(difference(compared, LOST)).toMatchObject({
    samples: 2,
    mean: 2.5 - 644.5,
    interval: { from: -930, to: -371 },
    better: true,
  });
  const unsure = compare([naive[0]!, run('naive', 'b', { ...NAIVE, [LOST]: [8, 4, 12] }), ...guarded]);
  expect(difference(unsure, LOST)).toMatchObject({ finding: 'not-told-apart', better: null });
  // One of them without an interval leaves all of it open.
  const unknown = compare([naive[0]!, run('naive', 'b', { ...NAIVE, [LOST]: [400] }), ...guarded]);
  expect(difference(unknown, LOST)).toMatchObject({ interval: null, finding: 'no-interval' });
});

const seeds = ['1', '2', '3', '4', '5', '6'];
const sixOf = (build: string, lost: (seed: number) => number, crowd = (seed: string) => seed) =>
  seeds.map((seed) => run(build, crowd(seed), { [LOST]: [lost(Number(seed)), 0, 10_000] }));

test('six common crowds: a paired interval across nights, corrected for all that are shown', () => {
  const compared = compare([...sixOf('naive', (seed) => 1000 + 10 * seed), ...sixOf('guarded', () => 0)]);
  expect(compared.builds[1]!.basis).toBe('pairs');
  expect(compared.confidence).toEqual({ familyWise: 0.95, intervals: 1, each: expect.closeTo(0.95, 12) });
  // Differences of 1010 to 1060 scatter by 18.708; t(5) at 0.975 is 2.570582.
  const reach = 2.570582 * (18.708287 / Math.sqrt(6));
  const { interval, mean, samples } = difference(compared, LOST);
  expect([mean, samples]).toEqual([-1035, 6]);
  expect(interval!.from).toBeCloseTo(-1035 - reach, 3);
  expect(interval!.to).toBeCloseTo(-1035 + reach, 3);
  expect(compared.choice).toEqual([
    'guarded rather than naive: 0 seats lost against 1,035 (−1,055 to −1,015). No price of it was seen.',
  ]);
});

test('six of each on crowds of their own are compared by Welch, and that is like for like', () => {
  const compared = compare([
    ...sixOf('naive', (seed) => 10 + seed),
    ...sixOf(
      'guarded',
      (seed) => seed,
      (seed) => `other ${seed}`,
    ),
  ]);
  expect(compared.builds[1]!.basis).toBe('runs');
  expect(compared.notAlike).toEqual([]);
  const reach = 2.228139 * Math.sqrt(7 / 6);
  expect(difference(compared, LOST).interval!.to).toBeCloseTo(-10 + reach, 4);
  const page = differencesSection(compared).html;
  expect(page).toContain(
    '6 runs of naive, 6 runs of guarded, on different crowds of the same night: Welch&#39;s t.',
  );
  expect(compared.choice[0]).toBe(
    'guarded rather than naive: 3.5 seats lost against 13.5 (−12.4 to −7.59). No price of it was seen.',
  );
});

test('one run each on different crowds is not like for like', () => {
  const compared = compare([run('naive', 'a', NAIVE), run('guarded', 'b', GUARDED)]);
  expect(compared.notAlike).toEqual(['no crowd in common: naive and guarded met different ones']);
});

test('what is not like for like is shown and named so, and nothing is chosen', () => {
  const compared = compare(
    [run('naive', 'a', NAIVE), run('guarded', 'a', GUARDED)],
    ['another scale: 1 for naive, 0.5 for guarded'],
  );
  expect(compared.choice).toEqual(['What to choose is not said: these runs are not like for like.']);
  const text = stripVTControlCharacters(differencesTable(compared));
  expect(text).toContain('Differences from naive, not like for like');
  expect(text).toContain('warning: another scale: 1 for naive, 0.5 for guarded');
  const page = differencesSection(compared).html;
  expect(page).toContain('<h2>Differences, not like for like</h2>');
  expect(page).toContain('<li>another scale: 1 for naive, 0.5 for guarded</li>');
});

test('on the terminal: the exact table', () => {
  expect(stripVTControlCharacters(differencesTable(two))).toBe(`
Differences from naive
  Seats lost against their will (lower is better)
    naive                    889  reference
    guarded                    0        −889  −930 to −847         better
  Wait of those who got in, p50 (lower is better)
    naive                 300 ms  reference
    guarded               4.10 s     +3.80 s  +3.58 s to +4.02 s   worse
  not told apart, or not judged: Never got in; CPU, server and media worker
  One run each of naive and guarded: no interval across nights.
  Intervals within a run resample its own seconds (95 % each); two figures are
    told apart where they do not overlap. Another night may differ by more.
  guarded rather than naive: 0 seats lost against 889. Its price: people
    waited 3.80 s longer at the median.
`);
  expect(differencesTable(null)).toBe('');
});

test('a build of any name stands as text, on the page and in 80 columns', () => {
  const name =
    'guarded\u001b[31m, <script>alert(1)</script>, a-policy-whose-name-goes-on-and-on, presence=each';
  const compared = compare([run('naive', 'a', NAIVE), run(name, 'a', GUARDED)]);
  const page = differencesSection(compared).html;
  expect(page).not.toContain('<script');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  const lines = stripVTControlCharacters(differencesTable(compared)).split('\n');
  expect(lines.map(widthOf).filter((width) => width > 80)).toEqual([]);
});

/** Any two builds: figures and intervals that have nothing to do with each other. */
const anyFigures = fc.dictionary(
  fc.constantFrom(...MEASURES.map(({ path }) => path)),
  fc
    .tuple(
      fc.option(fc.integer({ min: 0, max: 50 })),
      fc.option(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }))),
    )
    .map(([value, ends]): [number | null, number?, number?] =>
      ends === null ? [value] : [value, Math.min(...ends), Math.max(...ends)],
    ),
);
const anyRuns = fc
  .array(fc.tuple(fc.constantFrom('one', 'two', 'three'), fc.constantFrom(...seeds, '7'), anyFigures), {
    minLength: 2,
    maxLength: 24,
  })
  .map((runs) => runs.map(([build, crowd, figures]) => run(build, crowd, figures)));

test('no sentence claims a difference whose interval spans zero', () => {
  fc.assert(
    fc.property(anyRuns, (runs) => {
      const compared = compare(runs);
      const said = compared.choice.join(' ');
      for (const { name } of compared.builds.slice(1)) {
        const { better, worse } = claimsAbout(compared, name);
        for (const { difference: claimed } of [...better, ...worse]) {
          const { from, to } = claimed.interval!;
          expect((from ?? Number.NEGATIVE_INFINITY) > 0 || (to ?? Number.POSITIVE_INFINITY) < 0).toBe(true);
        }
      }
      const claimed = new Set(
        compared.builds
          .slice(1)
          .flatMap(({ name }) => Object.values(claimsAbout(compared, name)).flat())
          .map(({ measure }) => measure.path),
      );
      for (const [path, words] of [
        [LOST, 'seats lost'],
        [NEVER_IN, 'never got in'],
        ['goodput.share', 'wanted listening'],
        [WAIT, 'at the median'],
        [LATENCY, 'join latency'],
      ] as const) {
        if (!claimed.has(path)) expect(said).not.toContain(words);
      }
      if (claimed.size === 0 && compared.notAlike.length === 0)
        for (const { name } of compared.builds.slice(1))
          expect(compared.choice).toContain(
            `These runs do not tell ${name} and ${compared.reference} apart.`,
          );
    }),
  );
});
