/** `roomrush compare`: the same crowds on several builds or policies, side by side. */
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { EXIT, UsageError } from '../errors.ts';
import { type CompareProgress, runComparison } from '../rehearsal/compare.ts';
import { compareParts, readFeatures, seedsFrom } from '../rehearsal/compare-parts.ts';
import { sizeOfRuns } from '../rehearsal/finished-run.ts';
import { prepareNight } from '../rehearsal/prepare.ts';
import { makeRunFolder } from '../rehearsal/run-folder.ts';
import { differencesTable, policiesTable, terminalTable } from '../reports/index.ts';
import { findScenario } from '../scenarios/index.ts';
import { compareProgress } from './compare-progress.ts';
import { endWith, stopOnInterrupt, whereReportIs } from './ending.ts';
import { type LiveFlags, withLive, withLiveNightOptions } from './live.ts';
import { countFrom1, list, type NightFlags, withNightOptions } from './options.ts';
import { outputsOf } from './outputs.ts';
import { settleSize } from './sizing.ts';

type CompareFlags = NightFlags &
  LiveFlags & {
    readonly profiles?: readonly string[];
    readonly policies?: readonly string[];
    readonly seeds?: number;
    readonly features?: string;
    readonly resume?: string;
  };

/** Fewer pairs carry no interval. */
const SEEDS_OF_POLICIES = 6;

export function compareCommand(): Command {
  const command = new Command('compare')
    .description(
      'Play one night on several builds or policies with the same crowds, and write the comparison.',
    )
    .argument('<night>', 'name of a night (roomrush scenarios list) or path to a .json or .ts file')
    .option(
      '--profiles <names>',
      'profiles, separated by commas (default: clubhouse-2021,guarded; with --policies guarded alone)',
      list,
    )
    .option(
      '--policies <names>',
      'admission policies to compare, separated by commas; the first is what the others are compared with',
      list,
    )
    .option(
      '--seeds <number>',
      'how many crowds, from --seed on (default: 1; with --policies 6); fewer than 6 carry no interval',
      countFrom1,
    )
    .option(
      '--features <features>',
      "name=value,name=value for all runs, or a profile's name: its features other than admission",
    )
    .option('--resume <folder>', 'go on with the comparison in this folder; what it measured is kept');
  return withLiveNightOptions(withNightOptions(command))
    .addHelpText(
      'after',
      `
Policies are compared pair by pair on the same seeds, in an order that rotates. The night is also played once under
the policy open: where open passes, the night asks nothing of an admission control, and no policy is ranked by it.
A void run is played again once at the end; if it is void again, its pair is left out, and that is said.
With --json: the runs' summaries, or comparison.json where policies are compared.

Ends with 0 when every run was measured and none is void: what the runs found is a result, not an error.

Examples:
  roomrush compare zuckerberg
  roomrush compare zuckerberg --policies cap-soft,cap,waiting-room --features clubhouse-2021
  roomrush compare media-bound --policies open,cap,adaptive --seeds 6 --time-scale 0.5
  roomrush compare zuckerberg --policies cap,waiting-room --resume runs/20210204-180000-compare-zuckerberg`,
    )
    .action(compare);
}

async function compare(night: string, flags: CompareFlags): Promise<void> {
  const { people, verdict } = outputsOf(flags);
  const stop = stopOnInterrupt();
  const scenario = await findScenario(night);
  const { policies = null } = flags;
  const profiles = flags.profiles ?? (policies === null ? ['clubhouse-2021', 'guarded'] : ['guarded']);
  const seeds = seedsFrom(flags.seed, flags.seeds ?? (policies === null ? 1 : SEEDS_OF_POLICIES));
  const features = [
    ...(flags.features === undefined ? [] : readFeatures(flags.features)),
    ...(flags.feature ?? []),
  ];
  const partsAt = (scale: number, timeScale: number) =>
    compareParts(
      {
        scenario,
        scale,
        timeScale,
        features,
        bodies: flags.bodies ?? null,
        target: null,
        port: 0,
        faults: flags.fault ?? [],
      },
      profiles,
      policies,
      seeds,
    );
  // Everything that can be refused is refused before preflight spends seconds.
  const requested = partsAt(flags.scale ?? 1, flags.timeScale ?? 1);
  for (const { place, request } of requested.parts) if (place.seed === flags.seed) prepareNight(request);
  const resumed = resumedSize(flags);
  await withLive(flags, [], people, stop, async (live) => {
    const size = await settleSize(scenario, { ...flags, ...resumed }, people, stop);
    const { parts, plan } = partsAt(size.scale, size.timeScale);
    const dir = flags.resume ?? makeRunFolder(flags.out, `compare-${scenario.id}`, new Date()).dir;
    const first = prepareNight(parts[0]!.request).plan;
    people.write(`${first.size} people, plan ${first.digest.slice(0, 16)}, into ${dir}\n`);
    const printed = compareProgress(people);
    const begins: CompareProgress['begins'] = (...run) => {
      const observe = printed.begins(...run);
      return live?.beside(observe) ?? observe;
    };
    const comparison = await runComparison({
      ...{ parts, dir, plan, stop, preflight: size.preflight },
      progress: { ...printed, begins },
    });
    if (stop.aborted) endWith(EXIT.interrupted);
    const compared = comparison.file?.policies ?? null;
    const summaries = comparison.runs.map(({ summary }) => summary);
    if (flags.json) {
      const output = compared === null ? summaries : comparison.file;
      process.stdout.write(`${JSON.stringify(output, null, 2)}\n`);
    }
    if (comparison.file === null) return null;
    verdict.write(compared === null ? terminalTable(summaries, verdict) : policiesTable(compared, verdict));
    verdict.write(differencesTable(comparison.file.builds, verdict));
    for (const remark of comparison.remarks) people.write(`${remark}\n`);
    people.write(whereReportIs(dir));
    const isVoid =
      compared === null
        ? summaries.some((summary) => summary.verdict.result === 'void')
        : compared.runs.leftOut.length > 0;
    if (isVoid) endWith(EXIT.void);
    return dir;
  });
}

/** What was measured at one size is not gone on with at another, unless the user says so. */
function resumedSize(flags: CompareFlags): { readonly scale?: number; readonly timeScale?: number } {
  if (flags.resume === undefined) return {};
  if (!existsSync(flags.resume)) {
    throw new UsageError(
      'no-comparison',
      `expected the folder of a comparison, but there is no ${flags.resume}`,
      'comparisons lie in runs/',
    );
  }
  const before = sizeOfRuns(flags.resume);
  if (before === null) return {};
  return { scale: flags.scale ?? before.scale, timeScale: flags.timeScale ?? before.timeScale };
}
