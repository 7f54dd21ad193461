/** What a probe leaves out of a night, and what it must not. */
import { expect, test } from 'vitest';
import { findScenario, LIBRARY } from '../../scenarios/index.ts';
import { nightTimes } from '../../scenarios/schema.ts';
import { drawPlan } from '../../simulator/plan/plan.ts';
import { withSurge } from './grown-night.ts';
import { peakPerSecond } from './probe.ts';
import { withShortQuiet } from './short-night.ts';

test('the step: ten seconds of ramp become six, as incumbents take half of the pace', async () => {
  const night = await findScenario('step');
  expect(withShortQuiet(night)).toEqual({
    ...night,
    phases: { ...night.phases, rampMs: 400 / 0.075, baselineMs: 2_000, leavingMs: 1_000 },
  });
});

test.each(Object.keys(LIBRARY))('%s: nothing grows, and nothing begins before it', async (id) => {
  const night = await findScenario(id);
  const short = withShortQuiet(night);
  const { surgeStartMs } = nightTimes(short);
  expect(surgeStartMs).toBeLessThanOrEqual(nightTimes(night).surgeStartMs);
  for (const phase of ['rampMs', 'leavingMs'] as const) {
    expect(short.phases[phase]).toBeLessThanOrEqual(night.phases[phase]);
  }
  expect([short.phases.surgeMs, short.phases.tailMs]).toEqual([night.phases.surgeMs, night.phases.tailMs]);
  const { columns, incumbentCount } = drawPlan(short, 1);
  const hallway = columns.hallwayAtMs.filter((atMs) => !Number.isNaN(atMs));
  expect(Math.min(...hallway, ...columns.intendedMs.slice(incumbentCount))).toBeGreaterThanOrEqual(0);
});

test('the fullest second of a plan counts who comes in the surge, and nobody from before', async () => {
  const night = await findScenario('step');
  const { surgeStartMs } = nightTimes(night);
  expect(peakPerSecond(drawPlan(night, 1), surgeStartMs)).toBe(2_500);
});

test('a larger surge is more people who come, and nothing else', async () => {
  const night = await findScenario('zuckerberg');
  const grown = withSurge(night, 1.5);
  expect(grown.waves.map(({ count }) => count)).toEqual([1_950, 2_550, 1_500]);
  expect({ ...grown, waves: night.waves }).toEqual(night);
  expect(withSurge(night, 0.0001).waves.map(({ count }) => count)).toEqual([1, 1, 1]);
});
