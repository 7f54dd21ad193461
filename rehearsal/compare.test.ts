/** What a comparison plays, in which order, and what it keeps: no night is played here but those that lie there. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Place } from '../reports/comparison/from-runs.ts';
import { summarise } from '../reports/index.ts';
import type { RunRecord } from '../reports/store/run-record.ts';
import { getsIn, type HandRow, removeRun, smallNight, writeHandRun } from '../reports/testing/hand-log.ts';
import { type ComparePart, runComparison } from './compare.ts';
import { rotatedOrder, timeLeftMs } from './compare-order.ts';
import { compareParts, readFeatures, seedsFrom } from './compare-parts.ts';
import { clearUnfinished, finishedRun, sizeOfRuns } from './finished-run.ts';
import { prepareNight } from './prepare.ts';
import { recordOf } from './run.ts';

const BASE = {
  scenario: smallNight({
    incumbents: { count: 4, model: { kind: 'even' } },
    waves: [{ id: 'inside', moment: 'reveal', count: 12, overMs: 9_000, model: { kind: 'even' } }],
  }),
  scale: 1,
  timeScale: 1,
  features: readFeatures('clubhouse-2021'),
  bodies: null,
  target: null,
  port: 0,
  faults: [],
};
const POLICIES = ['cap-soft', 'waiting-room'];

function folder(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-compare-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Lays a measured run there, as if it had been played; `lost` people are thrown out and cannot come back. */
async function layRun(
  dir: string,
  { place, request }: ComparePart,
  lost: number,
  more: { readonly isVoid?: boolean; readonly record?: Partial<RunRecord> } = {},
): Promise<string> {
  const prepared = prepareNight(request);
  const name = `guarded-${place.policy}-${place.seed}${place.role === 'probe' ? '-probe' : ''}${place.again ? '-again' : ''}`;
  const rows = [0, 1, 2, 3, 4, 5].flatMap((personId): HandRow[] => [
    ...getsIn(personId, { dial: 5_000, opened: 5_010, seated: 5_020 + 10 * personId }),
    ...(personId >= lost
      ? []
      : ([
          [6_000, 'listener', 'ejected', personId, { attempt: 1, cause: 'pong-timeout', room: 'main' }],
          [6_500, 'listener', 'dial', personId, { attempt: 2 }],
        ] as const)),
  ]);
  const disturbed: HandRow = [4_500, 'rehearsal', 'foreign-cpu', null, { cause: 'core-0', value: 3 }];
  const runDir = await writeHandRun({
    scenario: prepared.scenario,
    people: [0, 1, 2, 3, 4, 5].map(() => ({ intendedMs: 5_000 })),
    rows: more.isVoid ? [...rows, disturbed] : rows,
    record: { ...recordOf(prepared, name, null), status: 'finished', ...more.record },
  });
  await summarise(runDir);
  const to = path.join(dir, name);
  cpSync(runDir, to, { recursive: true });
  removeRun(runDir);
  return to;
}

test('every seed begins with another policy, and all meet all', () => {
  const order = rotatedOrder({ policies: ['a', 'b', 'c'], seeds: [7, 8, 9, 10] });
  expect(order.map(({ policy, seed }) => `${policy}${seed}`).join(' ')).toBe(
    'a7 b7 c7 b8 c8 a8 c9 a9 b9 a10 b10 c10',
  );
});

test('the probe comes first, unless open is among the policies', () => {
  const { parts, plan } = compareParts(BASE, ['guarded'], POLICIES, [1, 2]);
  expect(parts.map(({ place }) => `${place.role} ${place.policy} ${place.seed}`)).toEqual([
    'probe open 1',
    'compared cap-soft 1',
    'compared waiting-room 1',
    'compared waiting-room 2',
    'compared cap-soft 2',
  ]);
  expect(plan).toEqual({ policies: POLICIES, seeds: [1, 2] });
  expect(compareParts(BASE, ['guarded'], ['open', 'cap'], [1]).parts.map(({ place }) => place.role)).toEqual([
    'compared',
    'compared',
  ]);
});

test('profiles with a policy of their own are laid side by side, and several seeds compare them', () => {
  const profiles = ['clubhouse-2021', 'guarded'];
  const once = compareParts(BASE, profiles, null, [1]);
  expect(once.plan).toBeNull();
  expect(once.parts.map(({ request }) => [request.profile, request.policy])).toEqual([
    ['clubhouse-2021', undefined],
    ['guarded', undefined],
  ]);
  expect(compareParts(BASE, profiles, null, [1, 2]).plan?.policies).toEqual(profiles);
  expect(compareParts(BASE, profiles, ['cap'], [1]).plan?.policies).toEqual([
    'clubhouse-2021/cap',
    'guarded/cap',
  ]);
});

test('the same build twice is refused', () => {
  expect(() => compareParts(BASE, ['guarded'], ['cap', 'cap'], [1])).toThrow('got cap twice');
});

test('--features: switches, or what of a profile is not admission', () => {
  expect(readFeatures('clubhouse-2021')).toEqual(['roster=whole', 'presence=each', 'hallway=computed']);
  expect(readFeatures('presence=each, roster=whole')).toEqual(['presence=each', 'roster=whole']);
  expect(() => readFeatures('clubhouse-2012')).toThrow('or the name of a profile');
  expect(() => readFeatures('presence=each,roster')).toThrow('or the name of a profile');
});

