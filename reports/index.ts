/**
 * What we learn: from a run's folder to its summary, verdict and report. `store/` holds the log as tables,
 * `measures/` defines every number, `verdict.ts` judges, `render/` tells it to people.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Ablation, readAblation } from './ablation.ts';
import { assembleCharts } from './charts.ts';
import { measure } from './measures/index.ts';
import { junitXml } from './render/junit.ts';
import { renderReport } from './render/report.ts';
import { readRuns } from './render/run-to-show.ts';
import { openRun } from './store/open-run.ts';
import { assembleSummary, type Summary, summarySchema } from './summary.ts';
import { drawVerdict } from './verdict.ts';

export { measuresMarkdown } from './measures/index.ts';
export { terminalTable } from './render/terminal.ts';
export { writePlan } from './store/plan-file.ts';
export { summaryJsonSchema } from './summary.ts';
export { checkObjectives } from './verdict.ts';

/**
 * Measures and judges a run, and writes summary.json, charts.json, junit.xml and report.html into its folder. A run
 * that was killed is measured as far as its log goes, and is partial.
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
    writeWhole(path.join(runDir, 'junit.xml'), junitXml(summary));
    writeWhole(path.join(runDir, 'report.html'), await renderReport(readRuns([runDir]), null));
    return summary;
  } finally {
    store.close();
  }
}

/**
 * Lays measured runs side by side: comparison.json (their summaries and the ablation) and report.html in `dir`.
 *
 * @param options.ablation shown in the report; absent: the one that was measured for this night, if there is any.
 */
export async function renderComparison(
  dir: string,
  runDirs: readonly string[],
  options: { readonly ablation?: Ablation | null } = {},
): Promise<void> {
  mkdirSync(dir, { recursive: true });
  for (const runDir of runDirs) {
    if (!existsSync(path.join(runDir, 'charts.json'))) await summarise(runDir);
  }
  const runs = readRuns(runDirs);
  const ablation =
    options.ablation === undefined ? readAblation(runs[0]?.summary.run.scenario ?? '') : options.ablation;
  const comparison = {
    schema: 'roomrush/comparison@1',
    runs: runs.map(({ name, summary }, nth) => ({
      name,
      folder: path.relative(dir, runDirs[nth]!),
      summary,
    })),
    ablation,
  };
  writeWhole(path.join(dir, 'comparison.json'), toJson(comparison));
  writeWhole(path.join(dir, 'report.html'), await renderReport(runs, ablation));
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Written beside and renamed, so that a reader never meets half a file. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}
