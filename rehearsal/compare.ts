/** Several builds, one crowd: the nights are played one after the other and laid side by side. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { renderComparison } from '../reports/index.ts';
import type { Summary } from '../reports/summary.ts';
import type { Observe } from './night.ts';
import type { Preflight } from './preflight.ts';
import type { PreparedNight } from './prepare.ts';
import { buildName, runNight } from './run.ts';

export type Comparison = {
  readonly summaries: readonly Summary[];
  /** What a reader should know beside the table, such as a naive build that held. */
  readonly remarks: readonly string[];
};

/**
 * Plays the prepared nights into sub-folders of `dir` and writes comparison.json and report.html there. An
 * interruption ends the comparison with what was measured so far.
 */
export async function runComparison(
  prepared: readonly PreparedNight[],
  dir: string,
  preflight: Preflight | null,
  observe: (night: PreparedNight) => Observe,
  stop: AbortSignal,
): Promise<Comparison> {
  const summaries: Summary[] = [];
  const runDirs: string[] = [];
  for (const night of prepared) {
    if (stop.aborted) break;
    const runDir = path.join(dir, `${buildName(night)}-${night.seed}`);
    mkdirSync(runDir);
    summaries.push(await runNight(night, runDir, preflight, observe(night), stop));
    runDirs.push(runDir);
  }
  if (runDirs.length > 0) await renderComparison(dir, runDirs);
  return { summaries, remarks: remarksOn(summaries) };
}

function remarksOn(summaries: readonly Summary[]): string[] {
  return summaries
    .filter((summary) => summary.run.profile === 'clubhouse-2021' && summary.verdict.result === 'pass')
    .map(
      () =>
        'the naive build held tonight: this machine is faster than the night is large (try a larger --scale)',
    );
}
