/** `roomrush report`: measures a run folder again, also one whose run was killed; or tells one listener's night. */
import path from 'node:path';
import { Command } from 'commander';
import { EXIT, UsageError } from '../errors.ts';
import {
  readStory,
  renderComparison,
  requireRunFolder,
  storyText,
  summarise,
  terminalTable,
} from '../reports/index.ts';
import { convertLeftover } from '../simulator/bodies/k6/leftover.ts';
import { endWith, verdictCode } from './ending.ts';

type Flags = { readonly out: string; readonly json?: boolean; readonly listener?: string };

export function reportCommand(): Command {
  return new Command('report')
    .description('Measure runs again from their event logs and write their reports.')
    .argument('<runs...>', 'run folders; several are also laid side by side')
    .option('--out <folder>', 'where the comparison of several runs goes', 'runs/comparison')
    .option('--listener <id>', "one listener's whole night instead: their number, or their handle")
    .option('--json', 'summary.json of the runs (or the story) on stdout, everything else on stderr')
    .addHelpText(
      'after',
      `
Examples:
  roomrush report runs/20210204-180000-zuckerberg-guarded-waiting-room-1
  roomrush report runs/A runs/B --out runs/a-and-b
  roomrush report runs/A --listener 812`,
    )
    .action(async (runs: readonly string[], flags: Flags) => {
      for (const run of runs) requireRunFolder(run);
      if (flags.listener !== undefined) {
        await tellStory(runs, flags.listener, flags.json === true);
        return;
      }
      const people = flags.json ? process.stderr : process.stdout;
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

/** A story is no verdict: it ends with 0 whatever became of them. */
async function tellStory(runs: readonly string[], listener: string, json: boolean): Promise<void> {
  if (runs.length !== 1) {
    throw new UsageError(
      'one-story',
      `expected one run for --listener, got ${runs.length}`,
      'a number is somebody else in another run: give one folder',
    );
  }
  const [run] = runs as [string];
  await convertLeftover(run);
  const story = await readStory(run, listener);
  process.stdout.write(json ? `${JSON.stringify(story, null, 2)}\n` : storyText(story));
  endWith(EXIT.ok);
}
