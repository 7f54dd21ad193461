/** The command line: one file a command, which parses and prints; all work is done elsewhere. */
import { Command, CommanderError } from 'commander';
import { EXIT } from '../errors.ts';
import { compareCommand } from './compare.ts';
import { doctorCommand } from './doctor.ts';
import { endWith, failWith } from './ending.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { scenariosCommand } from './scenarios.ts';
import { serveCommand } from './serve.ts';

const program = new Command('roomrush')
  .description('Rehearse the night a celebrity walks into your live audio room.')
  .showHelpAfterError('(--help says what there is)')
  .showSuggestionAfterError()
  .exitOverride()
  .addCommand(runCommand())
  .addCommand(compareCommand())
  .addCommand(serveCommand())
  .addCommand(scenariosCommand())
  .addCommand(reportCommand())
  .addCommand(doctorCommand())
  .addHelpText(
    'after',
    `
Exit codes: 0 objectives hold, 1 a defect in roomrush, 2 wrong use, 3 an objective failed,
4 void (the rehearsal cannot be trusted), 5 the machine is not ready, 130 interrupted.

Start here:
  roomrush run zuckerberg                                 the guarded build, about two minutes
  roomrush compare zuckerberg --profiles clubhouse-2021,guarded
  roomrush doctor                                         what this machine has and lacks`,
  );
for (const command of program.commands)
  command.exitOverride().showHelpAfterError('(--help says what there is)');

try {
  await program.parseAsync();
} catch (error) {
  // Commander has already printed its own errors and the help.
  if (error instanceof CommanderError) endWith(error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse);
  else failWith(error);
}
