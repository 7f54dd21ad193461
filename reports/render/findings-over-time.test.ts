/** Titles of charts never say what the data does not have: held against counts of their own, over any series. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Charts } from '../charts.ts';
import type { Summary } from '../summary-schema.ts';
import { getsIn } from '../testing/hand-log.ts';
import { measuredOf } from '../testing/summary-of.ts';
import {
  BURST_PART_MAX,
  BURST_SECONDS_MAX,
  byCauseWords,
  FULL_SECONDS_MIN,
  FULL_SHARE,
  insideGapFinding,
  insideLossFinding,
  LOSS_SHARE_HEARD,
  LOSSES_MIN,
  loadFinding,
  lossesFinding,
  type Named,
  PHASE_RATIO_MIN,
  PHASE_SAMPLES_MIN,
  phasesFinding,
} from './findings-over-time.ts';
import { format } from './format.ts';

let charts: Charts;
let summary: Summary;
beforeAll(async () => {
  // The surge of the small night begins at 4 s, with two moments; the third is at 8 s.
  ({ charts, summary } = await measuredOf({
    people: [{ intendedMs: 5_000 }],
    rows: getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
  }));
});

const withCharts = (changes: Partial<Charts>): Named => ({
  name: 'guarded',
  summary,
  charts: { ...charts, ...changes },
});
const zeros = () => new Array<number>(27).fill(0);
const lossesAt = (at: Readonly<Record<string, Readonly<Record<number, number>>>>) =>
  withCharts({
    lossesByCause: Object.fromEntries(
      Object.entries(at).map(([cause, bySecond]) => [cause, Object.assign(zeros(), bySecond)]),
    ),
  });

describe('losses', () => {
  test.each([
    [{}, 'guarded: nobody lost a seat against their will'],
    [{ 'pong-timeout': { 6: 1 } }, 'guarded: 1 seat was lost, at 0:06'],
    [{ 'pong-timeout': { 6: 2 }, 'media-lost': { 9: 1 } }, 'guarded: 3 seats were lost, from 0:06 to 0:09'],
    [
      { 'heartbeat-missed': { 20: 30 }, 'pong-timeout': { 6: 9 } },
      'guarded: most of 39 losses of a seat came 12 s after “\u2068A tweet\u2069”, most by missed heartbeats',
    ],
    [
      { 'heartbeat-missed': { 6: 10, 7: 10 } },
      'guarded: most of 20 losses of a seat came 2 to 3 s after “\u2068Somebody walks in\u2069”, all by missed heartbeats',
    ],
    [
      { 'heartbeat-missed': { 2: 25 } },
      'guarded: most of 25 losses of a seat came at 0:02, all by missed heartbeats',
    ],
    [
      { 'heartbeat-missed': { 6: 10, 24: 10 }, 'pong-timeout': { 5: 10, 23: 10 } },
      'guarded: 40 seats were lost, from 0:05 to 0:24',
    ],
  ])('%j', (at, sentence) => {
    expect(lossesFinding(lossesAt(at))).toBe(sentence);
  });

  test('a cause and a burst are named only where they are most of enough losses', () => {
    // Now and then nearly nothing but one second, or there would hardly be a burst.
    const losses = fc.oneof(fc.nat(3), fc.constant(0), fc.nat(400));
    const series = fc.array(losses, { minLength: 27, maxLength: 27 });
    const causes = fc.dictionary(
      fc.constantFrom('heartbeat-missed', 'pong-timeout', 'media-lost', 'new'),
      series,
    );
    fc.assert(
      fc.property(causes, (lossesByCause) => {
        const sentence = lossesFinding(withCharts({ lossesByCause }));
        const totals = Object.values(lossesByCause).map((losses) =>
          losses.reduce((sum, one) => sum + one, 0),
        );
        const total = totals.reduce((sum, one) => sum + one, 0);
        const namesCause = / (most|all) by /.test(sentence);
        expect(namesCause).toBe(total >= LOSSES_MIN && totals.some((one) => 2 * one > total));
        const burst = /most of [\d,]+ losses/.test(sentence);
        const bySecond = Array.from({ length: 27 }, (_, second) =>
          Object.values(lossesByCause).reduce((sum, losses) => sum + losses[second]!, 0),
        );
        const span = bySecond.findLastIndex((one) => one > 0) - bySecond.findIndex((one) => one > 0) + 1;
        const seconds =
          span <= BURST_SECONDS_MAX ? span : Math.min(BURST_SECONDS_MAX, Math.floor(span * BURST_PART_MAX));
        const within = Array.from({ length: 27 }, (_, from) =>
          bySecond.slice(from, from + seconds).reduce((sum, one) => sum + one, 0),
        );
        expect(burst).toBe(total >= LOSSES_MIN && within.some((one) => 2 * one > total));
      }),
    );
  });

  test('the span that is named holds more than half of them', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(3), fc.nat(400)), { minLength: 27, maxLength: 27 }), (losses) => {
        const found = /came (\d+)(?: to (\d+))? s after “\u2068(Somebody walks in|A tweet)/.exec(
          lossesFinding(withCharts({ lossesByCause: { 'media-lost': losses } })),
        );
        if (found === null) return;
        const zero = found[3] === 'A tweet' ? 8 : 4;
        const [from, to] = [zero + Number(found[1]), zero + Number(found[2] ?? found[1])];
        const inside = losses.slice(from, to + 1).reduce((sum, one) => sum + one, 0);
        expect(2 * inside).toBeGreaterThan(losses.reduce((sum, one) => sum + one, 0));
      }),
    );
  });

  test('a cause that nobody knows is told by its own name', () => {
    expect(byCauseWords({ 'solar-flare': LOSSES_MIN })).toBe(', all by solar-flare');
    expect(byCauseWords({ 'solar-flare': LOSSES_MIN - 1 })).toBe('');
    expect(byCauseWords({ 'solar-flare': LOSSES_MIN, displaced: LOSSES_MIN })).toBe('');
  });

  test('a long title of somebody else is cut, and turns nothing around it', () => {
    const title = `${'ש'.repeat(80)}`;
    const run = lossesAt({ 'media-lost': { 6: LOSSES_MIN } });
    const sentence = lossesFinding({
      ...run,
      charts: { ...run.charts, moments: [{ id: 'reveal', title, atMs: 4_000 }] },
    });
    expect(sentence).toContain(`“\u2068${'ש'.repeat(59)}…\u2069”`);
  });
});

describe('those already inside', () => {
  const inside = (
    name: string,
    lossShare: (number | null)[],
    longestGapMs: (number | null)[] = [],
  ): Named => ({
    ...withCharts({ inside: { lossShare, longestGapMs, counted: lossShare } }),
    name,
  });

  test.each([
    [
      [null, null],
      'What those already inside heard was not measured: the packets of none of them were counted',
    ],
    [
      [0, 0.001, 0, 0, 0, 0, 0.12],
      'guarded: in their worst second (0:06, 2 s after “\u2068Somebody walks in\u2069”), those already inside lost 12 % of the packets',
    ],
    [
      [0, 0.001, null, 0.004],
      'guarded: in no second did those already inside lose more than 0.4 % of the packets',
    ],
  ])('%j', (lossShare, sentence) => {
    expect(insideLossFinding([inside('guarded', lossShare)])).toBe(sentence);
  });

  test('several runs are told side by side, with the second of each', () => {
    const runs = [inside('a', [0, 0.5], [80, 900]), inside('b', [0, 0], [61, 60])];
    expect(insideLossFinding(runs)).toBe(
      'In their worst second, those already inside lost 50 % on a (0:01) and 0 % on b (0:00) of the packets',
    );
    expect(insideGapFinding(runs)).toBe(
      'The longest silence of somebody already inside was 900 ms on a (0:01) and 61 ms on b (0:00)',
    );
  });

  test('what happens after the talk is the harm of nobody', () => {
    const late = [...new Array<number>(25).fill(0), 1, 1];
    expect(insideLossFinding([inside('guarded', late)])).toContain('lost none');
  });

  test('harm is claimed exactly where somebody could hear it', () => {
    const shares = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 24 });
    fc.assert(
      fc.property(shares, (lossShare) => {
        const worst = Math.max(-1, ...lossShare.map((share) => share ?? -1));
        const sentence = insideLossFinding([inside('guarded', lossShare)]);
        expect(sentence.includes('worst second')).toBe(worst > LOSS_SHARE_HEARD);
        expect(sentence.includes('not measured')).toBe(worst === -1);
        if (worst > 0) expect(sentence).toContain(format(worst, 'share'));
        expect(sentence.includes('lost none')).toBe(worst === 0);
      }),
    );
  });
});

describe('the server', () => {
  const load = (signallingCpu: (number | null)[], workerCpu: (number | null)[]) =>
    withCharts({
      load: {
        ...charts.load,
        signallingCpu,
        workerCpu,
        serverCpu: signallingCpu.map((share, nth) => (share === null ? null : share + (workerCpu[nth] ?? 0))),
      },
    });

  test.each([
    [[null], [null], 'guarded: the CPU of the server is not known'],
    [[0.1, 0.4], [0.1, 0.1], 'guarded: in its busiest second (0:01) the server took 50 % of a core'],
    [
      [0.9, 0.9, 0.9, 0.1],
      [0.1, 0.1, 0.1, 0.1],
      'guarded: for 3 s the server took 90 % of a core or more, 90 % of that for signalling',
    ],
    [
      [0.2, 0.2, 0.2],
      [0.8, 0.8, 0.8],
      'guarded: for 3 s the server took 90 % of a core or more, 80 % of that for media',
    ],
    [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5], 'guarded: for 3 s the server took 90 % of a core or more'],
  ])('%j and %j', (signalling, worker, sentence) => {
    expect(loadFinding(load(signalling, worker))).toBe(sentence);
  });

  test('a full core is claimed exactly where it was full for long enough', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1.2, noNaN: true }), { minLength: 1, maxLength: 26 });
    fc.assert(
      fc.property(shares, (signalling) => {
        const full = signalling.filter((share) => share >= FULL_SHARE).length;
        const sentence = loadFinding(
          load(
            signalling,
            signalling.map(() => 0),
          ),
        );
        expect(/for (\d+) s/.exec(sentence)?.[1]).toBe(full >= FULL_SECONDS_MIN ? String(full) : undefined);
      }),
    );
  });
});

describe('the way in', () => {
  const phases = (of: Readonly<Record<string, readonly [p50: number, samples: number]>>): Named => ({
    ...withCharts({}),
    summary: {
      ...summary,
      joinLatencyMs: {
        signal: {
          ...summary.joinLatencyMs['signal']!,
          phases: Object.fromEntries(
            Object.entries(of).map(([phase, [p50, samples]]) => [
              phase,
              { p50, p90: p50, p99: p50, samples },
            ]),
          ),
        },
      },
    },
  });
  const NEUTRAL = 'What the way in was made of, for those who got in';

  test.each([
    [{}, NEUTRAL],
    [{ queue: [3_000, PHASE_SAMPLES_MIN - 1] as const, dial: [5, 90] as const }, NEUTRAL],
    [{ queue: [1_400, 90] as const, dial: [1_000, 90] as const }, NEUTRAL],
    [
      { queue: [3_200, 412] as const, dial: [5, 90] as const },
      'The longest part of the way in: queue on guarded (3.20 s in the median of 412)',
    ],
  ])('%j', (of, sentence) => {
    expect(phasesFinding([phases(of)])).toBe(sentence);
  });

  test('a part is named only where it stands out, on every run', () => {
    const one = fc.dictionary(
      fc.constantFrom('dial', 'signal', 'queue'),
      fc.tuple(fc.nat(5_000), fc.nat(60)),
    );
    fc.assert(
      fc.property(one, one, (first, second) => {
        const standsOut = (of: typeof first) => {
          const [longest, next] = Object.values(of).sort(([a], [b]) => b - a);
          if (longest === undefined || longest[1] < PHASE_SAMPLES_MIN) return false;
          return longest[0] >= PHASE_RATIO_MIN * Math.max(1, next?.[0] ?? 0);
        };
        const sentence = phasesFinding([phases(first), phases(second)]);
        expect(sentence !== NEUTRAL).toBe(standsOut(first) && standsOut(second));
      }),
    );
  });
});
