/** `roomrush scenarios`: the nights that there are, one of them in full, and whether a file is a valid one. */
import { Command } from 'commander';
import { findScenario, LIBRARY } from '../scenarios/index.ts';
import { nightTimes } from '../scenarios/schema.ts';

export function scenariosCommand(): Command {
  const command = new Command('scenarios').description('List, show or check nights.');
  command
    .command('list')
    .description('The nights that come with roomrush.')
    .option('--json', 'as JSON')
    .action(async (flags: { readonly json?: boolean }) => {
      const nights = await Promise.all(Object.keys(LIBRARY).map(findScenario));
      if (flags.json) {
        process.stdout.write(
          `${JSON.stringify(
            nights.map(({ id, title, story }) => ({ id, title, story })),
            null,
            2,
          )}\n`,
        );
        return;
      }
      for (const night of nights)
        process.stdout.write(`${night.id.padEnd(14)}${night.title}\n${' '.repeat(14)}${night.story}\n`);
    });
  command
    .command('show')
    .description('One night with every default written out and where each parameter comes from.')
    .argument('<night>', 'name or path')
    .option('--json', 'as JSON: a night of your own can start from it')
    .action(async (name: string, flags: { readonly json?: boolean }) => {
      const night = await findScenario(name);
      if (flags.json) {
        process.stdout.write(`${JSON.stringify(night, null, 2)}\n`);
        return;
      }
      const times = nightTimes(night);
      const arrivals = night.waves.reduce((sum, wave) => sum + wave.count, 0);
      process.stdout.write(
        `${night.title}\n\n${night.story}\n\n` +
          `${night.incumbents.count} people are in before, ${arrivals} arrive in ${night.phases.surgeMs / 1000} s; the main room ` +
          `has ${night.rooms.main.seats} seats. ${times.nightEndMs / 1000} s in all.\n\nObjectives:\n` +
          night.objectives
            .map((one) => `  ${one.title}: ${one.measure} ${one.op} ${one.limit} ${one.unit}\n`)
            .join('') +
          '\nWhere the parameters come from (docs/reference/facts.md):\n' +
          Object.entries(night.sources)
            .map(
              ([path, source]) =>
                `  ${path.padEnd(28)}${'facts' in source ? `${source.facts.join(', ')}${source.note ? ` (${source.note})` : ''}` : `assumption: ${source.assumption}`}\n`,
            )
            .join(''),
      );
    });
  command
    .command('check')
    .description('Whether a night is valid; every problem at once, each with its path.')
    .argument('<night>', 'name or path')
    .action(async (name: string) => {
      const night = await findScenario(name);
      process.stdout.write(`${name}: a valid night (${night.id})\n`);
    });
  return command;
}
