import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeGate } from './judge.ts';
import { atOneSpeed } from './one-speed.ts';
import { gateOptions } from './options.ts';
import { figures } from './testing/pairs.ts';

const run = (cpuMs: number, yardstickMs: number | null) => figures(1, { cpuMs, yardstickMs });

test('a core that is half as fast changes no cost, and what is no CPU stays', () => {
  const [fast, slow] = [run(2, 1), run(4, 2)];
  const costOf = atOneSpeed({ base: [fast], candidate: [slow] });
  expect(costOf(fast, 'serverCpuMsPerJoin')).toBeCloseTo(2 * Math.SQRT2, 12);
  expect(costOf(slow, 'serverCpuMsPerJoin')).toBeCloseTo(2 * Math.SQRT2, 12);
  expect(costOf(slow, 'bytesPerJoin')).toBe(9_000);
});

test('without a yardstick in every run costs are as measured', () => {
  const runs = [run(2, 1), run(4, null)];
  const costOf = atOneSpeed({ base: [runs[0]!], candidate: [runs[1]!] });
  expect(runs.map((one) => costOf(one, 'serverCpuMsPerJoin'))).toEqual([2, 4]);
});

test('whatever the speeds of the runs, the ratio found is that of the servers', () => {
  const speeds = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(speeds, fc.double({ min: 0.5, max: 2, noNaN: true }), (speed, ratio) => {
      const of = (seed: number, cpuMs: number, slowness: number) =>
        figures(seed, { cpuMs: cpuMs * slowness, yardstickMs: 0.3 * slowness });
      const pairs = Array.from({ length: 6 }, (_, nth) => ({
        first: 'base' as const,
        base: of(nth, 2, speed[nth]!),
        candidate: of(nth, 2 * ratio, speed[nth + 6]!),
      }));
      const { measures } = judgeGate({ kind: 'paired', pairs, voidRuns: [] }, gateOptions());
      expect(measures.find(({ name }) => name === 'serverCpuMsPerJoin')!.ratio).toBeCloseTo(ratio, 9);
    }),
  );
});
