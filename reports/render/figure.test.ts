/** What stands under a figure: how many it is about, and its interval within the run. */
import { expect, test } from 'vitest';
import { measurePaths, valueAt } from '../measures/paths.ts';
import { getsIn } from '../testing/hand-log.ts';
import { measuredOf } from '../testing/summary-of.ts';
import { figure, intervalAt, rangeText } from './figure.ts';
import type { RunToShow } from './run-to-show.ts';
import { samplesOf } from './samples.ts';

async function oneRun(): Promise<RunToShow> {
  const { summary, charts } = await measuredOf({
    people: Array.from({ length: 20 }, (_, nth) => ({ intendedMs: 5_000 + 400 * nth })),
    rows: Array.from({ length: 19 }, (_, nth) => {
      const dial = 5_000 + 400 * nth;
      return getsIn(nth, { dial, opened: dial + 5, seated: dial + 10 * (nth + 1) });
    }).flat(),
  });
  return { name: 'guarded', summary, charts } as RunToShow;
}

test('value, count and interval, and the path by which a program finds it', async () => {
  const run = await oneRun();
  const path = 'joinLatencyMs.signal.p50';
  const interval = intervalAt(run, path)!;
  expect(interval.low).toBeLessThan(100);
  expect(figure(run, path, 'ms').html).toBe(
    `<span data-measure="${path}" data-run="by-hand" data-value="100">100 ms</span> <small class="of">n = 19; 95 %: ${rangeText(interval, 'ms')}</small>`,
  );
  expect(figure(run, 'crowd.arrived', 'people').html).toBe(
    '<span data-measure="crowd.arrived" data-run="by-hand" data-value="19">19</span>',
  );
});

test('an interval without any width says nothing and is not shown', async () => {
  const run = await oneRun();
  expect(run.charts.intervals['ejections.stranded']).toMatchObject({ low: 0, high: 0 });
  expect(intervalAt(run, 'ejections.stranded')).toBeNull();
});

test('where an interval could be and is not, the reason stands in its place; where no figure is, nothing does', async () => {
  const run = await oneRun();
  const path = 'ejections.returnMs.p50';
  const reason = 'it stands on 3 seconds, and blocks need at least 8';
  const { [path]: _, ...intervals } = run.charts.intervals;
  const changed = (intervalReasons: Record<string, string>) => ({
    ...run,
    charts: { ...run.charts, intervals, intervalReasons },
  });
  expect(figure(changed({ [path]: reason }), path, 'ms').html).not.toContain('interval');
  const latency = 'joinLatencyMs.signal.p50';
  delete intervals[latency];
  expect(figure(changed({ [latency]: reason }), latency, 'ms').html).toContain(
    `<small class="of">n = 19; no interval: ${reason}</small>`,
  );
});

test('a count is one of the summary, whatever the figure', async () => {
  const { summary } = await oneRun();
  const counts = measurePaths().filter((path) => samplesOf(summary, path) !== null);
  expect(counts).toContain('joinLatencyMs.signal.ofJoined.p99');
  expect(samplesOf(summary, 'crowd.neverInShare')).toBe(valueAt(summary, 'crowd.arrived'));
  expect(samplesOf(summary, 'joinLatencyMs.signal.ofJoined.p99')).toBe(
    summary.joinLatencyMs['signal']!.joined,
  );
  expect(samplesOf(summary, 'joinLatencyMs.signal.phases.dial.p50')).toBe(
    summary.joinLatencyMs['signal']!.phases['dial']!.samples,
  );
  expect(samplesOf(summary, 'incumbents.counted')).toBeNull();
});
