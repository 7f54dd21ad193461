import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { findScenario } from '../scenarios/index.ts';
import { BENCH_PARTS, type BenchResult, benchNames, runBench } from './bench.ts';
import { allOf, figure } from './bench-row.ts';

test('a budget is held by the figure itself, whatever its rounding shows', () => {
  expect(figure('cost', 0.1504, 2, { op: '<=', limit: 0.15 })).toEqual({
    what: 'cost',
    value: '0.15',
    budget: { limit: '<= 0.15', held: false },
  });
  expect(figure('rate', 400, 0, { op: '>=', limit: 400 }).budget?.held).toBe(true);
  expect(figure('rate', 399.9, 0, { op: '>=', limit: 400 }).budget?.held).toBe(false);
  // What could not be measured holds nothing.
  expect(figure('cost', Number.NaN, 1, { op: '<=', limit: 1 }).budget?.held).toBe(false);
  expect(figure('cost', 1, 1)).toEqual({ what: 'cost', value: '1.0' });
  expect(allOf('in', 9, 10)).toEqual({ what: 'in', value: '9 of 10', budget: { limit: 'all', held: false } });
});

test('parts run in their own order, and one that is none is named', () => {
  expect(benchNames(['admission', 'signal'])).toEqual(['signal', 'admission']);
  expect(benchNames(Object.keys(BENCH_PARTS))).toEqual(Object.keys(BENCH_PARTS));
  expect(() => benchNames(['signals'])).toThrow(UsageError);
  expect(() => benchNames(['signals'])).toThrow("got 'signals'");
  // A word that every object knows is no part either.
  expect(() => benchNames(['toString'])).toThrow(UsageError);
});

test('what was stopped is no result', async () => {
  const results: BenchResult[] = [];
  const context = { night: await findScenario('steady'), stop: AbortSignal.abort(), say: () => {} };
  await expect(runBench(['signal'], context, (result) => results.push(result))).rejects.toMatchObject({
    code: 'interrupted',
  });
  expect(results).toEqual([]);
});
