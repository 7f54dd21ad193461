/** What an interval is made of is the measure itself: on a made-up night, every figure that has one is held to its own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { summarise } from '../index.ts';
import { measure } from '../measures/index.ts';
import { measurePaths, valueAt } from '../measures/paths.ts';
import { openRun, type RunStore } from '../store/open-run.ts';
import type { Summary } from '../summary-schema.ts';
import { removeRun, smallNight, writeHandRun } from '../testing/hand-log.ts';
import { COLLAPSING, syntheticNight, syntheticSeconds } from '../testing/synthetic-night.ts';
import { figureOf, intervalsOf } from './index.ts';
import { statisticOf } from './statistics.ts';

const SEED = 11;
let runDir: string;
let summary: Summary;
let store: RunStore;

beforeAll(async () => {
  const scenario = smallNight({
    incumbents: { count: 60, model: { kind: 'even' } },
    waves: [{ id: 'inside', moment: 'reveal', count: 400, overMs: 9_900, model: { kind: 'even' } }],
  });
  const manner = { ...COLLAPSING, seatShare: 0.6, answerMsMean: 900 };
  const { people, rows } = syntheticNight(scenario, SEED, manner);
  runDir = await writeHandRun({
    scenario,
    people,
    rows: [...syntheticSeconds(scenario, manner), ...rows],
    healthy: false,
  });
  summary = await summarise(runDir);
  store = await openRun(runDir);
  await measure(store);
});

afterAll(() => {
  store?.close();
  if (runDir !== undefined) removeRun(runDir);
});

const resampled = () => measurePaths().filter((path) => statisticOf(path).kind !== 'none');

test('with every second once, each figure is the measure', async () => {
  const intervals = await intervalsOf(store, resampled());
  const compared: string[] = [];
  for (const path of resampled()) {
    const statistic = statisticOf(path);
    if (statistic.kind === 'none') continue;
    const figure = await figureOf(store, statistic);
    const ones = new Float64Array(Math.max(0, ...figure.seconds) + 1).fill(1);
    const value = figure.estimate(ones);
    const measured = valueAt(summary, path);
    // Nobody of that kind, nobody to divide by, or a quantile that was not reached.
    if (measured === null) {
      const { interval } = intervals.get(path)!;
      expect([path, Number.isFinite(value) && value > 0]).toEqual([path, false]);
      expect([path, interval === null || interval.highNotReached]).toEqual([path, true]);
      continue;
    }
    expect([path, Math.abs(value - measured) <= 1e-9 * Math.max(1, measured)]).toEqual([path, true]);
    compared.push(path);
    const { interval, reason } = intervals.get(path)!;
    if (interval === null) expect([path, reason]).not.toEqual([path, null]);
    else {
      expect([path, interval.low <= measured + 1e-9]).toEqual([path, true]);
      expect([path, measured - 1e-9 <= (interval.high ?? Number.POSITIVE_INFINITY)]).toEqual([path, true]);
    }
  }
  for (const path of [
    'crowd.neverInShare',
    'crowd.answeredWithin2sShare',
    'joinLatencyMs.signal.p50',
    'joinByCohort.surge.webrtc.p50',
    'joinLatencyMs.signal.ofJoined.p90',
    'ejections.stormIndex',
    'ejections.returnMs.p99',
    'ejections.stranded',
    'incumbents.lossShareSurge',
    'fairness.jainIndex',
    'fairness.waitMs.p95',
    'goodput.share',
  ]) {
    expect(compared).toContain(path);
  }
  expect(compared.length).toBeGreaterThan(25);
});

test('measuring a run again gives the same intervals; another seed gives others', async () => {
  const paths = ['crowd.neverInShare', 'goodput.share'];
  const intervals = await intervalsOf(store, paths);
  expect(await intervalsOf(store, paths)).toEqual(intervals);
  const other = { ...store, record: { ...store.record, seed: 2 }, query: store.query.bind(store) };
  expect(await intervalsOf(other as RunStore, paths)).not.toEqual(intervals);
});
