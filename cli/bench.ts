/** `npm run bench`: what things cost on this machine and how much it carries, each figure beside its budget. */
import { Command, CommanderError } from 'commander';
import { EXIT } from '../errors.ts';
import { BENCH_PARTS, type BenchName, benchNames, runBench } from '../rehearsal/bench.ts';
import type { BenchRow } from '../rehearsal/bench-row.ts';
import { machineLine } from '../rehearsal/machine.ts';
import { findScenario } from '../scenarios/index.ts';
import { endWith, failWith, stopOnInterrupt } from './ending.ts';
import { list } from './options.ts';

const WIDTHS = { what: 62, value: 14, budget: 10 } as const;

function line(what: string, value: string, budget = '', held = ''): string {
  const { what: first, value: second, budget: third } = WIDTHS;
  return `${what.padEnd(first)}${value.padStart(second)}${budget.padStart(third)}  ${held}`.trimEnd();
}

function rowLine({ what, value, budget }: BenchRow): string {
  if (budget === undefined) return line(what, value);
  return line(what, value, budget.limit, budget.held ? 'held' : 'MISSED');
}

async function bench({ only }: { readonly only?: readonly string[] }): Promise<void> {
  const names = benchNames(only ?? Object.keys(BENCH_PARTS));
  const say = (text: string) => process.stderr.write(`bench: ${text}\n`);
  const context = { night: await findScenario('zuckerberg'), stop: stopOnInterrupt(), say };
  process.stdout.write(`${machineLine()}\n\n${line('what', 'value', 'budget')}\n`);
  await runBench(names, context, ({ name, rows, failure }) => {
    for (const row of rows) process.stdout.write(`${rowLine(row)}\n`);
    if (failure === null) return;
    process.stdout.write(`${name}: did not run: ${failure.message}\n`);
    say(failure.hint);
    endWith(failure.exitCode);
  });
}

try {
  const parts = Object.keys(BENCH_PARTS) as BenchName[];
  const width = Math.max(...parts.map((name) => name.length)) + 2;
  await new Command('npm run bench --')
    .description(
      'Measure what listeners cost on this machine and how many it holds. A missed budget is no failure; a part that cannot run is.',
    )
    .option('--only <parts>', 'only these parts, separated by commas', list)
    .addHelpText(
      'after',
      `
Parts:
${parts.map((name) => `  ${name.padEnd(width)}${BENCH_PARTS[name].what}`).join('\n')}

Examples:
  npm run bench
  npm run bench -- --only hold-webrtc,signal`,
    )
    .action(bench)
    .exitOverride()
    .parseAsync();
} catch (error) {
  // Commander has already printed its own errors and the help.
  if (error instanceof CommanderError) endWith(error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse);
  else failWith(error);
}
