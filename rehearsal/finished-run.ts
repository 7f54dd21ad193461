/** Was this night played already? What a comparison that was broken off has measured is not measured again. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../errors.ts';
import { refuseProfiled } from '../reports/profile.ts';
import { type RunRecord, readRunRecord } from '../reports/store/run-record.ts';
import { type Summary, summarySchema } from '../reports/summary.ts';
import type { PreparedNight } from './prepare.ts';
import { recordOf } from './run.ts';

/**
 * The summary of the same night with the same crowd on the same build, if `runDir` holds it whole; null: it does not.
 * A void run is whole too: it was measured, and measured to be of no use.
 *
 * @throws UsageError when what lies there was profiled: it is no run of a comparison, and nobody takes it away unasked.
 */
export function finishedRun(runDir: string, prepared: PreparedNight): Summary | null {
  refuseProfiledRun(runDir, 'a comparison or a search');
  const files = ['summary.json', 'run.json', 'scenario.json'].map((name) => path.join(runDir, name));
  if (!files.every((file) => existsSync(file))) return null;
  const summary = summarySchema.safeParse(JSON.parse(readFileSync(files[0]!, 'utf8')));
  if (!summary.success || summary.data.run.partial) return null;
  const scenario = JSON.parse(readFileSync(files[2]!, 'utf8'));
  if (!isDeepStrictEqual(scenario, JSON.parse(JSON.stringify(prepared.scenario)))) return null;
  const kept = readRunRecord(runDir);
  if (kept.status !== 'finished') return null;
  const wanted = recordOf(prepared, kept.id, null);
  return isDeepStrictEqual(whatDecides(kept), whatDecides(wanted)) ? summary.data : null;
}

/** Of a record all that must be equal for its figures to stand for a run that would be played now. */
function whatDecides(record: RunRecord): unknown {
  const { id, machine, versions, times, startedAt, preflight, status, ...decides } = record;
  return JSON.parse(JSON.stringify({ ...decides, roomrush: versions['roomrush'] }));
}

/**
 * Takes away what a broken-off run left, so that the night can be played into the same folder.
 *
 * @throws UsageError when what is there is no run of ours, or one that was profiled.
 */
export function clearUnfinished(runDir: string): void {
  if (!existsSync(runDir)) return;
  if (readdirSync(runDir).length > 0 && !existsSync(path.join(runDir, 'run.json'))) {
    throw new UsageError(
      'not-a-run',
      `expected a run or nothing in ${runDir}, and there is something else`,
      'give --resume the folder of a comparison, or move that away',
    );
  }
  refuseProfiledRun(runDir, 'a comparison or a search');
  rmSync(runDir, { recursive: true });
}

/**
 * Refuses a run whose server was profiled where figures are compared.
 *
 * @param what would have used it.
 * @throws UsageError when there is such a run in the folder.
 */
export function refuseProfiledRun(runDir: string, what: string): void {
  refuseProfiled(runDir, profilerOf(runDir), what);
}

function profilerOf(runDir: string): RunRecord['profiler'] {
  if (!existsSync(path.join(runDir, 'run.json'))) return null;
  try {
    return readRunRecord(runDir).profiler;
  } catch (error) {
    // Half a record, or another version's: whoever wants more of the run says so.
    if (error instanceof UsageError) return null;
    throw error;
  }
}

/** The size at which the runs in `dir` were played; null: there is none. */
export function sizeOfRuns(dir: string): { readonly scale: number; readonly timeScale: number } | null {
  for (const name of readdirSync(dir).sort()) {
    if (!existsSync(path.join(dir, name, 'run.json'))) continue;
    const { scale, timeScale } = readRunRecord(path.join(dir, name));
    return { scale, timeScale };
  }
  return null;
}
