/** Options that several commands share, each with its parser: what is wrong is said before anything starts. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type BodyShares, bodySharesSchema } from '../scenarios/schema.ts';
import { POLICIES } from '../server/profiles/policies.ts';
import { QUIET } from './outputs.ts';

/** The seed of a run that names none: the date of the Zuckerberg room, so that runs can be compared. */
export const DEFAULT_SEED = 20210204;

/** What `--policy` takes, for the help. */
export const POLICY_HELP = `admission policy in place of the profile's own: ${Object.keys(POLICIES).join(', ')}, or one that the night brings`;

export type NightFlags = {
  readonly seed: number;
  readonly scale?: number;
  readonly timeScale?: number;
  readonly bodies?: BodyShares;
  readonly feature?: readonly string[];
  readonly fault?: readonly string[];
  readonly preflight: boolean;
  readonly out: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
};

/** Adds the options that shape a night. */
export function withNightOptions(command: Command): Command {
  return command
    .option('--seed <number>', 'seed of the crowd plan', wholeNumber, DEFAULT_SEED)
    .option('--scale <factor>', 'people and seats, as a factor (default: what preflight proposes)', positive)
    .option(
      '--time-scale <factor>',
      'every time of the night, as a factor (default: what preflight proposes)',
      positive,
    )
    .option(
      '--bodies <shares>',
      'what carries the listeners out, for example webrtc=1 or signal=0.5,webrtc=0.5',
      bodies,
    )
    .option('--feature <name=value>', 'switch one feature of the build alone; may be repeated', collect)
    .addOption(
      new Option('--fault <what@when>', 'cut=0.05@50s, kill-worker@60s or kill-server@45s; may be repeated')
        .argParser(collect)
        .default([], 'none'),
    )
    .option('--no-preflight', 'do not measure what a delivery and a join cost here; scale 1 unless given')
    .option('--out <folder>', 'where runs are kept', 'runs')
    .option('--json', "the machine's output on stdout, everything else on stderr")
    .option(...QUIET);
}

/** Parses a seed. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new InvalidArgumentError('Expected a whole number from 0 to 4294967295.');
  }
  return value;
}

/** Parses a factor. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value >= 0.01 && value <= 100)) throw new InvalidArgumentError('Expected a number from 0.01 to 100.');
  return value;
}

/** Parses how many of something, one at least. */
export function countFrom1(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1000) {
    throw new InvalidArgumentError('Expected a whole number from 1 to 1000.');
  }
  return value;
}

/** Parses a TCP port. */
export function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65535) {
    throw new InvalidArgumentError('Expected a port from 1 to 65535.');
  }
  return value;
}

/** Parses shares of bodies. */
export function bodies(text: string): BodyShares {
  const shares: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [name, share] = part.split('=');
    if (!name || share === undefined || share === '')
      throw new InvalidArgumentError('Expected name=share, for example webrtc=1.');
    shares[name] = Number(share);
  }
  const parsed = bodySharesSchema.safeParse(shares);
  if (!parsed.success)
    throw new InvalidArgumentError(parsed.error.issues.map((issue) => issue.message).join('; '));
  return parsed.data;
}

/** Gathers an option that may be repeated. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Parses a comma-separated list without empty entries. */
export function list(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === ''))
    throw new InvalidArgumentError('Expected names separated by commas.');
  return names;
}
