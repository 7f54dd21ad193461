/** The search against servers of known truth: where it ends, what it may say, and what it must not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ratioOf, resultOf } from './result.ts';
import type { CapacityProbe } from './schema.ts';
import { nextStep, type SearchOptions, type Step, VOIDS_MAX } from './search.ts';

const OPTIONS: SearchOptions = { start: 0.25, scaleMin: 0.01, scaleMax: 8, resolution: 1.1 };
const ENDLESS = 1_000;
/** More than any search of a sound truth: a bound on the test, not on the search. */
const PROBES_MAX = 100;
type Outcome = CapacityProbe['outcome'];
type Truth = (scale: number, tries: number) => Outcome;

const EVIDENCE = {
  ...{ serverShare: 0.4, workerShare: 0, swarmShare: 0.1, stallMsMax: 10, rssBytesMax: 1e8 },
  ...{ memoryBytes: 1e10, listenOverflows: 0, openFileErrors: 0, serverEnded: false },
};

function probeAt(scale: number, seed: number, outcome: Outcome): CapacityProbe {
  const people = Math.round(1_000 * scale);
  return {
    ...{ scale, seed, outcome, people, arrivalsPerSecond: people, seatedMax: people, objectives: 1 },
    ...{ failed: [], reasons: [], evidence: EVIDENCE, tookMs: 1 },
  };
}

/** Plays a search to its end; `fits` probes are all there is time for. */
function search(truth: Truth, fits = ENDLESS, options = OPTIONS) {
  const probes: CapacityProbe[] = [];
  let step: Step = nextStep(probes, options, fits);
  while (step.step === 'probe' && probes.length < PROBES_MAX) {
    probes.push(probeAt(step.scale, step.tries, truth(step.scale, step.tries)));
    step = nextStep(probes, options, fits - probes.length);
  }
  if (step.step !== 'end') throw new Error('expected the search to end');
  return { probes, how: step.how, result: resultOf(probes, options, step.how) };
}

const holdsUpTo =
  (knee: number): Truth =>
  (scale) =>
    scale <= knee ? 'held' : 'failed';

test('doubles, halves the ratio, confirms: in this order', () => {
  const { probes, result } = search(holdsUpTo(0.6));
  expect(probes.map(({ scale, outcome }) => `${scale} ${outcome}`)).toEqual([
    '0.25 held',
    '0.5 held',
    '1 failed',
    '0.707 failed',
    '0.707 failed',
    '0.595 held',
    '0.595 held',
    '0.649 failed',
    '0.649 failed',
    '0.595 held',
  ]);
  expect(result).toMatchObject({
    kind: 'knee',
    isNarrow: true,
    held: { scale: 0.595, confirmed: true, probes: 3, heldProbes: 3, arrivalsPerSecond: 595, seatedMax: 595 },
    gaveIn: { scale: 0.649, who: 'server' },
    interval: { low: 0.595, high: 0.649 },
    limit: { resource: 'pace' },
  });
});

test('no two probes of a level have the same crowd', () => {
  const { probes } = search((scale, tries) => (scale > 0.3 && tries % 2 === 0 ? 'failed' : 'held'));
  expect(new Set(probes.map(({ scale, seed }) => `${scale} ${seed}`)).size).toBe(probes.length);
});

test('the interval has the truth in it, whatever the truth', () => {
  const ratio = fc.constantFrom(1.05, 1.1, 1.5);
  fc.assert(
    fc.property(fc.double({ min: 0.011, max: 7.9, noNaN: true }), ratio, (knee, resolution) => {
      const { probes, how, result } = search(holdsUpTo(knee), ENDLESS, { ...OPTIONS, resolution });
      expect([how, result.kind, result.isNarrow]).toEqual(['settled', 'knee', true]);
      expect(result.interval.low).toBe(result.held!.scale);
      expect(result.interval.low!).toBeLessThanOrEqual(knee);
      expect(result.interval.high!).toBeGreaterThan(knee);
      expect(result.interval.high! / result.interval.low!).toBeLessThanOrEqual(resolution);
      expect(probes.length).toBeLessThanOrEqual(20);
    }),
  );
});

test('the generator that gave in first is never a knee', () => {
  const scale = fc.double({ min: 0.02, max: 7.9, noNaN: true });
  fc.assert(
    fc.property(scale, scale, (knee, generator) => {
      const { result } = search((at) => (at >= generator ? 'generator' : holdsUpTo(knee)(at, 0)));
      if (knee >= generator) {
        expect(result).toMatchObject({ kind: 'generator', gaveIn: { who: 'generator' }, limit: null });
        expect(result.held!.scale).toBeLessThan(generator);
        expect(result.gaveIn!.scale).toBeGreaterThanOrEqual(generator);
      } else if (result.kind === 'knee') {
        expect(result.held!.scale).toBeLessThanOrEqual(knee);
        expect(result.gaveIn).toMatchObject({ who: 'server' });
      } else {
        // Both gave in so near to each other that no probe fell between.
        expect(result.kind).toBe('generator');
        expect(generator / knee).toBeLessThan(OPTIONS.resolution);
      }
    }),
  );
});

