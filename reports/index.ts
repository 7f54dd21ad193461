/**
 * What we learn: from a run's folder to its summary, verdict and report. `store/` holds the log as tables,
 * `measures/` defines every number, `verdict.ts` judges, `render/` tells it to people.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Ablation, readAblation } from './ablation.ts';
import { assembleCharts } from './charts.ts';
import { buildsOf, readLaid, shownOfBuilds } from './comparison/builds-from-runs.ts';
import { type ComparisonPlan, type Place, policiesOf } from './comparison/from-runs.ts';
import { type ComparisonFile, comparisonSchema } from './comparison/schema.ts';
import { assembleHistograms } from './histogram.ts';
import { intervalsOf } from './intervals/index.ts';
import { shownMeasures } from './intervals/shown.ts';
import { measure } from './measures/index.ts';
import { standingsOf } from './objectives/standing.ts';
import { askOracles } from './oracles/index.ts';
import { readProfile } from './profile.ts';
import { junitXml } from './render/junit.ts';
import { renderReport } from './render/report.ts';
import { namesOf, readRuns, readSummary } from './render/run-to-show.ts';
import { openRun } from './store/open-run.ts';
import { assembleSummary, type Summary, summarySchema } from './summary.ts';
import { drawVerdict } from './verdict.ts';

export { capacityJsonSchema } from './capacity/schema.ts';
export { comparisonJsonSchema } from './comparison/schema.ts';
export { measuresMarkdown } from './measures/index.ts';
export { oraclesMarkdown } from './oracles/index.ts';
export { differencesTable } from './render/differences-terminal.ts';
export { policiesTable } from './render/policies-terminal.ts';
export { storyText } from './render/story.ts';
export { terminalTable } from './render/terminal.ts';
export { writePlan } from './store/plan-file.ts';
export { requireRunFolder } from './store/run-folder.ts';
export { readStory } from './story/read-story.ts';
export { summaryJsonSchema } from './summary.ts';
export { checkObjectives } from './verdict.ts';

/**
 * Measures and judges a run, and writes summary.json, charts.json, histograms.json, junit.xml and report.html into its folder. A run
 * that was killed is measured as far as its log goes, and is partial.
 *
 * @throws UsageError when the folder is not a run's.
 */
export async function summarise(runDir: string): Promise<Summary> {
  const store = await openRun(runDir);
  try {
    const measured = await measure(store);
    const assembled = assembleSummary(store, measured, await askOracles(store), await readProfile(store));
    const verdict = drawVerdict({
      summary: assembled,
      objectives: store.scenario.objectives,
      standings: await standingsOf(store, store.scenario.objectives),
      completeness: measured.completeness[0]!,
      linesUnread: store.linesUnread,
    });
    const summary = summarySchema.parse({ ...assembled, verdict });
    writeWhole(path.join(runDir, 'summary.json'), toJson(summary));
    const intervals = await intervalsOf(store, shownMeasures(assembled));
    writeWhole(path.join(runDir, 'charts.json'), JSON.stringify(assembleCharts(store, measured, intervals)));
    writeWhole(path.join(runDir, 'histograms.json'), JSON.stringify(assembleHistograms(measured)));
    // A log that somebody may still write, or that has holes, is evidence: it stays as it was found.
    if (store.record.status !== 'running' && store.linesUnread === 0) await store.toParquet();
    writeWhole(path.join(runDir, 'junit.xml'), junitXml(summary));
    writeWhole(path.join(runDir, 'report.html'), await renderReport(readRuns([runDir], runDir), null));
    return summary;
  } finally {
    store.close();
  }
}

export type RunToCompare = Place & { readonly runDir: string };

/**
 * Lays measured runs side by side: comparison.json (their summaries, what sets policies or builds apart, the ablation) and
 * report.html in `dir`. Of several runs of one build the report shows one, and the differences over all of them.
 *
 * @param options.ablation shown in the report; absent: the one that was measured for this night, if there is any.
 * @param options.policies the places of the runs in a comparison of policies; the report then shows the runs of the
 *   first seed side by side, and the differences over all seeds.
 */
export async function renderComparison(
  dir: string,
  runDirs: readonly string[],
  options: {
    readonly ablation?: Ablation | null;
    readonly policies?: ComparisonPlan & { readonly runs: readonly RunToCompare[] };
  } = {},
): Promise<ComparisonFile> {
  mkdirSync(dir, { recursive: true });
  for (const runDir of runDirs) {
    const whole = ['summary.json', 'charts.json'].every((name) => existsSync(path.join(runDir, name)));
    if (!whole) await summarise(runDir);
  }
  const summaries = runDirs.map(readSummary);
  const names = namesOf(summaries);
  const laid = options.policies === undefined ? readLaid(runDirs) : [];
  const shown =
    options.policies === undefined
      ? shownOfBuilds(laid).map(({ runDir }) => runDir)
      : shownOf(options.policies, runDirs);
  const comparison: ComparisonFile = comparisonSchema.parse({
    schema: 'roomrush/comparison@3',
    runs: summaries.map((summary, nth) => ({
      name: names[nth]!,
      folder: path.relative(dir, runDirs[nth]!),
      summary,
    })),
    policies:
      options.policies === undefined
        ? null
        : policiesOf(
            options.policies,
            options.policies.runs.map((run) => ({ place: placeOf(run), summary: readSummary(run.runDir) })),
          ),
    builds: buildsOf(laid),
    ablation:
      options.ablation === undefined ? readAblation(summaries[0]?.run.scenario ?? '') : options.ablation,
  });
  writeWhole(path.join(dir, 'comparison.json'), toJson(comparison));
  writeWhole(
    path.join(dir, 'report.html'),
    await renderReport(readRuns(shown, dir), comparison.ablation, comparison.policies, comparison.builds),
  );
  return comparison;
}

/** One run a policy: the crowd's course is shown for the first seed, and a repeat in place of what was void. */
function shownOf(
  { seeds, runs }: ComparisonPlan & { readonly runs: readonly RunToCompare[] },
  runDirs: readonly string[],
): readonly string[] {
  const first = runs.filter(({ role, seed }) => role === 'compared' && seed === seeds[0]);
  const repeated = new Set(first.filter(({ again }) => again).map(({ policy }) => policy));
  const shown = first.filter(({ policy, again }) => again || !repeated.has(policy));
  return shown.length > 0 ? shown.map(({ runDir }) => runDir) : runDirs.slice(0, 1);
}

function placeOf({ policy, seed, role, again }: RunToCompare): Place {
  return { policy, seed, role, again };
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Written beside and renamed, so that a reader never meets half a file, and what was there before stays on a full disk. */
function writeWhole(file: string, text: string): void {
  try {
    writeFileSync(`${file}.part`, text);
  } catch (error) {
    rmSync(`${file}.part`, { force: true });
    throw error;
  }
  renameSync(`${file}.part`, file);
}
