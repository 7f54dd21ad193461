/** The command line: one file a command, which parses and prints; all work is done elsewhere. */
import { CommanderError } from 'commander';
import { EXIT } from '../errors.ts';
import { endWith, failWith } from './ending.ts';
import { roomrushProgram } from './program.ts';

try {
  await roomrushProgram().parseAsync();
} catch (error) {
  // Commander has already printed its own errors and the help.
  if (error instanceof CommanderError) endWith(error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse);
  else failWith(error);
}