test('below a ceiling of the generator the knee of the server is still found', () => {
  const { result } = search((at) => (at >= 0.9 ? 'generator' : holdsUpTo(0.6)(at, 0)));
  expect(result).toMatchObject({ kind: 'knee', held: { scale: 0.595 }, gaveIn: { who: 'server' } });
});

test('with chance in every probe it ends, and a knee is always one that most probes held', () => {
  const chance = fc.double({ min: 0.02, max: 0.98, noNaN: true });
  const draws = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.double({ min: 0.05, max: 4, noNaN: true }), chance, draws, (knee, noise, drawn) => {
      const next = () => drawn.next().value as number;
      const wobble: Truth = (scale) => {
        if (next() < 0.1) return 'void';
        return next() < 1 / (1 + (scale / knee) ** (4 / noise)) ? 'held' : 'failed';
      };
      const { probes, result } = search(wobble, 40);
      expect(probes.length).toBeLessThanOrEqual(40);
      if (result.kind !== 'knee') return;
      expect(result.held).toMatchObject({ confirmed: true });
      expect(2 * result.held!.heldProbes).toBeGreaterThan(result.held!.probes);
      const { low, high } = result.interval;
      if (low !== null) expect(low).toBeLessThanOrEqual(result.held!.scale);
      if (high !== null) expect(high).toBeGreaterThan(result.held!.scale);
    }),
  );
});

test('a level whose first probe was luck is found out by the confirming ones', () => {
  const { result } = search((scale, tries) =>
    scale === 0.5 ? (tries === 0 ? 'held' : 'failed') : holdsUpTo(0.5)(scale, tries),
  );
  expect(result).toMatchObject({ kind: 'knee', interval: { high: expect.any(Number) } });
  expect(result.held!.scale).toBeLessThan(0.5);
  expect(result.gaveIn!.scale).toBeLessThanOrEqual(0.5);
});

test('short of time the interval is wider, and what holds is still confirmed', () => {
  const { probes, how, result } = search(holdsUpTo(0.6), 6);
  expect(how).toBe('out-of-time');
  expect(probes).toHaveLength(6);
  expect(result).toMatchObject({
    kind: 'knee',
    isNarrow: false,
    held: { scale: 0.5, confirmed: true },
    interval: { low: 0.5, high: 1 },
  });
});

test.each<[string, Truth, number, object]>([
  ['no time at all', holdsUpTo(1), 0, { kind: 'unfinished', held: null, gaveIn: null }],
  ['time for the bracket only', holdsUpTo(0.6), 3, { kind: 'unfinished', held: { confirmed: false } }],
  ['everything holds', () => 'held', ENDLESS, { kind: 'beyond', held: { scale: 8, confirmed: true } }],
  ['nothing holds', () => 'failed', ENDLESS, { kind: 'below', held: null, gaveIn: { scale: 0.01 } }],
  ['everything is void', () => 'void', ENDLESS, { kind: 'void' }],
  ['the generator alone', () => 'generator', ENDLESS, { kind: 'generator', held: null }],
])('%s is no knee', (_what, truth, fits, expected) => {
  expect(search(truth, fits).result).toMatchObject(expected);
});

test('void probes are repeated, so often and no more', () => {
  const { probes, how } = search(() => 'void');
  expect([how, probes.length]).toEqual(['void', VOIDS_MAX + 1]);
  const once = search((scale, tries) => (tries === 0 ? 'void' : holdsUpTo(0.6)(scale, tries)));
  expect(once.result).toMatchObject({ kind: 'knee', held: { scale: 0.595 } });
});

test('where probes of one level disagree the interval is wider than the bracket', () => {
  const levels: readonly (readonly [number, string])[] = [
    [0.25, 'h'],
    [0.5, 'hfh'],
    [0.54, 'fhf'],
    [1, 'f'],
  ];
  const probes = levels.flatMap(([scale, outcomes]) =>
    [...outcomes].map((one, seed) => probeAt(scale, seed, one === 'h' ? 'held' : 'failed')),
  );
  expect(resultOf(probes, OPTIONS, 'settled')).toMatchObject({
    kind: 'knee',
    held: { scale: 0.5, probes: 3, heldProbes: 2 },
    gaveIn: { scale: 0.54 },
    interval: { low: 0.25, high: 1 },
  });
});

test('the ratio of two knees has the interval of their ends', () => {
  const [guarded, naive] = [search(holdsUpTo(0.6)).result, search(holdsUpTo(0.15)).result];
  const { low, high } = naive.interval;
  expect(ratioOf(guarded, naive)).toEqual({
    value: 0.595 / naive.held!.scale,
    low: 0.595 / high!,
    high: 0.649 / low!,
  });
  expect(ratioOf(guarded, search(() => 'held').result)).toBeNull();
});
