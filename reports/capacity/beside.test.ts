/** The search that lies beside a run: of its night and build, the newest that can be read. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { summarise } from '../index.ts';
import { kneeSection } from '../render/knee-section.ts';
import { readRuns } from '../render/run-to-show.ts';
import type { Summary } from '../summary-schema.ts';
import { getsIn, MACHINE, removeRun, writeHandRun } from '../testing/hand-log.ts';
import { capacityBeside } from './beside.ts';
import { resultOf } from './result.ts';
import { type CapacityFile, type CapacityProbe, capacitySchema } from './schema.ts';

const RUN = { scenario: 'small', profile: 'guarded', target: null, machine: MACHINE } as Summary['run'];
let runs: string;

beforeEach(() => {
  runs = mkdtempSync(path.join(os.tmpdir(), 'roomrush-runs-'));
});
afterEach(() => rmSync(runs, { recursive: true, force: true }));

function probe(scale: number, seed: number, outcome: CapacityProbe['outcome']): CapacityProbe {
  return {
    ...{ scale, seed, outcome, people: 100 * scale, arrivalsPerSecond: 20 * scale, seatedMax: 50 * scale },
    ...{ failed: [], objectives: 9, reasons: [], tookMs: 1 },
    evidence: {
      ...{ serverShare: 0.95, workerShare: 0.02, swarmShare: 0.2, stallMsMax: 20, rssBytesMax: 1e8 },
      ...{ memoryBytes: 8e9, listenOverflows: 0, openFileErrors: 0, serverEnded: false },
    },
  };
}

function capacity(changes: Partial<CapacityFile> = {}, profile = 'guarded'): CapacityFile {
  const probes = [1, 2, 3]
    .map((seed) => probe(4, seed, 'held'))
    .concat([1, 2, 3].map((seed) => probe(5, seed, 'failed')));
  const options = { start: 1, scaleMin: 1, scaleMax: 8, resolution: 1.3 };
  return capacitySchema.parse({
    schema: 'roomrush/capacity@1',
    night: { id: 'small', title: 'A small night' },
    startedAt: '2021-02-05T10:00:00.000Z',
    machine: MACHINE,
    versions: {},
    settings: {
      ...{
        night: 'small',
        profiles: [profile],
        policy: null,
        features: [],
        bodies: null,
        seed: 1,
        ...options,
      },
      ...{ minutes: 5, grow: 'surge', wholeNight: false, keepRuns: false },
    },
    finished: true,
    searches: [{ profile, policy: 'waiting-room', result: resultOf(probes, options, 'settled'), probes }],
    ratio: null,
    ...changes,
  });
}

function keep(name: string, file: CapacityFile | string, dir = runs): void {
  mkdirSync(path.join(dir, name), { recursive: true });
  writeFileSync(
    path.join(dir, name, 'capacity.json'),
    typeof file === 'string' ? file : JSON.stringify(file),
  );
}

test('the newest of the same night and build, also beside the comparison that the run belongs to', () => {
  keep('old', capacity());
  keep('new', capacity({ startedAt: '2021-02-06T10:00:00.000Z' }));
  keep(
    'other-night',
    capacity({ startedAt: '2021-02-07T10:00:00.000Z', night: { id: 'step', title: 'Step' } }),
  );
  keep('other-build', capacity({ startedAt: '2021-02-07T10:00:00.000Z' }, 'clubhouse-2021'));
  keep('half', '{"schema":"roomrush/capacity@1","nig');
  keep('other-version', JSON.stringify({ ...capacity(), schema: 'roomrush/capacity@9' }));
  for (const runDir of ['a-run', 'a-comparison/guarded-waiting-room-1']) {
    expect(capacityBeside(path.join(runs, runDir), RUN)).toMatchObject({
      folder: 'new',
      isSameMachine: true,
      search: { profile: 'guarded', result: { kind: 'knee', held: { scale: 4 } } },
    });
  }
  const elsewhere = { ...RUN, machine: { ...MACHINE, cores: 64 } };
  expect(capacityBeside(path.join(runs, 'a-run'), elsewhere)?.isSameMachine).toBe(false);
});

test('nothing beside it, no folder at all, another target', () => {
  expect(capacityBeside(path.join(runs, 'a-run'), RUN)).toBeNull();
  expect(capacityBeside(path.join(runs, 'not', 'there', 'a-run'), RUN)).toBeNull();
  keep('new', capacity());
  expect(capacityBeside(path.join(runs, 'a-run'), { ...RUN, target: 'ws://127.0.0.1:9' })).toBeNull();
});

test('the report tells the knee with its interval, or how to find it', async () => {
  const runDir = await writeHandRun({
    people: [{ intendedMs: 5_000 }],
    rows: getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
  });
  try {
    await summarise(runDir);
    const [run] = readRuns([runDir], runDir);
    expect(kneeSection([{ ...run!, capacity: null }]).html).toContain(
      'npx roomrush capacity ./scenario.json --profile guarded --policy waiting-room',
    );
    keep('new', capacity());
    const beside = capacityBeside(path.join(runs, 'a-run'), RUN);
    const text = kneeSection([{ ...run!, capacity: beside }]).html;
    expect(text).toContain(
      'Knee: all objectives held at scale 4 (80 a second) in 3 of 3 probes, and not at scale 5',
    );
    expect(text).toContain('<td class="number">4 to 5</td>');
    expect(text).toContain('What gave in: the server&#39;s event loop');
    expect(text).not.toContain('another machine');
  } finally {
    removeRun(runDir);
  }
});
