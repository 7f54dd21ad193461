/** The command line as a whole, apart from running it: the reference page and the tests read it too. */
import { Command } from 'commander';
import { capacityCommand } from './capacity.ts';
import { compareCommand } from './compare.ts';
import { doctorCommand } from './doctor.ts';
import { gateCommand } from './gate.ts';
import { reportCommand } from './report.ts';
import { runCommand } from './run.ts';
import { scenariosCommand } from './scenarios.ts';
import { serveCommand } from './serve.ts';

export function roomrushProgram(): Command {
  const program = new Command('roomrush')
    .description('Rehearse the night a celebrity walks into your live audio room.')
    .showSuggestionAfterError()
    .addCommand(runCommand())
    .addCommand(compareCommand())
    .addCommand(gateCommand())
    .addCommand(capacityCommand())
    .addCommand(serveCommand())
    .addCommand(scenariosCommand())
    .addCommand(reportCommand())
    .addCommand(doctorCommand())
    .addHelpText(
      'after',
      `
Exit codes: 0 objectives hold, 1 a defect in roomrush, 2 wrong use, 3 an objective failed or a regression,
4 void (the rehearsal cannot be trusted), 5 the machine is not ready, 130 interrupted.

Start here:
  roomrush run zuckerberg                                 the guarded build, about two minutes
  roomrush compare zuckerberg --profiles clubhouse-2021,guarded
  roomrush gate zuckerberg --base HEAD~1                  has this change made the server worse?
  roomrush capacity step                                  how large a surge holds here?
  roomrush doctor                                         what this machine has and lacks`,
    );
  for (const command of withSubcommands(program)) {
    command.exitOverride().showHelpAfterError('(--help says what there is)');
  }
  return program;
}

/** A command and all that stand below it. */
export function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}