test('seeds count on from the first, and around the end', () => {
  expect(seedsFrom(20210204, 3)).toEqual([20210204, 20210205, 20210206]);
  expect(seedsFrom(0xffff_ffff, 2)).toEqual([0xffff_ffff, 0]);
});

test('the time that is left is what the runs before took; before there is one, the night and a little', () => {
  expect(timeLeftMs([], 30_000, 4)).toBe(4 * 42_000);
  expect(timeLeftMs([40_000, 50_000], 30_000, 4)).toBe(180_000);
  expect(timeLeftMs([40_000], 30_000, 0)).toBe(0);
});

test('a run is kept only where it is the same night, crowd and build, whole', async () => {
  const dir = folder();
  const { parts } = compareParts(BASE, ['guarded'], POLICIES, [1, 2]);
  const [, soft, queue] = parts as [ComparePart, ComparePart, ComparePart];
  const runDir = await layRun(dir, soft, 0);
  expect(finishedRun(runDir, prepareNight(soft.request))?.run.policy).toBe('cap-soft');
  expect(finishedRun(runDir, prepareNight(queue.request))).toBeNull();
  expect(finishedRun(runDir, prepareNight({ ...soft.request, seed: 2 }))).toBeNull();
  expect(finishedRun(runDir, prepareNight({ ...soft.request, timeScale: 0.9 }))).toBeNull();
  expect(finishedRun(runDir, prepareNight({ ...soft.request, features: [] }))).toBeNull();
  const smaller = {
    ...BASE.scenario,
    rooms: { ...BASE.scenario.rooms, main: { ...BASE.scenario.rooms.main, seats: 9 } },
  };
  expect(finishedRun(runDir, prepareNight({ ...soft.request, scenario: smaller }))).toBeNull();
  expect(sizeOfRuns(dir)).toEqual({ scale: 1, timeScale: 1 });

  const broken = await layRun(folder(), soft, 0, { record: { status: 'interrupted' } });
  expect(finishedRun(broken, prepareNight(soft.request))).toBeNull();
  const older = await layRun(folder(), soft, 0, { record: { versions: { roomrush: '0.0.1' } } });
  expect(finishedRun(older, prepareNight(soft.request))).toBeNull();
});

test('what a broken-off run left is cleared, and what is no run is not touched', () => {
  const dir = folder();
  clearUnfinished(path.join(dir, 'nothing-there'));
  const half = path.join(dir, 'half');
  mkdirSync(half);
  writeFileSync(path.join(half, 'run.json'), '{}');
  clearUnfinished(half);
  expect(existsSync(half)).toBe(false);
  writeFileSync(path.join(dir, 'letter.txt'), 'mine');
  expect(() => clearUnfinished(dir)).toThrow('there is something else');
  expect(existsSync(path.join(dir, 'letter.txt'))).toBe(true);
});

test('a comparison that lies there whole plays nothing, and tells what it found', async () => {
  const dir = folder();
  const { parts, plan } = compareParts(BASE, ['guarded'], POLICIES, [1, 2]);
  for (const part of parts) {
    const { policy, seed } = part.place;
    const lost = policy === 'waiting-room' ? 0 : 2 + seed;
    const isVoid = policy === 'waiting-room';
    await layRun(dir, part, lost, { isVoid });
    if (!isVoid) continue;
    // Seed 1 is measured well the second time, seed 2 is void again.
    await layRun(dir, { ...part, place: { ...part.place, again: true } }, lost, { isVoid: seed === 2 });
  }
  const kept: Place[] = [];
  const { file, runs } = await runComparison({
    ...{ parts, plan, dir, preflight: null },
    progress: {
      begins: (place) => {
        throw new Error(`expected that nothing is played, got ${place.policy} ${place.seed}`);
      },
      kept: (place) => kept.push(place),
    },
    stop: new AbortController().signal,
  });
  expect(kept.map(({ policy, seed, again }) => `${policy} ${seed}${again ? ' again' : ''}`)).toEqual([
    'open 1',
    'cap-soft 1',
    'waiting-room 1',
    'waiting-room 2',
    'cap-soft 2',
    'waiting-room 1 again',
    'waiting-room 2 again',
  ]);
  expect(runs).toHaveLength(7);
  const compared = file!.policies!;
  expect(compared.discrimination).toMatchObject({ probe: 'fail', discriminates: true });
  expect(compared.runs).toMatchObject({ planned: 4, measured: 3, void: 2, repeated: 2 });
  expect(compared.runs.leftOut.map(({ policy, seed }) => [policy, seed])).toEqual([['waiting-room', 2]]);
  const lost = compared.measures.find(({ path: one }) => one === 'ejections.stranded')!;
  expect(lost.byPolicy.map(({ runs, mean }) => [runs, mean])).toEqual([
    [2, 3.5],
    [1, 0],
  ]);
  expect(lost.differences[0]).toMatchObject({ pairs: 1, mean: -3, interval: null, finding: 'too-few-pairs' });
  expect(JSON.parse(readFileSync(path.join(dir, 'comparison.json'), 'utf8'))).toEqual(file);
  const report = readFileSync(path.join(dir, 'report.html'), 'utf8');
  expect(report).toContain('Policies compared');
  expect(report).toContain('Left out: waiting-room, seed 2');
});
