/** `roomrush compare`: the same crowd on several builds, side by side. */
import path from 'node:path';
import { Command } from 'commander';
import { EXIT } from '../errors.ts';
import { runComparison } from '../rehearsal/compare.ts';
import { prepareNight } from '../rehearsal/prepare.ts';
import { buildName } from '../rehearsal/run.ts';
import { makeRunFolder } from '../rehearsal/run-folder.ts';
import { terminalTable } from '../reports/index.ts';
import { findScenario } from '../scenarios/index.ts';
import { endWith, stopOnInterrupt } from './ending.ts';
import { list, type NightFlags, withNightOptions } from './options.ts';
import { printProgress } from './progress.ts';
import { settleSize } from './sizing.ts';

type CompareFlags = NightFlags & {
  readonly profiles: readonly string[];
  readonly policies?: readonly string[];
};

export function compareCommand(): Command {
  const command = new Command('compare')
    .description('Play one night on several builds with the same crowd, and write the comparison.')
    .argument('<night>', 'name of a night (roomrush scenarios list) or path to a .json or .ts file')
    .option('--profiles <names>', 'profiles, separated by commas', list, ['clubhouse-2021', 'guarded'])
    .option(
      '--policies <names>',
      'admission policies to play on each profile in place of its own, separated by commas',
      list,
    );
  return withNightOptions(command)
    .addHelpText(
      'after',
      `
Ends with 0 when every run was measured and none is void: what the runs found is a result, not an error.

Examples:
  roomrush compare zuckerberg
  roomrush compare zuckerberg --profiles clubhouse-2021 --policies cap-soft,waiting-room --seed 7`,
    )
    .action(compare);
}

async function compare(night: string, flags: CompareFlags): Promise<void> {
  const people = flags.json ? process.stderr : process.stdout;
  const stop = stopOnInterrupt();
  const scenario = await findScenario(night);
  const requests = flags.profiles.flatMap((profile) =>
    (flags.policies ?? [undefined]).map((policy) => ({
      scenario,
      seed: flags.seed,
      profile,
      policy,
      features: flags.feature ?? [],
      bodies: flags.bodies ?? null,
      target: null,
      port: 0,
      faults: flags.fault ?? [],
    })),
  );
  for (const request of requests)
    prepareNight({ ...request, scale: flags.scale ?? 1, timeScale: flags.timeScale ?? 1 });
  const size = await settleSize(scenario, flags, people, stop);
  const prepared = requests.map((request) =>
    prepareNight({ ...request, scale: size.scale, timeScale: size.timeScale }),
  );
  const folder = makeRunFolder(flags.out, `compare-${scenario.id}`, new Date());
  people.write(
    `${prepared[0]!.plan.size} people, plan ${prepared[0]!.plan.digest.slice(0, 16)}, into ${folder.dir}\n`,
  );
  const comparison = await runComparison(
    prepared,
    folder.dir,
    size.preflight,
    (one) => printProgress(people, buildName(one)),
    stop,
  );
  if (flags.json) process.stdout.write(`${JSON.stringify(comparison.summaries, null, 2)}\n`);
  people.write(terminalTable(comparison.summaries));
  for (const remark of comparison.remarks) people.write(`${remark}\n`);
  people.write(`report: ${path.join(folder.dir, 'report.html')}\n`);
  if (comparison.summaries.some((summary) => summary.verdict.result === 'void')) endWith(EXIT.void);
  if (stop.aborted) endWith(EXIT.interrupted);
}
