/** `npm run gate:power`: how often is the gate wrong? Plays base and injected regressions, or analyses what was played. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { EXIT, UsageError } from '../errors.ts';
import { INJECTED, playPowerRuns, RUNS_A_BLOCK, readPowerRuns } from '../rehearsal/gate/power-runs.ts';
import { shortSurge } from '../rehearsal/gate/short-surge.ts';
import { machineLine } from '../rehearsal/machine.ts';
import { gateOptions } from '../reports/gate/options.ts';
import { analysePower } from '../reports/gate/power.ts';
import { powerMarkdown } from '../reports/gate/power-page.ts';
import { findScenario } from '../scenarios/index.ts';
import { endWith, failWith, stopOnInterrupt } from './ending.ts';
import { countFrom1, DEFAULT_SEED, wholeNumber } from './options.ts';

/** What anybody can analyse again, without playing anything. */
const STORED = { runs: 'docs/gate-power/runs.jsonl', machine: 'docs/gate-power/machine.txt' };
const PAGE = 'docs/gate-power.md';
const BLOCKS = 30;

type PowerFlags = {
  readonly blocks: number;
  readonly comparisons: number;
  readonly seed: number;
  readonly out: string;
  readonly analyse?: boolean;
};

function say(text: string): void {
  process.stderr.write(`gate:power: ${text}\n`);
}

async function power(flags: PowerFlags): Promise<void> {
  if (!flags.analyse) {
    const stop = stopOnInterrupt();
    const surge = shortSurge(await findScenario('zuckerberg'));
    await playPowerRuns({ surge, dir: flags.out, blocks: flags.blocks, seed: flags.seed, stop, say });
    if (stop.aborted) {
      say('the same command goes on with what was played');
      return;
    }
    mkdirSync(path.dirname(STORED.runs), { recursive: true });
    copyFileSync(path.join(flags.out, 'runs.jsonl'), STORED.runs);
    writeFileSync(STORED.machine, `${machineLine()}\n`);
  }
  if (!existsSync(STORED.runs)) {
    throw new UsageError(
      'no-stored-runs',
      `expected runs in ${STORED.runs}, and there are none`,
      'npm run gate:power plays them',
    );
  }
  const runs = readPowerRuns(STORED.runs);
  const analysis = analysePower(runs, gateOptions(), { comparisons: flags.comparisons, seed: flags.seed });
  const page = powerMarkdown(analysis, {
    machine: readFileSync(STORED.machine, 'utf8').trim(),
    commands: [
      'npm run gate:power',
      'npm run gate:power -- --analyse   # the stored runs again, without playing any',
    ],
    regressions: INJECTED,
  });
  writeFileSync(PAGE, `${page.trimEnd()}\n`);
  process.stdout.write(`${page}\n`);
  say(`written: ${PAGE}`);
}

try {
  await new Command('npm run gate:power --')
    .description(
      `Measure how often the gate is wrong: blocks of ${RUNS_A_BLOCK} short surges (the base twice, each injected regression once) are\nplayed, and paired anew into whole gates. About 90 s a block; what was played is not played again.`,
    )
    .option('--blocks <number>', 'blocks to play', countFrom1, BLOCKS)
    .option('--comparisons <number>', 'gates drawn for each regression', countFrom1, 200)
    .option('--seed <number>', 'seed of the first crowd, and of the drawing', wholeNumber, DEFAULT_SEED)
    .option('--out <folder>', 'where runs are kept', 'runs/gate-power')
    .option('--analyse', `only analyse the runs in ${STORED.runs}`)
    .exitOverride()
    .action(power)
    .parseAsync();
} catch (error) {
  if (error instanceof CommanderError) endWith(error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse);
  else failWith(error);
}
