/** What an interval is made of is the measure itself: on a made-up night, every figure that has one is held to its own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { summarise } from '../index.ts';
import { measure } from '../measures/index.ts';
import { measurePaths, valueAt } from '../measures/paths.ts';
import { openRun, type RunStore } from '../store/open-run.ts';
import type { Summary } from '../summary-schema.ts';
import { type HandRow, removeRun, smallNight, writeHandRun } from '../testing/hand-log.ts';
import { COLLAPSING, syntheticNight, syntheticSeconds } from '../testing/synthetic-night.ts';
import { figuresOf } from './figures-of.ts';
import { intervalsOf } from './index.ts';
import { statisticOf } from './statistics.ts';

const SEED = 11;
let runDir: string;
let summary: Summary;
let store: RunStore;

beforeAll(async () => {
  const scenario = smallNight({
    // Long enough for blocks of the baseline.
    phases: { rampMs: 2_000, baselineMs: 12_000, surgeMs: 10_000, tailMs: 22_000, leavingMs: 2_000 },
    incumbents: { count: 60, model: { kind: 'even' } },
    waves: [{ id: 'inside', moment: 'reveal', count: 400, overMs: 9_900, model: { kind: 'even' } }],
  });
  const manner = {
    ...{ ...COLLAPSING, seatShare: 0.6, answerMsMean: 900, ejectedPerSecond: 0.02 },
    overflowShare: 0.2,
  };
  const { people, rows } = syntheticNight(scenario, SEED, manner);
  runDir = await writeHandRun({
    scenario,
    people,
    rows: [...syntheticSeconds(scenario, manner), ...watchedSeconds(), ...rows],
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

/** What a made-up night does not have: the media worker's memory, and what the server carried. */
function watchedSeconds(): HandRow[] {
  return Array.from({ length: 47 }, (_, nth) => 1_000 * (nth + 1)).flatMap((ms): readonly HandRow[] => [
    [ms, 'rehearsal', 'rss', null, { cause: 'worker', value: 1e8 }],
    [ms, 'server', 'bytes-out', null, { value: 50_000 + 7 * ms }],
    [ms, 'server', 'messages-out', null, { value: 300 + (ms % 7_000) / 100 }],
  ]);
}

const resampled = () => measurePaths().filter((path) => statisticOf(path).kind !== 'none');

test('with every second once, each figure is the measure', async () => {
  const intervals = await intervalsOf(store, resampled());
  const figureOf = figuresOf(store);
  const compared: string[] = [];
  for (const path of resampled()) {
    const statistic = statisticOf(path);
    if (statistic.kind === 'none') continue;
    const { figure } = await figureOf(path, statistic);
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
    'joinLatencyMs.signal.phases.dial.p50',
    'origins.inside.stranded',
    'origins.inside.joinP50Ms',
    'generator.slipMs.p99',
    'overflow.relayLagMs.p50',
    'incumbents.harmedShare',
    'incumbents.listenerLossShareSurge.p99',
    'incumbents.jitterAddedMs.p99',
    'server.unitCosts.messagesPerJoin',
    'server.unitCosts.cpuMsPerJoin.server',
    'server.unitCosts.perThousand.cores.signalling',
    'server.unitCosts.perThousand.egressMbit.media',
    'server.unitCosts.perThousand.withMedia.mediaCores',
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
