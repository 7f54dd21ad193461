/** `roomrush gate`: has this change made the server worse? The exit code says so to a CI job. */
import { appendFileSync, copyFileSync } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT } from '../errors.ts';
import { KNEE_MINUTES, writeSettings } from '../rehearsal/gate/gate-folder.ts';
import { openSources } from '../rehearsal/gate/gate-sources.ts';
import { measureBaseline } from '../rehearsal/gate/measure-baseline.ts';
import { runGate } from '../rehearsal/gate/run-gate.ts';
import { SURGE_SIZE, type SurgeSize } from '../rehearsal/gate/short-surge.ts';
import { makeRunFolder } from '../rehearsal/run-folder.ts';
import { gateAnnotations } from '../reports/gate/annotations.ts';
import { gateMarkdown } from '../reports/gate/markdown.ts';
import type { GateFile } from '../reports/gate/schema.ts';
import { gateTable } from '../reports/gate/terminal.ts';
import { endWith, stopOnInterrupt } from './ending.ts';
import { gateProgress } from './gate-progress.ts';
import { checkSameTree, type GateFlags, resumedSettings, settingsFrom } from './gate-settings.ts';
import { collect, countFrom1, DEFAULT_SEED, wholeNumber } from './options.ts';
import { type Outputs, outputsOf, QUIET } from './outputs.ts';

