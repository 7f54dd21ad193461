/** What a report knows of one run, and how it calls it. */
import type { Scenario } from '../../scenarios/schema.ts';
import { PROFILES } from '../../server/profiles/features.ts';
import { featuresOfParts, POLICIES, type PolicyName, policyNamed } from '../../server/profiles/policies.ts';
import { type CapacityBeside, capacityBeside } from '../capacity/beside.ts';
import { type Charts, readCharts } from '../charts.ts';
import { measureAgain, readOwn } from '../store/run-folder.ts';
import { type RunRecord, readRunRecord } from '../store/run-record.ts';
import { readScenario } from '../store/run-scenario.ts';
import { type Summary, summarySchema } from '../summary.ts';
import { clinicPageOf } from './clinic.ts';
import { readScreens, type Screen } from './screens.ts';

export type RunToShow = {
  /** Short, and different from the other runs of the report. */
  readonly name: string;
  readonly summary: Summary;
  readonly charts: Charts;
  readonly scenario: Scenario;
  readonly record: RunRecord;
  /** What the run's browsers saw. */
  readonly screens: readonly Screen[];
  /** Address of clinic's page, where the run was profiled; null: there is none. */
  readonly clinicPage: string | null;
  /** The newest search for the knee of the same night and build that lies beside the run; null: there is none. */
  readonly capacity: CapacityBeside | null;
};

/**
 * Reads measured runs and names them: by profile where that is enough, else with what sets them apart.
 *
 * @param reportDir where the report about them will lie.
 */
export function readRuns(runDirs: readonly string[], reportDir: string): RunToShow[] {
  const runs = runDirs.map((runDir) => ({
    summary: readSummary(runDir),
    charts: readCharts(runDir),
    scenario: readScenario(runDir),
    record: readRunRecord(runDir),
    screens: readScreens(runDir, reportDir, runDirs.length),
  }));
  const names = namesOf(runs.map(({ summary }) => summary));
  return runs.map((run, nth) => ({
    ...run,
    name: names[nth]!,
    clinicPage: clinicPageOf(runDirs[nth]!, reportDir, run.summary),
    capacity: capacityBeside(runDirs[nth]!, run.summary.run),
  }));
}

/**
 * The summary of a measured run.
 *
 * @throws UsageError when it is missing, half of one, or another version's.
 */
export function readSummary(runDir: string): Summary {
  return readOwn(
    runDir,
    'summary.json',
    summarySchema,
    "a run's summary",
    `make it again: ${measureAgain(runDir)}`,
  );
}

/** Names of runs that stand beside each other. One that was profiled is marked wherever it is named. */
export function namesOf(summaries: readonly Summary[]): string[] {
  const marks = summaries.map(({ run }) => (run.profiler === null ? '' : ' (profiled)'));
  return differentNames(summaries).map((name, nth) => `${name}${marks[nth]}`);
}

function differentNames(summaries: readonly Summary[]): string[] {
  const ways: readonly ((summary: Summary) => string)[] = [
    ({ run }) => (run.target === null ? run.profile : 'target'),
    ({ run }) => `${run.profile}, ${run.policy}`,
    ({ run }) => [run.profile, run.policy, ...switchedFeatures(run)].join(', '),
    ({ run }) => [run.profile, run.policy, ...switchedFeatures(run), `seed ${run.seed}`].join(', '),
    ({ run }) => run.id,
  ];
  for (const name of ways) {
    const names = summaries.map(name);
    const plain = summaries.every(({ run }) => switchedFeatures(run).length === 0);
    if (new Set(names).size === names.length && (plain || name !== ways[0])) return names;
  }
  return summaries.map(({ run }, nth) => `${run.id} (${nth + 1})`);
}

/**
 * Features that differ from what profile and policy say, as `--feature` takes them. What a night's own policy is made
 * of stands in the night, so its admission features are none that were switched.
 */
export function switchedFeatures(run: Pick<Summary['run'], 'profile' | 'policy' | 'features'>): string[] {
  const profile: Readonly<Record<string, string>> =
    run.profile in PROFILES ? PROFILES[run.profile as keyof typeof PROFILES] : {};
  const ours = Object.hasOwn(POLICIES, run.policy);
  const policy: Readonly<Record<string, string>> = ours
    ? featuresOfParts(policyNamed(run.policy as PolicyName).parts)
    : {};
  const expected = { ...profile, ...policy };
  const ofPolicy = new Set(Object.keys(featuresOfParts([])));
  return Object.entries(run.features)
    .filter(([name, value]) => name in expected && expected[name] !== value && (ours || !ofPolicy.has(name)))
    .map(([name, value]) => `${name}=${value}`);
}

/** How the server of a run was built, in a few words. */
export function buildText(run: Pick<Summary['run'], 'profile' | 'policy' | 'features' | 'target'>): string {
  if (run.target !== null) return `target ${run.target}`;
  return [run.profile, run.policy, ...switchedFeatures(run)].join(', ');
}
