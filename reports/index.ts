/**
 * What we learn: from a run's folder to its summary, verdict and report. `store/` holds the log as tables,
 * `measures/` defines every number, `verdict.ts` judges, `render/` tells it to people.
 */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { assembleCharts } from './charts.ts';
import { measure } from './measures/index.ts';
import { openRun } from './store/open-run.ts';
import { assembleSummary, type Summary, summarySchema } from './summary.ts';
import { drawVerdict } from './verdict.ts';

export { measuresMarkdown } from './measures/index.ts';
export { writePlan } from './store/plan-file.ts';
export { summaryJsonSchema } from './summary.ts';
export { checkObjectives } from './verdict.ts';

/**
 * Measures and judges a run, and writes summary.json and charts.json into its folder. A run that was killed is
 * measured as far as its log goes, and is partial.
 *
 * @throws UsageError when the folder is not a run's.
 */
export async function summarise(runDir: string): Promise<Summary> {
  const store = await openRun(runDir);
  try {
    const measured = await measure(store);
    const assembled = assembleSummary(store, measured);
    const verdict = drawVerdict({
      summary: assembled,
      objectives: store.scenario.objectives,
      completeness: measured.completeness[0]!,
      linesUnread: store.linesUnread,
    });
    const summary = summarySchema.parse({ ...assembled, verdict });
    writeWhole(path.join(runDir, 'summary.json'), toJson(summary));
    writeWhole(path.join(runDir, 'charts.json'), JSON.stringify(assembleCharts(store, measured)));
    // A log that somebody may still write, or that has holes, is evidence: it stays as it was found.
    if (store.record.status !== 'running' && store.linesUnread === 0) await store.toParquet();
    return summary;
  } finally {
    store.close();
  }
}

export async function renderComparison(_dir: string, _runDirs: readonly string[]): Promise<void> {}

export function terminalTable(summaries: readonly Summary[]): string {
  return `${summaries.map((summary) => JSON.stringify(summary.verdict, null, 1)).join('\n')}\n`;
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Written beside and renamed, so that a reader never meets half a file. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}
