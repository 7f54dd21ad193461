/** `npm run parity`: one plan, led in by each driver in turn. Is a synthetic listener like a real one, and what does each cost? */
import { writeFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { EXIT } from '../errors.ts';
import { machineLine } from '../rehearsal/machine.ts';
import { DRIVERS, type Driver } from '../rehearsal/parity/night.ts';
import { comparisonsOf, parityPage } from '../rehearsal/parity/page.ts';
import { playParity } from '../rehearsal/parity/parity.ts';
import { findScenario } from '../scenarios/index.ts';
import { readSetup } from '../setup/paths.ts';
import { endWith, failWith, stopOnInterrupt } from './ending.ts';
import { countFrom1, DEFAULT_SEED, list, wholeNumber } from './options.ts';

type ParityFlags = {
  readonly drivers: readonly Driver[];
  readonly people: number;
  readonly rounds: number;
  readonly seed: number;
  readonly out?: string;
};

/** What Chromium and two cores carry calmly. */
const PEOPLE = 16;
const ROUNDS = 3;

function drivers(text: string): readonly Driver[] {
  return list(text).map((name) => {
    const driver = DRIVERS.find((one) => one === name);
    if (driver === undefined) throw new InvalidArgumentError(`Expected some of ${DRIVERS.join(', ')}.`);
    return driver;
  });
}

async function parity(flags: ParityFlags): Promise<void> {
  const { people, rounds, seed, out } = flags;
  const played = await playParity({
    base: await findScenario('steady'),
    drivers: [...new Set(flags.drivers)],
    ...{ people, rounds, seed },
    cacheDir: readSetup().cacheDir,
    stop: stopOnInterrupt(),
    say: (text) => process.stderr.write(`parity: ${text}\n`),
  });
  const page = parityPage(played, machineLine());
  process.stdout.write(`${page}\n`);
  if (out !== undefined) {
    writeFileSync(out, `${page.trimEnd()}\n`);
    process.stderr.write(`parity: written: ${out}\n`);
  }
  for (const { driver, reference, holds } of comparisonsOf(played))
    process.stderr.write(`parity: ${driver} against ${reference}: ${holds ? 'holds' : 'does not hold'}\n`);
  for (const { driver, failure } of played.leftOut) {
    process.stderr.write(`parity: ${driver} did not run: ${failure.message}\n  ${failure.hint}\n`);
    endWith(failure.exitCode);
  }
}

try {
  await new Command('npm run parity --')
    .description(
      'Lead the same people in by each driver and compare: phases of the way in, costs, packets. It asserts nothing; a driver that cannot run is a failure.',
    )
    .option('--drivers <names>', `some of ${DRIVERS.join(', ')}`, drivers, DRIVERS)
    .option('--people <number>', 'how many come', countFrom1, PEOPLE)
    .option('--rounds <number>', 'how often each driver is played, about a minute each', countFrom1, ROUNDS)
    .option('--seed <number>', 'seed of the crowd', wholeNumber, DEFAULT_SEED)
    .option('--out <file>', 'write the page there too, such as docs/parity.md')
    .addHelpText(
      'after',
      `
Examples:
  npm run parity -- --out docs/parity.md
  npm run parity -- --drivers webrtc,browser --rounds 6`,
    )
    .action(parity)
    .exitOverride()
    .parseAsync();
} catch (error) {
  // Commander has already printed its own errors and the help.
  if (error instanceof CommanderError) endWith(error.exitCode === 0 ? EXIT.ok : EXIT.wrongUse);
  else failWith(error);
}
