/**
 * `roomrush report`: measures a run folder again, also one whose run was killed; lays several side by side, tells one
 * listener's night, or lists a folder of runs.
 */
import path from 'node:path';
import { Command } from 'commander';
import { EXIT, UsageError } from '../errors.ts';
import {
  differencesTable,
  readStory,
  renderComparison,
  requireRunFolder,
  storyText,
  summarise,
  terminalTable,
} from '../reports/index.ts';
import { writeIndex } from '../reports/listing/write-index.ts';
import { listTable } from '../reports/render/list-terminal.ts';
import { requireChromium, writePdf } from '../reports/render/pdf.ts';
import { namesOf } from '../reports/render/run-to-show.ts';
import type { Summary } from '../reports/summary.ts';
import { readSetup } from '../setup/paths.ts';
import { convertLeftover } from '../simulator/bodies/k6/leftover.ts';
import { endWith, verdictCode } from './ending.ts';

type Flags = {
  readonly out?: string;
  readonly listener?: string;
  /** True: the folder was not named. */
  readonly list?: string | true;
  readonly pdf?: boolean;
  readonly json?: boolean;
};

export function reportCommand(): Command {
  return new Command('report')
    .description(
      'Measure runs again from their event logs and write their reports, or list a folder of runs.',
    )
    .argument('[runs...]', 'run folders; several are also laid side by side, the others against the first')
    .option('--out <folder>', 'where the comparison of several runs goes (default: runs/comparison)')
    .option('--listener <id>', "one listener's whole night instead: their number, or their handle")
    .option('--pdf', 'print the report too: report.pdf beside report.html (needs Chromium)')
    .option('--list [folder]', 'write index.html about all that lies in a folder instead (default: runs)')
    .option('--json', 'summary.json of the runs (or story, or list) on stdout, everything else on stderr')
    .addHelpText(
      'after',
      `
Runs that differ in more than their build are shown side by side all the same, and named as not like for like. Six runs
or more of each of two builds are compared across nights, with intervals; fewer only by the intervals within each run.

Examples:
  roomrush report runs/20210204-180000-zuckerberg-guarded-waiting-room-1
  roomrush report runs/A runs/B --out runs/a-and-b --pdf
  roomrush report runs/A --listener 812
  roomrush report --list`,
    )
    .action(report);
}

async function report(runs: readonly string[], flags: Flags): Promise<void> {
  checkFlags(runs, flags);
  if (flags.list !== undefined) {
    listRuns(flags.list === true ? 'runs' : flags.list, flags.json === true);
    return;
  }
  for (const run of runs) requireRunFolder(run);
  if (flags.listener !== undefined) {
    await tellStory(runs, flags.listener, flags.json === true);
    return;
  }
  // Known before minutes are spent on measuring.
  const chromium = flags.pdf ? requireChromium(readSetup().chromium) : null;
  const people = flags.json ? process.stderr : process.stdout;
  const summaries: Summary[] = [];
  for (const run of runs) {
    await convertLeftover(run);
    summaries.push(await summarise(run));
  }
  people.write(terminalTable(summaries, people));
  const dir = runs.length > 1 ? (flags.out ?? path.join('runs', 'comparison')) : runs[0]!;
  if (runs.length > 1) {
    const { builds } = await renderComparison(dir, runs);
    people.write(differencesTable(builds, people));
  }
  people.write(`report: ${path.join(dir, 'report.html')}\n`);
  if (chromium !== null) {
    const pdf = path.join(dir, 'report.pdf');
    await writePdf({ report: path.join(dir, 'report.html'), pdf, name: nameOf(summaries), chromium });
    people.write(`pdf: ${pdf}\n`);
  }
  if (flags.json)
    process.stdout.write(`${JSON.stringify(runs.length === 1 ? summaries[0] : summaries, null, 2)}\n`);
  endWith(EXIT.ok);
  for (const summary of summaries) endWith(verdictCode(summary));
}

/** @throws UsageError when what was asked for contradicts itself. */
function checkFlags(runs: readonly string[], { list, listener, pdf, out }: Flags): void {
  if (list !== undefined) {
    const others = [
      runs.length > 0 ? 'folders of runs' : null,
      listener === undefined ? null : '--listener',
      pdf ? '--pdf' : null,
      out === undefined ? null : '--out',
    ].filter((other) => other !== null);
    if (others.length === 0) return;
    throw new UsageError(
      'list-alone',
      `expected --list by itself or with --json, got it with ${others.join(', ')}`,
      'a list is about one folder: roomrush report --list runs',
    );
  }
  if (runs.length === 0) {
    throw new UsageError(
      'no-runs',
      'expected the folder of a run, got none',
      'roomrush report --list says which there are',
    );
  }
  if (listener !== undefined && pdf) {
    throw new UsageError(
      'story-not-printed',
      "expected --listener or --pdf, got both: one listener's night is told on the terminal",
      'leave out one of them',
    );
  }
}

/** A list is no verdict: it ends with 0 whatever lies in the folder. */
function listRuns(root: string, json: boolean): void {
  const { listing, file } = writeIndex(root);
  const people = json ? process.stderr : process.stdout;
  if (json) {
    const list = { schema: 'roomrush/list@1', folder: root, ...listing };
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
  } else people.write(listTable(root, listing, people));
  people.write(`list: ${file}\n`);
  endWith(EXIT.ok);
}

/** What stands at the foot of each printed page. */
function nameOf(summaries: readonly Summary[]): string {
  const [first, ...others] = summaries;
  if (others.length === 0) return first!.run.id;
  return `${first!.run.title}: ${namesOf(summaries).join(', ')}`;
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
