import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NotReadyError, UsageError } from '../../errors.ts';
import { type Baseline, checkSameCrowd, readBaseline, refusedOf, writeBaseline } from './baseline.ts';
import { gateFile } from './gate-file.ts';
import { gateOptions } from './options.ts';
import { CONTEXT, figures, normalFrom } from './testing/pairs.ts';

let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-baseline-'));
  file = path.join(dir, 'baseline.json');
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

function baselineOf(runs = 8): Omit<Baseline, 'schema'> {
  const { normal } = normalFrom(1);
  return {
    writtenAt: '2021-02-05T08:00:00.000Z',
    night: 'zuckerberg',
    size: { incumbents: 100, arrivals: 500 },
    machine: CONTEXT.machine,
    base: CONTEXT.candidate,
    runs: Array.from({ length: runs }, (_, seed) => figures(seed, { cpuMs: 2 * Math.exp(0.01 * normal()) })),
  };
}

const stored = () => {
  writeBaseline(file, baselineOf());
  return readBaseline(file);
};
const now = { night: 'zuckerberg', size: { incumbents: 100, arrivals: 500 }, machine: CONTEXT.machine };

test('what is written is read, and nothing else lies there', () => {
  expect(stored()).toEqual({ schema: 'roomrush/baseline@1', ...baselineOf() });
  expect(readdirSync(dir)).toEqual(['baseline.json']);
});

test('of the same kind of machine everything is compared; of another one no CPU', () => {
  const baseline = stored();
  expect(refusedOf(file, baseline, now)).toEqual([]);
  const machine = { ...CONTEXT.machine, cpuModel: 'Another CPU', workerBuild: '3.27.1, downloaded' };
  const refused = refusedOf(file, baseline, { ...now, machine });
  expect(refused.map(({ measure }) => measure)).toEqual([
    'serverCpuMsPerJoin',
    'workerCpuMsPerJoin',
    'joinP50Ms',
    'joinP99Ms',
    'stallMsMax',
  ]);
  expect(refused[0]!.reason).toMatch(/CPU was A CPU and is Another CPU; media worker was/);

  const candidate = Array.from({ length: 16 }, (_, seed) => figures(seed % 8, { cpuMs: 20 }));
  const judged = (given: typeof refused) =>
    gateFile(
      CONTEXT,
      { kind: 'stored', base: baseline.runs, candidate, refused: given, voidRuns: [] },
      gateOptions(),
    );
  expect(judged([]).verdict.result).toBe('regression');
  const portable = judged(refused);
  expect(portable.verdict.result).not.toBe('regression');
  expect(portable.measures[0]).toMatchObject({ status: 'refused', ratio: null, baseMean: null });
});

test('another night, another size and another crowd are refused, and say how', () => {
  const baseline = stored();
  expect(() => refusedOf(file, baseline, { ...now, night: 'musk' })).toThrow(
    /of the night zuckerberg, and this is musk/,
  );
  expect(() => refusedOf(file, baseline, { ...now, size: { incumbents: 1, arrivals: 2 } })).toThrow(
    /100 inside and 500 to come, and this one has 1 inside and 2 to come/,
  );
  expect(() => checkSameCrowd(file, baseline, figures(3))).not.toThrow();
  expect(() => checkSameCrowd(file, baseline, { ...figures(3), planDigest: 'new' })).toThrow(UsageError);
});

test.each([
  ['missing', () => {}, /cannot be read/],
  ['half', () => writeFileSync(file, '{"schema": "roomrush/ba'), /no whole JSON/],
  [
    'of another version',
    () => writeFileSync(file, '{"schema": "roomrush/baseline@9"}'),
    /baseline@9: .*another version/,
  ],
  ['something else', () => writeFileSync(file, '{"schema": "roomrush/run@1"}'), /is no baseline/],
])('a baseline that is %s is refused with its path', (_, make, message) => {
  make();
  expect(() => readBaseline(file)).toThrow(message);
  expect(() => readBaseline(file)).toThrow(file);
});

test('what cannot be kept leaves the one before as it was', () => {
  stored();
  const before = readFileSync(file, 'utf8');
  expect(() => writeBaseline(file, baselineOf(1))).toThrow(/at least 2 whole runs/);
  const runs = [figures(1), figures(2, { voidReasons: ['slip'] })];
  expect(() => writeBaseline(file, { ...baselineOf(), runs })).toThrow(/1 of 2 are void: slip/);
  expect(() => writeBaseline(path.join(dir, 'none', 'b.json'), baselineOf())).toThrow(NotReadyError);
  expect(readFileSync(file, 'utf8')).toBe(before);
});
