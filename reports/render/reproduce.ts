/** The commands that play a report's nights again. */
import { LIBRARY } from '../../scenarios/index.ts';
import { type RunToShow, switchedFeatures } from './run-to-show.ts';

export function reproduceCommands(runs: readonly RunToShow[]): string[] {
  const [first, ...others] = runs;
  if (first === undefined) return [];
  const sameNight = others.every(({ summary: { run } }) => nightFlags(run) === nightFlags(first.summary.run));
  const plain = runs.every(
    ({ summary: { run } }) =>
      run.target === null && run.profiler === null && switchedFeatures(run).length === 0,
  );
  const profiles = runs.map(({ summary }) => summary.run.profile);
  if (runs.length > 1 && sameNight && plain && new Set(profiles).size === profiles.length) {
    const { run } = first.summary;
    return [`npx roomrush compare ${nightName(run)} --profiles ${profiles.join(',')}${nightFlags(run)}`];
  }
  return runs.map(({ summary: { run } }) => {
    const features = switchedFeatures(run).map((feature) => ` --feature ${feature}`);
    const build =
      run.target === null
        ? ` --profile ${run.profile} --policy ${run.policy}${features.join('')}`
        : ` --target ${run.target}`;
    const profiler = run.profiler === null ? '' : ` --clinic ${run.profiler.tool}`;
    return `npx roomrush run ${nightName(run)}${build}${nightFlags(run)}${profiler}`;
  });
}

type Run = RunToShow['summary']['run'];

function isOurs({ scenario }: Run): boolean {
  return Object.hasOwn(LIBRARY, scenario);
}

/** A night of somebody else's file lies in the run's folder, already at its size. */
export function nightName(run: Run): string {
  return isOurs(run) ? run.scenario : './scenario.json';
}

function nightFlags(run: Run): string {
  const size = isOurs(run)
    ? ` --scale ${run.scale} --time-scale ${run.timeScale}`
    : ' --scale 1 --time-scale 1';
  const faults = run.faults.map(
    ({ kind, atMs, share }) => ` --fault ${kind}${share === null ? '' : `=${share}`}@${atMs}ms`,
  );
  return ` --seed ${run.seed}${size}${bodiesFlag(run)}${faults.join('')}`;
}

/** `--bodies` gives everybody the same shares; a night's own are left to the night. */
function bodiesFlag({ bodies }: Run): string {
  const { incumbents, arrivals } = bodies;
  if (incumbents.signal !== arrivals.signal) return '';
  const shares = Object.entries(arrivals).filter(([, share]) => (share ?? 0) > 0);
  return ` --bodies ${shares.map(([name, share]) => `${name}=${share}`).join(',')}`;
}
