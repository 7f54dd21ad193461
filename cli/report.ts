/** `roomrush report`: measures a run folder again; also one whose run was killed. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { EXIT, UsageError } from '../errors.ts';
import { renderComparison, summarise, terminalTable } from '../reports/index.ts';
import { convertLeftover } from '../simulator/bodies/k6/leftover.ts';
import { endWith, verdictCode } from './ending.ts';

export function reportCommand(): Command {
  return new Command('report')
    .description('Measure runs again from their event logs and write their reports.')
    .argument('<runs...>', 'run folders; several are also laid side by side')
    .option('--out <folder>', 'where the comparison of several runs goes', 'runs/comparison')
    .option('--json', 'summary.json of the runs on stdout, everything else on stderr')
    .addHelpText(
      'after',
      `
Examples:
  roomrush report runs/20210204-180000-zuckerberg-guarded-waiting-room-1
  roomrush report runs/A runs/B --out runs/a-and-b`,
    )
    .action(async (runs: readonly string[], flags: { readonly out: string; readonly json?: boolean }) => {
      const people = flags.json ? process.stderr : process.stdout;
      for (const run of runs) {
        if (!existsSync(path.join(run, 'run.json'))) {
          throw new UsageError(
            'no-run',
            `expected a run folder, but there is no run.json in ${run}`,
            'runs lie in runs/',
          );
        }
      }
      const summaries = [];
      for (const run of runs) {
        await convertLeftover(run);
        summaries.push(await summarise(run));
      }
      people.write(terminalTable(summaries));
      if (runs.length > 1) {
        await renderComparison(flags.out, runs);
        people.write(`report: ${path.join(flags.out, 'report.html')}\n`);
      } else {
        people.write(`report: ${path.join(runs[0]!, 'report.html')}\n`);
      }
      if (flags.json)
        process.stdout.write(`${JSON.stringify(runs.length === 1 ? summaries[0] : summaries, null, 2)}\n`);
      endWith(EXIT.ok);
      for (const summary of summaries) endWith(verdictCode(summary));
    });
}
