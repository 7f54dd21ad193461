/** `roomrush serve`: the reference server alone, with the host talking, until Ctrl-C. */
import { Command } from 'commander';
import { serveAlone } from '../rehearsal/serve.ts';
import { findScenario } from '../scenarios/index.ts';
import { stopOnInterrupt } from './ending.ts';
import { withLive, withLiveOptions } from './live.ts';
import { collect, POLICY_HELP, port } from './options.ts';

const DEFAULT_PORT = 7600;

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('Open the reference room with the host talking, and serve it until Ctrl-C.')
    .option('--scenario <night>', 'whose rooms and timers to use', 'zuckerberg')
    .option('--profile <name>', 'clubhouse-2021 or guarded', 'guarded')
    .option('--policy <name>', POLICY_HELP)
    .option('--feature <name=value>', 'switch one feature alone; may be repeated', collect)
    .option('--port <number>', `TCP port (default: ${DEFAULT_PORT} or the next free one)`, port)
    .option('--host <address>', 'address to bind', '127.0.0.1')
    .option('--out <folder>', "where the server's log, ticket keys and seats are kept", 'runs');
  return withLiveOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  roomrush serve\n  roomrush serve --profile clubhouse-2021 --port 7610 --no-live',
    )
    .action(async (flags) => {
      const night = await findScenario(flags.scenario);
      const stop = stopOnInterrupt();
      const how = {
        ...flags,
        feature: flags.feature ?? [],
        port: flags.port ?? null,
        firstPort: DEFAULT_PORT,
      };
      await withLive(flags, [flags.port], process.stdout, stop, async (live) => {
        await serveAlone(night, how, live, (line) => process.stdout.write(`${line}\n`), stop);
        return null;
      });
    });
}
