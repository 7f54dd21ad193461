/**
 * What we learn: from a run's folder to its summary, verdict and report. `store/` holds the log as tables,
 * `measures/` defines every number, `verdict.ts` judges, `render/` tells it to people.
 */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { measureRun } from './measures/index.ts';
import { openRun } from './store/open-run.ts';
import { type Summary, summarySchema } from './summary.ts';
import { judge } from './verdict.ts';

export { measuresMarkdown } from './measures/index.ts';
export { writePlan } from './store/plan-file.ts';
export { summaryJsonSchema } from './summary.ts';
export { checkObjectives } from './verdict.ts';

/**
 * Measures and judges a run, and writes summary.json into its folder.
 *
 * @throws UsageError when the folder is not a run's.
 */
export async function summarise(runDir: string): Promise<Summary> {
  const run = await openRun(runDir);
  try {
    const measured = await measureRun(run);
    const summary = summarySchema.parse({ ...measured, verdict: judge(measured, run.scenario) });
    const file = path.join(runDir, 'summary.json');
    writeFileSync(`${file}.part`, `${JSON.stringify(summary, null, 2)}\n`);
    renameSync(`${file}.part`, file);
    return summary;
  } finally {
    run.close();
  }
}

export async function renderComparison(_dir: string, _runDirs: readonly string[]): Promise<void> {}

export function terminalTable(summaries: readonly Summary[]): string {
  return `${summaries.map((summary) => JSON.stringify(summary.verdict, null, 1)).join('\n')}\n`;
}
