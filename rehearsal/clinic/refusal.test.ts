/** Where figures are compared, a profiled run is refused with what to do, and left as it is. */
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../errors.ts';
import { type HandRun, removeRun, smallNight, writeHandRun } from '../../reports/testing/hand-log.ts';
import { keptProbe, playProbe } from '../capacity/probe.ts';
import { runComparison } from '../compare.ts';
import { clearUnfinished, finishedRun } from '../finished-run.ts';
import { openSources } from '../gate/gate-sources.ts';
import { type NightRequest, prepareNight } from '../prepare.ts';
import { recordOf } from '../run.ts';
import { openOwn } from '../source/server-source.ts';

const REQUEST: NightRequest = {
  scenario: smallNight({}),
  ...{ seed: 1, scale: 1, timeScale: 1, profile: 'guarded', features: [] },
  ...{ bodies: null, target: null, port: 0, faults: [] },
};
const never = new AbortController().signal;

async function layRun(record: HandRun['record']): Promise<string> {
  const runDir = await writeHandRun({
    scenario: REQUEST.scenario,
    people: [],
    rows: [],
    ...(record && { record }),
  });
  onTestFinished(() => removeRun(runDir));
  return runDir;
}

const profiled = () =>
  layRun({ ...recordOf(prepareNight(REQUEST), 'earlier', null), profiler: 'flame', status: 'finished' });

const REFUSED = { code: 'profiled-run', exitCode: 2, hint: expect.stringContaining('without --clinic') };

test('a comparison takes it neither as kept nor away, and plays nothing', async () => {
  const runDir = await profiled();
  expect(() => finishedRun(runDir, prepareNight(REQUEST))).toThrow(expect.objectContaining(REFUSED));
  expect(() => clearUnfinished(runDir)).toThrow(UsageError);
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-refusal-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const { build, seed } = prepareNight(REQUEST);
  const name = `${build.profile}-${build.policy}-${seed}`;
  renameSync(await profiled(), path.join(dir, name));
  const begun: string[] = [];
  const comparison = runComparison({
    parts: [{ place: { policy: 'guarded', seed, role: 'compared', again: false }, request: REQUEST }],
    ...{ dir, plan: null, preflight: null, stop: never },
    progress: {
      begins: (place) => {
        begun.push(place.policy);
        return () => {};
      },
      kept: () => {},
    },
  });
  await expect(comparison).rejects.toMatchObject(REFUSED);
  expect(begun).toEqual([]);
  expect(existsSync(path.join(dir, name, 'run.json'))).toBe(true);
});

test('a search for the capacity neither', async () => {
  const runDir = await profiled();
  const probe = playProbe({
    ...{ open: openOwn, prepare: () => prepareNight(REQUEST), scale: 1 },
    ...{ runDir, keep: false, observe: () => {}, stop: never },
  });
  await expect(probe).rejects.toMatchObject(REFUSED);
  writeFileSync(path.join(runDir, 'probe.json'), '{}');
  expect(() => keptProbe(() => prepareNight(REQUEST), runDir)).toThrow(expect.objectContaining(REFUSED));
});

test.each([
  ['its folder', (dir: string) => ({ kind: 'git-ref', ref: dir }) as const],
  ['its summary', (dir: string) => ({ kind: 'baseline', file: path.join(dir, 'summary.json') }) as const],
])('a gate neither, by %s', async (_what, baseFrom) => {
  const base = baseFrom(await profiled());
  const settings = {
    night: 'steady',
    size: { incumbents: 5, arrivals: 5 },
    ...{ seed: 1, kneeMinutes: 1, options: { judgeKnee: false } },
    ...{ base, candidate: { kind: 'this-tree' } as const },
  };
  await expect(openSources(settings, () => {})).rejects.toMatchObject(REFUSED);
});

test('a run without a profiler is refused by none of them', async () => {
  const runDir = await layRun({ status: 'interrupted' });
  expect(finishedRun(runDir, prepareNight(REQUEST))).toBeNull();
  clearUnfinished(runDir);
  expect(existsSync(runDir)).toBe(false);
});

test('a profile of a server that is not ours is refused before anything starts', () => {
  const request = { ...REQUEST, target: 'ws://127.0.0.1:9/signal', profiler: 'flame' as const };
  expect(() => prepareNight(request)).toThrow(
    expect.objectContaining({ code: 'profile-needs-server', exitCode: 2 }),
  );
});
