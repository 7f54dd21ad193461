/** Takes what a comparison of builds needs out of the summaries of runs that were laid side by side. */
import { readCharts } from '../charts.ts';
import { valueAt } from '../measures/paths.ts';
import { namesOf, type RunToShow, readSummary } from '../render/run-to-show.ts';
import { readScenario } from '../store/run-scenario.ts';
import type { Summary } from '../summary-schema.ts';
import { compareBuilds, type LaidRun } from './builds.ts';
import type { BuildsCompared } from './builds-schema.ts';
import { measuresOf } from './from-runs.ts';
import { type NamedRun, notAlike } from './like-for-like.ts';
import type { ComparedMeasure } from './measures.ts';
import { withinAt } from './within-run.ts';

export type RunToLay = Pick<RunToShow, 'summary' | 'charts' | 'scenario'>;

/** @throws UsageError when a folder is not a measured run's. */
export function readLaid(runDirs: readonly string[]): (RunToLay & { readonly runDir: string })[] {
  return runDirs.map((runDir) => ({
    runDir,
    summary: readSummary(runDir),
    charts: readCharts(runDir),
    scenario: readScenario(runDir),
  }));
}

/** Runs that were laid side by side, sorted by how they were built. */
type Build<Run> = { readonly name: string; readonly runs: readonly Run[] };

/**
 * What sets the builds of these runs apart; the first run's is the reference.
 *
 * @returns null when there is only one run.
 */
export function buildsOf(runs: readonly RunToLay[]): BuildsCompared | null {
  if (runs.length < 2) return null;
  const builds = byBuild(runs);
  const measures = measuresOf(runs.map(({ summary }) => summary));
  const counting = builds.map(({ name, runs: own }) => ({ name, runs: countingOf(own) }));
  const leftOut = builds.flatMap(({ runs: own }, nth) =>
    own
      .filter((run) => !counting[nth]!.runs.includes(run))
      .map(({ summary }) => ({ run: summary.run.id, reason: reasonOf(summary) })),
  );
  const named = counting.flatMap(({ name, runs: own }) =>
    own.map(({ summary, scenario }): NamedRun => ({ build: name, summary, scenario })),
  );
  return compareBuilds(
    counting.flatMap(({ name, runs: own }) => own.map((run) => laid(name, run, measures))),
    measures,
    leftOut,
    notAlike(named),
  );
}

/**
 * Of each build the run that stands for it where the crowd's course is shown: of those that count, on a crowd that the first
 * build met too.
 */
export function shownOfBuilds<Run extends { readonly summary: Summary }>(runs: readonly Run[]): Run[] {
  const counting = byBuild(runs).map(({ runs: own }) => countingOf(own));
  const met = (own: readonly Run[], crowd: string) =>
    own.find(({ summary }) => summary.run.planDigest === crowd);
  const crowds = (counting[0] ?? []).map(({ summary }) => summary.run.planDigest);
  const common = crowds.find((crowd) => counting.every((own) => met(own, crowd) !== undefined));
  return counting.map((own) => (common === undefined ? own[0]! : met(own, common)!));
}

/** Runs of one build belong together; where all are of one, what is compared is the runs, each by its own name. */
function byBuild<Run extends { readonly summary: Summary }>(runs: readonly Run[]): Build<Run>[] {
  const sorted = new Map<string, Run[]>();
  for (const run of runs) {
    const key = keyOf(run.summary);
    sorted.set(key, [...(sorted.get(key) ?? []), run]);
  }
  const groups = sorted.size > 1 ? [...sorted.values()] : runs.map((run) => [run]);
  const names = namesOf(groups.map((own) => countingOf(own)[0]!.summary));
  return groups.map((own, nth) => ({ name: names[nth]!, runs: own }));
}

function keyOf({ run: { profile, policy, features, target } }: Summary): string {
  return JSON.stringify([profile, policy, Object.entries(features).sort(), target]);
}

/** Those that can be trusted; where a build has none of these, all that it has. */
function countingOf<Run extends { readonly summary: Summary }>(runs: readonly Run[]): readonly Run[] {
  const trusted = runs.filter(
    ({ summary: { run, verdict } }) => !run.partial && run.profiler === null && verdict.result !== 'void',
  );
  return trusted.length > 0 ? trusted : runs;
}

function reasonOf({ run, verdict }: Summary): string {
  if (run.partial) return 'broken off';
  return run.profiler === null
    ? `void: ${verdict.reasons.join('; ')}`
    : `profiled with clinic ${run.profiler.tool}`;
}

function laid(build: string, { summary, charts }: RunToLay, measures: readonly ComparedMeasure[]): LaidRun {
  const byPath = <Value>(of: (path: string) => Value) =>
    Object.fromEntries(measures.map(({ path }) => [path, of(path)]));
  return {
    build,
    crowd: summary.run.planDigest,
    result: summary.verdict.result,
    figures: byPath((path) => valueAt(summary, path)),
    within: byPath((path) => withinAt(summary, charts.intervals, path)),
  };
}
