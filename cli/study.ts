/**
 * `npm run study`: which admission policy for which night? Plays the study into `runs/study` and, when it is whole and
 * nothing was changed for a quick try, writes its data and page into `docs/study`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { EXIT } from '../errors.ts';
import { runStudy, STUDY_NIGHTS, STUDY_POLICIES } from '../rehearsal/study.ts';
import { comparedIn, type Study } from '../reports/comparison/study.ts';
import { withStudy } from '../reports/comparison/study-page.ts';
import { policiesTable } from '../reports/index.ts';
import { compareProgress } from './compare-progress.ts';
import { endWith, failWith, stopOnInterrupt } from './ending.ts';
import { countFrom1, DEFAULT_SEED, positive, wholeNumber } from './options.ts';
import { surviveClosedPipes } from './outputs.ts';

type StudyFlags = {
  readonly seed: number;
  readonly seeds: number;
  readonly scale?: number;
  readonly timeScale?: number;
  readonly out?: string;
};

const SEEDS = 6;
const DOCS = fileURLToPath(new URL('../docs/study/', import.meta.url));

async function study(flags: StudyFlags): Promise<void> {
  const stop = stopOnInterrupt();
  const isTry =
    flags.scale !== undefined ||
    flags.timeScale !== undefined ||
    flags.seeds !== SEEDS ||
    flags.seed !== DEFAULT_SEED;
  const dir = flags.out ?? (isTry ? 'runs/study-try' : 'runs/study');
  mkdirSync(dir, { recursive: true });
  const { study, complete } = await runStudy({
    nights: STUDY_NIGHTS,
    policies: STUDY_POLICIES,
    seed: flags.seed,
    seeds: flags.seeds,
    scale: flags.scale ?? null,
    timeScale: flags.timeScale ?? null,
    ...{ dir, stop },
    progress: compareProgress(process.stdout),
  });
  if (stop.aborted) endWith(EXIT.interrupted);
  if (study === null) return;
  for (const night of study.nights) {
    const compared = comparedIn(night);
    process.stdout.write(`\n${night.title}, bound by ${night.bound}\n${policiesTable(compared)}`);
    if (compared.runs.leftOut.length > 0) endWith(EXIT.void);
  }
  write(dir, study);
  if (complete && !isTry) write(DOCS, study);
  else if (!complete) process.stdout.write('not whole yet: npm run study goes on with it\n');
}

function write(dir: string, study: Study): void {
  mkdirSync(dir, { recursive: true });
  const page = path.join(dir, 'README.md');
  writeFileSync(path.join(dir, 'study.json'), `${JSON.stringify(study, null, 1)}\n`);
  writeFileSync(page, withStudy(existsSync(page) ? readFileSync(page, 'utf8') : '# A study\n', study));
  process.stdout.write(`written: ${page}\n`);
}

surviveClosedPipes();
try {
  await new Command('npm run study --')
    .description(
      'Compare admission policies on two nights, and write docs/study. Goes on where it was broken off.',
    )
    .option('--seed <number>', 'seed of the first crowd', wholeNumber, DEFAULT_SEED)
    .option('--seeds <number>', 'how many crowds; fewer than 6 carry no interval', countFrom1, SEEDS)
    .option('--scale <factor>', "people and seats, in place of each night's own in the study", positive)
    .option('--time-scale <factor>', 'every time of the nights, in place of their own', positive)
    .option('--out <folder>', 'where the runs lie (default: runs/study, for a try runs/study-try)')
    .addHelpText(
      'after',
      `
With any of these changed but --out it is a try: its page goes into the folder of its runs, not into docs/study.

Examples:
  npm run study
  npm run study -- --seeds 1 --time-scale 0.1 --scale 0.2`,
    )
    .action(study)
    .exitOverride()
    .parseAsync();
} catch (error) {
  // Commander has already printed its own errors and the help.
  if (error instanceof CommanderError) endWith(error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse);
  else failWith(error);
}
