/** A test instrument: a folder of runs as a month of use leaves it, made of real runs' files, whole and not. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CapacityFile } from '../../capacity/schema.ts';
import { gateFile } from '../../gate/gate-file.ts';
import { gateOptions } from '../../gate/options.ts';
import { CONTEXT, drawPairs } from '../../gate/testing/pairs.ts';
import { renderComparison, summarise } from '../../index.ts';
import type { RunRecord } from '../../store/run-record.ts';
import { getsIn, MACHINE, removeRun, smallNight, writeHandRun } from '../../testing/hand-log.ts';

export const HOSTILE = '<script>document.title = "broken"</script>';

export type RunsFolder = { readonly dir: string; remove(): void };

/** An empty folder. */
export function emptyFolder(): RunsFolder {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-list-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** A measured run into `folder`. */
export async function playInto(
  dir: string,
  folder: string,
  record: Partial<RunRecord> = {},
  title?: string,
): Promise<string> {
  const runDir = await writeHandRun({
    ...(title === undefined ? {} : { scenario: smallNight({ title }) }),
    people: [{ intendedMs: 5_000 }],
    rows: getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
    record: { features: {}, ...record },
  });
  await summarise(runDir);
  const into = path.join(dir, folder);
  cpSync(runDir, into, { recursive: true });
  removeRun(runDir);
  return into;
}

/** One of each kind; the runs are from February 2021, the others from other years. */
export async function fullFolder(): Promise<RunsFolder> {
  const { dir, remove } = emptyFolder();
  const at = (day: number) => ({ startedAt: `2021-02-0${day}T22:00:00.000Z` });
  await playInto(dir, 'first', { ...at(1), id: 'first' });
  await playInto(dir, HOSTILE.replaceAll('/', '-'), { ...at(2), id: 'hostile', seed: 7 }, HOSTILE);
  const naive = { profile: 'clubhouse-2021', policy: 'cap-soft' };
  const compared = [
    await playInto(dir, 'compare/naive', { ...at(3), ...naive, id: 'naive' }),
    await playInto(dir, 'compare/guarded', { ...at(4), id: 'guarded' }),
  ];
  await renderComparison(path.join(dir, 'compare'), compared, { ablation: null });
  writeInto(dir, 'gate/gate.json', gate());
  writeInto(dir, 'gate/settings.json', { schema: 'roomrush/gate-settings@1' });
  // Its own runs are not listed.
  writeInto(dir, 'gate/runs/1-base/run.json', {});
  writeInto(dir, 'gate-begun/settings.json', {
    ...{ schema: 'roomrush/gate-settings@1', night: 'zuckerberg', startedAt: '2020-01-01T10:00:00.000Z' },
  });
  writeInto(dir, 'capacity/capacity.json', capacity());
  return { dir, remove };
}

function writeInto(dir: string, file: string, content: object): void {
  const whole = path.join(dir, file);
  mkdirSync(path.dirname(whole), { recursive: true });
  writeFileSync(whole, JSON.stringify(content));
}

function gate(): object {
  const pairs = drawPairs(7, 16, { ratio: 1, scatter: 0.01, leaks: 0 });
  return gateFile(CONTEXT, { kind: 'paired', pairs, voidRuns: [] }, gateOptions());
}

function capacity(): CapacityFile {
  const share = { signal: 1, webrtc: 0, rtp: 0, k6: 0 };
  return {
    schema: 'roomrush/capacity@1',
    night: { id: 'step', title: 'A step' },
    startedAt: '2022-03-04T05:06:07.000Z',
    machine: MACHINE,
    versions: { roomrush: '0.1.0' },
    settings: {
      ...{ night: 'step', profiles: ['guarded'], policy: null, features: [], bodies: share, seed: 11 },
      ...{ start: 0.25, scaleMin: 0.01, scaleMax: 8, resolution: 1.1, minutes: 20 },
      ...{ grow: 'surge', wholeNight: false, keepRuns: false },
    },
    finished: true,
    searches: [
      {
        profile: 'guarded',
        policy: 'waiting-room',
        result: {
          kind: 'knee',
          isNarrow: true,
          held: {
            ...{ scale: 1.5, confirmed: true, probes: 3, heldProbes: 3 },
            ...{ arrivalsPerSecond: 100, people: 1_000, seatedMax: 900 },
          },
          gaveIn: { scale: 1.6, who: 'server', arrivalsPerSecond: 110 },
          interval: { low: 1.5, high: 1.6 },
          limit: null,
        },
        probes: [],
      },
    ],
    ratio: null,
  };
}
