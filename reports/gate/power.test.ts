import { expect, test } from 'vitest';
import { gateOptions } from './options.ts';
import { analysePower } from './power.ts';
import { BASE, drawComparison, drawFrom, type PowerRun } from './power-draws.ts';
import { powerMarkdown } from './power-page.ts';
import { figures, normalFrom } from './testing/pairs.ts';

/** Blocks of two base runs and one with a fifth more CPU; slow blocks are slow for all three. */
function storedRuns(blocks: number): PowerRun[] {
  const { normal } = normalFrom(5);
  return Array.from({ length: blocks }, (_, block) => {
    const minute = Math.exp(0.1 * normal());
    const run = (kind: string, of: number): PowerRun => ({
      block,
      kind,
      figures: figures(block, { cpuMs: of * minute * Math.exp(0.03 * normal()) }),
    });
    return [run(BASE, 2), run('cpu-join', 2.4), run(BASE, 2)];
  }).flat();
}

test('a comparison uses no run twice and pairs within blocks only', () => {
  const runs = storedRuns(20);
  const draw = drawFrom(1);
  for (const kind of [BASE, 'cpu-join']) {
    const pairs = drawComparison(runs, kind, draw);
    expect(pairs).toHaveLength(20);
    const used = pairs.flatMap((pair) => pair.used);
    expect(new Set(used).size).toBe(used.length);
    for (const { used: of } of pairs) expect(of[0]!.block).toBe(of[1]!.block);
  }
});

test('equal servers seldom alarm, a fifth more CPU nearly always; the claim is the bound', () => {
  const analysis = analysePower(storedRuns(30), gateOptions(), { comparisons: 100, seed: 2 });
  const [base, join] = analysis.rows;
  expect(base).toMatchObject({
    kind: BASE,
    comparisons: 100,
    reuse: { runs: { base: 60, candidate: 60 }, disjoint: 1 },
  });
  expect(base!.alarms.share).toBeLessThanOrEqual(0.05);
  expect(join).toMatchObject({ kind: 'cpu-join', reuse: { runs: { base: 60, candidate: 30 } } });
  expect(join!.alarms.share).toBeGreaterThanOrEqual(0.9);
  expect(base!.cpuRatio).toBe(1);
  expect(join!.cpuRatio).toBeCloseTo(1.2, 1);
  expect(join!.foundBy[0]![0]).toBe('serverCpuMsPerJoin');
  const page = powerMarkdown(analysis, {
    machine: 'a machine, a day',
    commands: ['npm run gate:power'],
    regressions: { 'cpu-join': 'a fifth more CPU' },
  });
  expect(base!.alarms.to).toBeCloseTo(0.03622, 4);
  expect(page).toContain('false alarms: at most 3.62 %');
  expect(page).toMatch(/\| cpu-join \| \+(19|20|21)[^|]*% \|/);
  expect(page).toContain('they are paired anew from the same runs');
  expect(analysePower(storedRuns(30), gateOptions(), { comparisons: 100, seed: 2 })).toEqual(analysis);
});

test('void runs are left out, and too few runs are refused', () => {
  const runs = storedRuns(20).map((run) =>
    run.block === 3 ? { ...run, figures: { ...run.figures, voidReasons: ['slip'] } } : run,
  );
  expect(analysePower(runs, gateOptions(), { comparisons: 5 })).toMatchObject({ voidRuns: 3, blocks: 19 });
  expect(() => analysePower(storedRuns(10), gateOptions())).toThrow(
    /at least 16 pairs of 'none', got 10 pairs/,
  );
});
