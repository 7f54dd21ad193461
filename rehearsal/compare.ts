/**
 * Several builds, one crowd: the nights are played one after the other and laid side by side. With several seeds
 * the policies are compared pair by pair; what was measured before is kept, and what is void is played again once.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ComparisonPlan, Place } from '../reports/comparison/from-runs.ts';
import type { ComparisonFile } from '../reports/comparison/schema.ts';
import { type RunToCompare, renderComparison } from '../reports/index.ts';
import type { Summary } from '../reports/summary.ts';
import { nightTimes } from '../scenarios/schema.ts';
import { timeLeftMs } from './compare-order.ts';
import { clearUnfinished, finishedRun } from './finished-run.ts';
import type { Observe } from './night.ts';
import type { Preflight } from './preflight.ts';
import { type NightRequest, type PreparedNight, prepareNight } from './prepare.ts';
import { isInterruption } from './processes.ts';
import { runNight } from './run.ts';

/** One run of a comparison: its place in it, and the night to play. */
export type ComparePart = { readonly place: Place; readonly request: NightRequest };

/** What somebody who watches a comparison is told. */
export type CompareProgress = {
  /** @param leftMs an estimate for this run and all that follow. */
  readonly begins: (place: Place, nth: number, of: number, leftMs: number) => Observe;
  /** The run was played before. */
  readonly kept: (place: Place, nth: number, of: number) => void;
};

type ComparedRun = RunToCompare & { readonly summary: Summary };

export type Comparison = {
  /** In the order in which they were played; void runs and their repeats among them. */
  readonly runs: readonly ComparedRun[];
  /** Null: nothing was measured. */
  readonly file: ComparisonFile | null;
  /** What a reader should know beside the table, such as a naive build that held. */
  readonly remarks: readonly string[];
};

export type CompareOptions = {
  readonly parts: readonly ComparePart[];
  readonly dir: string;
  /** The policies and seeds that are compared pair by pair; null: the runs are only laid side by side. */
  readonly plan: ComparisonPlan | null;
  readonly preflight: Preflight | null;
  readonly progress: CompareProgress;
  readonly stop: AbortSignal;
};

/**
 * Plays the parts into sub-folders of `dir`, skipping those that lie there whole, and writes comparison.json and
 * report.html there. An interruption or an error ends the comparison with what was measured so far.
 */
export async function runComparison(options: CompareOptions): Promise<Comparison> {
  const { parts, dir, plan, stop } = options;
  const played: ComparedRun[] = [];
  const tookMs: number[] = [];
  let failure: unknown = null;
  try {
    await playAll(options, parts, played, tookMs);
    // Repeats come last: what disturbed the first try is over by then, and the order of the others is kept.
    const repeats = plan === null ? [] : parts.filter(({ place }) => isVoid(place, played)).map(repeatOf);
    await playAll(options, repeats, played, tookMs);
  } catch (error) {
    failure = error;
  }
  const file =
    played.length === 0
      ? null
      : await renderComparison(
          dir,
          played.map(({ runDir }) => runDir),
          plan === null ? {} : { policies: { ...plan, runs: played } },
        );
  if (failure !== null && !isInterruption(failure, stop)) throw failure;
  return { runs: played, file, remarks: plan === null ? remarksOn(played) : [] };
}

async function playAll(
  { dir, preflight, progress, stop }: CompareOptions,
  parts: readonly ComparePart[],
  played: ComparedRun[],
  tookMs: number[],
): Promise<void> {
  // Looked at first, so that the time that is left can be told from the beginning.
  const kept = parts.map((part) => {
    const prepared = prepareNight(part.request);
    return finishedRun(runDirOf(dir, part.place, prepared), prepared);
  });
  for (const [nth, part] of parts.entries()) {
    if (stop.aborted) return;
    const { place } = part;
    const prepared = prepareNight(part.request);
    const runDir = runDirOf(dir, place, prepared);
    const before = kept[nth]!;
    if (before !== null) {
      progress.kept(place, nth + 1, parts.length);
      played.push({ ...place, runDir, summary: before });
      continue;
    }
    const runsLeft = kept.slice(nth).filter((one) => one === null).length;
    const leftMs = timeLeftMs(tookMs, nightTimes(prepared.scenario).nightEndMs, runsLeft);
    clearUnfinished(runDir);
    mkdirSync(runDir, { recursive: true });
    const startMs = performance.now();
    const observe = progress.begins(place, nth + 1, parts.length, leftMs);
    const summary = await runNight(prepared, runDir, preflight, observe, stop);
    tookMs.push(performance.now() - startMs);
    played.push({ ...place, runDir, summary });
  }
}

function isVoid({ policy, seed, role }: Place, played: readonly ComparedRun[]): boolean {
  return played.some(
    (run) =>
      run.policy === policy &&
      run.seed === seed &&
      run.role === role &&
      !run.summary.run.partial &&
      run.summary.verdict.result === 'void',
  );
}

function repeatOf({ place, request }: ComparePart): ComparePart {
  return { place: { ...place, again: true }, request };
}

/** `<profile>-<policy>-<seed>`; features that were switched for all runs alike are not in the name. */
function runDirOf(dir: string, { role, again }: Place, { build, seed }: PreparedNight): string {
  const name = `${build.profile}-${build.policy}-${seed}`;
  return path.join(dir, `${name}${role === 'probe' ? '-probe' : ''}${again ? '-again' : ''}`);
}

function remarksOn(runs: readonly ComparedRun[]): string[] {
  return runs
    .filter(({ summary: { run, verdict } }) => run.profile === 'clubhouse-2021' && verdict.result === 'pass')
    .map(
      () =>
        'the naive build held tonight: this machine is faster than the night is large (try a larger --scale)',
    );
}