export function gateCommand(): Command {
  return new Command('gate')
    .description('Compare a changed server with its base by short surges in turns, for a CI job to stop on.')
    .argument('[night]', 'name of a night, or path to one; with --resume the folder knows it')
    .option('--base <ref or file>', 'what to compare this tree with: a git ref, or a baseline (.json)')
    .option('--base-cmd <command>', 'a server as the base; {port} in it stands for the port to listen on')
    .option('--candidate-cmd <command>', 'a server in place of the one of this tree')
    .option('--write-baseline <file>', 'no comparison: measure this tree, and keep it as a baseline')
    .option('--pairs-max <number>', 'pairs at most; it looks after 6 and 10', countFrom1, 16)
    .option('--tolerance <share>', 'a cost may rise by this share', share, 0.05)
    .option('--detect <share>', 'a rise that must have been visible, or it is void', share, 0.2)
    .option('--judge-wall-clock', 'judge latencies and stalls too: for a machine that nobody else uses')
    .option('--knee', 'judge the knee too: search it on the base, then play both sides a little below it')
    .option(
      '--knee-minutes <number>',
      `time for the search of the knee (default: ${KNEE_MINUTES})`,
      countFrom1,
    )
    .addOption(
      new Option('--ignore <event>', 'show an event or check and do not judge it; may be repeated')
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(
      new Option('--people <inside,to come>', 'size of the surge')
        .argParser(people)
        .default(SURGE_SIZE, `${SURGE_SIZE.incumbents},${SURGE_SIZE.arrivals}`),
    )
    .option(
      '--seed <number>',
      'seed of the first crowd; each pair has the next one',
      wholeNumber,
      DEFAULT_SEED,
    )
    .option('--keep-runs', 'keep the event logs of all runs, not only of those that something is wrong with')
    .option('--out <folder>', 'where gates are kept', 'runs')
    .option('--resume <folder>', 'go on with the gate in this folder; what it measured is kept')
    .option('--junit <file>', 'a copy of the JUnit XML')
    .option('--markdown <file>', 'a copy of the summary in Markdown')
    .option('--json', 'gate.json on stdout, everything else on stderr')
    .option(...QUIET)
    .addHelpText(
      'after',
      `
Both sides meet the same crowds, in the order A B B A, on profile guarded. It judges what is stable on a noisy machine:
CPU, bytes and messages a join, people thrown out or left out, and the checks of the admission control. The chance of a
false alarm is held at 5 % over all looks and measures. docs/guides/gate.md says what each verdict means.

With --knee it goes on where the surges saw no regression: it searches the largest surge of the whole night that the base
holds, and plays both sides at 0.9 of it, six times each. That takes a quarter of an hour or half of one more; where the base has
no knee on this machine the gate is void.

Ends with 0 when no regression was seen and one of --detect would have been, 3 for a regression, 4 when it is void, which
is neither. Where CI is set, a void gate is played once more; in GitHub Actions it annotates and adds to the job's summary.

Examples:
  roomrush gate zuckerberg --base HEAD~1
  roomrush gate zuckerberg --base origin/main --pairs-max 10
  roomrush gate step --base HEAD~1 --knee
  roomrush gate zuckerberg --write-baseline baseline.json
  roomrush gate zuckerberg --base baseline.json
  roomrush gate zuckerberg --base-cmd 'node old.js --port {port}' --candidate-cmd 'node new.js --port {port}'
  roomrush gate --resume runs/20210204-180000-gate-zuckerberg`,
    )
    .action(gate);
}

async function gate(night: string | undefined, flags: GateFlags): Promise<void> {
  const stop = stopOnInterrupt();
  const outputs = outputsOf(flags);
  const say = (text: string): void => {
    outputs.people.write(`${text}\n`);
  };
  const resumed = flags.resume === undefined ? null : resumedSettings(flags.resume, flags);
  const settings = resumed ?? (await settingsFrom(night, flags));
  if (resumed !== null) checkSameTree(resumed, night);
  const sources = await openSources(settings, say);
  try {
    const dir = flags.resume ?? makeRunFolder(flags.out, `gate-${sources.night.id}`, new Date()).dir;
    if (resumed === null) writeSettings(dir, settings);
    const progress = gateProgress(outputs.people, settings.options);
    say(`into ${dir}`);
    if (flags.writeBaseline !== undefined) {
      const runs = settings.options.looks.at(-1)!;
      await measureBaseline({ settings, sources, dir, runs, file: flags.writeBaseline, progress, stop });
      if (!stop.aborted) say(`baseline of ${runs} runs: ${flags.writeBaseline}`);
      return;
    }
    const retryVoid = Boolean(process.env['CI']);
    const file = await runGate({ settings, sources, dir, retryVoid, progress, stop });
    tell(file, dir, flags, outputs);
    if (stop.aborted) say(`go on with: roomrush gate --resume ${dir}`);
    else
      endWith(
        { regression: EXIT.failed, void: EXIT.void, 'no regression seen': EXIT.ok }[file.verdict.result],
      );
  } finally {
    await sources.close();
  }
}

function tell(file: GateFile, dir: string, flags: GateFlags, outputs: Outputs): void {
  if (flags.json) process.stdout.write(`${JSON.stringify(file, null, 2)}\n`);
  const { verdict } = outputs;
  verdict.write(`\n${gateTable(file, verdict)}`);
  outputs.people.write(`\nwritten: ${path.join(dir, 'gate.json')}, summary.md, junit.xml\n`);
  if (flags.junit !== undefined) copyFileSync(path.join(dir, 'junit.xml'), flags.junit);
  if (flags.markdown !== undefined) copyFileSync(path.join(dir, 'summary.md'), flags.markdown);
  if (process.env['GITHUB_ACTIONS'] !== 'true') return;
  // With --json the runner reads stderr as well.
  verdict.write(gateAnnotations(file));
  const jobSummary = process.env['GITHUB_STEP_SUMMARY'];
  if (jobSummary) appendFileSync(jobSummary, gateMarkdown(file));
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 10)) throw new InvalidArgumentError('Expected a share such as 0.05 for 5 %.');
  return value;
}

function people(text: string): SurgeSize {
  const [incumbents, arrivals, ...rest] = text.split(',').map(Number);
  const isCount = (count: number | undefined) => Number.isInteger(count) && count! >= 1 && count! <= 5_000;
  if (!isCount(incumbents) || !isCount(arrivals) || rest.length > 0) {
    throw new InvalidArgumentError('Expected two whole numbers from 1 to 5000, such as 100,500.');
  }
  return { incumbents: incumbents!, arrivals: arrivals! };
}
