/** `roomrush scenarios`: the nights that there are, one of them in full, and whether a file is a valid one. */
import { Command } from 'commander';
import { checkPolicies } from '../rehearsal/build.ts';
import { writeK6Night } from '../rehearsal/k6-night.ts';
import { parseTarget } from '../rehearsal/target.ts';
import { checkObjectives } from '../reports/index.ts';
import { findScenario, LIBRARY } from '../scenarios/index.ts';
import { DEFAULT_SEED, positive, wholeNumber } from './options.ts';
import { listedNight, shownNight } from './scenario-text.ts';

type PlanFlags = {
  readonly out: string;
  readonly target: string;
  readonly scale: number;
  readonly timeScale: number;
  readonly seed: number;
};

export function scenariosCommand(): Command {
  const command = new Command('scenarios').description('List, show or check nights, or write one for k6.');
  command
    .command('list')
    .description('The nights that come with roomrush, each in a sentence.')
    .option('--json', 'as JSON')
    .action(async (flags: { readonly json?: boolean }) => {
      const nights = await Promise.all(Object.keys(LIBRARY).map(findScenario));
      process.stdout.write(
        flags.json
          ? `${JSON.stringify(
              nights.map(({ id, title, story }) => ({ id, title, story })),
              null,
              2,
            )}\n`
          : nights.map((night) => `${listedNight(night)}\n`).join(''),
      );
    });
  command
    .command('show')
    .description('One night: its arrival curve, and each parameter with where it comes from.')
    .argument('<night>', 'name or path')
    .option('--json', 'as JSON, every default written out: a night of your own can start from it')
    .action(async (name: string, flags: { readonly json?: boolean }) => {
      const night = await findScenario(name);
      process.stdout.write(flags.json ? `${JSON.stringify(night, null, 2)}\n` : shownNight(night));
    });
  command
    .command('check')
    .description(
      'Whether a night is valid, its objectives and policies too; every problem, each with its path.',
    )
    .argument('<night>', 'name or path')
    .action(async (name: string) => {
      const night = await findScenario(name);
      checkObjectives(night);
      checkPolicies(night);
      process.stdout.write(`${name}: a valid night (${night.id})\n`);
    });
  command
    .command('plan')
    .description('Write a night as k6 reads it: rules, thresholds and a line a person.')
    .argument('<night>', 'name or path')
    .requiredOption('--out <file>', 'where it goes')
    .option('--target <ws://...>', 'where the server listens', 'ws://127.0.0.1:7600/signal')
    .option('--scale <factor>', 'people and seats, as a factor', positive, 1)
    .option('--time-scale <factor>', 'every time of the night, as a factor', positive, 1)
    .option('--seed <number>', 'seed of the crowd plan', wholeNumber, DEFAULT_SEED)
    .addHelpText(
      'after',
      `
Example:
  roomrush scenarios plan zuckerberg --scale 0.1 --out runs/small.jsonl
  k6 run -e NIGHT=runs/small.jsonl scenarios/k6/surge.ts`,
    )
    .action(async (name: string, flags: PlanFlags) => {
      const night = await findScenario(name);
      const people = writeK6Night(flags.out, night, { ...flags, target: parseTarget(flags.target) });
      process.stdout.write(`${flags.out}: ${people} people, for k6 run scenarios/k6/surge.ts\n`);
    });
  return command;
}
