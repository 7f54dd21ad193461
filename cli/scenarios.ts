/** `roomrush scenarios`: the nights that there are, one of them in full, and whether a file is a valid one. */
import { Command } from 'commander';
import { checkPolicies } from '../rehearsal/build.ts';
import { checkObjectives } from '../reports/index.ts';
import { findScenario, LIBRARY } from '../scenarios/index.ts';
import { listedNight, shownNight } from './scenario-text.ts';

export function scenariosCommand(): Command {
  const command = new Command('scenarios').description('List, show or check nights.');
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
  return command;
}
