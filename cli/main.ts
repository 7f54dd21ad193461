/** The command line: one file a command, which parses and prints; all work is done elsewhere. */
import { enableCompileCache } from 'node:module';
import { CommanderError } from 'commander';
import { EXIT } from '../errors.ts';
import { endWith, failWith } from './ending.ts';
import { surviveClosedPipes } from './outputs.ts';

// Half of a short command's time went into reading TypeScript; what was read is kept from one start to the next.
enableCompileCache();
const { roomrushProgram } = await import('./program.ts');

surviveClosedPipes();

try {
  await roomrushProgram().parseAsync();
} catch (error) {
  // Commander has already printed its own errors and the help.
  if (error instanceof CommanderError) endWith(error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse);
  else failWith(error);
}
