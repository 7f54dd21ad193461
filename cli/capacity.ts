/** `roomrush capacity`: the largest surge of a night for which all its objectives hold here. */
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT, UsageError } from '../errors.ts';
import { prepareProbe, readCapacity, runCapacity } from '../rehearsal/capacity/run-capacity.ts';
import { makeRunFolder } from '../rehearsal/run-folder.ts';
import type { CapacityFile, CapacitySettings } from '../reports/capacity/schema.ts';
import { capacityTable, PROBE_HEAD } from '../reports/capacity/terminal.ts';
import { findScenario } from '../scenarios/index.ts';
import type { BodyShares } from '../scenarios/schema.ts';
import { endWith, stopOnInterrupt } from './ending.ts';
import {
  bodies,
  collect,
  countFrom1,
  DEFAULT_SEED,
  list,
  POLICY_HELP,
  positive,
  wholeNumber,
} from './options.ts';
import { outputsOf, QUIET } from './outputs.ts';
import { probeLines } from './probe-lines.ts';

type CapacityFlags = {
  readonly profile?: string;
  readonly profiles?: readonly string[];
  readonly policy?: string;
  readonly feature?: readonly string[];
  readonly bodies?: BodyShares;
  readonly seed: number;
  readonly start: number;
  readonly scaleMax: number;
  readonly resolution: number;
  readonly minutes?: number;
  readonly grow: 'surge' | 'night';
  readonly wholeNight?: boolean;
  readonly keepRuns?: boolean;
  readonly out: string;
  readonly resume?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
};

const MINUTES = 20;
const SCALE_MIN = 0.01;

export function capacityCommand(): Command {
  return new Command('capacity')
    .description('Find the largest surge of a night for which all its objectives hold on this machine.')
    .argument('[night]', 'name of a night, or path to one; with --resume the folder knows it')
    .option('--profile <name>', 'how the reference server is built (default: guarded)')
    .option('--profiles <names>', 'several of them, separated by commas; the first two are compared', list)
    .option('--policy <name>', POLICY_HELP)
    .option('--feature <name=value>', 'switch one feature of the build alone; may be repeated', collect)
    .option('--bodies <shares>', 'what carries the listeners out, as in roomrush run', bodies)
    .option(
      '--seed <number>',
      "seed of each level's first crowd; its next ones follow",
      wholeNumber,
      DEFAULT_SEED,
    )
    .addOption(
      new Option('--grow <what>', 'what the scale multiplies: only the people who come, or the whole night')
        .choices(['surge', 'night'])
        .default('surge'),
    )
    .option('--start <factor>', 'scale of the first probe', positive, 0.25)
    .option('--scale-max <factor>', 'no probe is larger', positive, 8)
    .option('--resolution <ratio>', 'end when failing and holding scale are so close', ratio, 1.1)
    .option('--minutes <number>', `time for all of it (default: ${MINUTES})`, countFrom1)
    .option('--whole-night', 'play the quiet parts of the night at their full length too')
    .option(
      '--keep-runs',
      'keep the event logs of all probes, not only of those that something is wrong with',
    )
    .option('--out <folder>', 'where searches are kept', 'runs')
    .option('--resume <folder>', 'go on with the search in this folder; what it measured is kept')
    .option('--json', 'capacity.json on stdout, everything else on stderr')
    .option(...QUIET)
    .addHelpText(
      'after',
      `
The people who come grow; rooms, seats and pace stay (with --grow night they grow too, as with run --scale). It doubles or
halves the scale until one level holds and one fails, halves the ratio between them, and confirms the largest that holds by three probes.
Where the generator gives in before the server, no knee is told. docs/guides/capacity.md says how to read it.

Ends with 0 when a knee was found for each build, 3 when even the smallest scale fails, 4 when there is none to tell.

Examples:
  roomrush capacity step
  roomrush capacity step --profiles guarded,clubhouse-2021 --minutes 30
  roomrush capacity zuckerberg --bodies signal=1 --scale-max 4
  roomrush capacity --resume runs/20210204-180000-capacity-step --minutes 40`,
    )
    .action(capacity);
}

async function capacity(night: string | undefined, flags: CapacityFlags): Promise<void> {
  const stop = stopOnInterrupt();
  const { people, verdict } = outputsOf(flags);
  const resumed = flags.resume === undefined ? null : readCapacity(flags.resume);
  const settings = resumed === null ? settingsFrom(night, flags) : resumedSettings(resumed, night, flags);
  const scenario = await findScenario(settings.night);
  // Everything that can be refused is refused before the first probe takes a minute.
  for (const profile of settings.profiles) {
    prepareProbe(scenario, settings, profile, settings.start, settings.seed);
  }
  const dir = flags.resume ?? makeRunFolder(flags.out, `capacity-${scenario.id}`, new Date()).dir;
  const startedAt = resumed?.startedAt ?? new Date().toISOString();
  people.write(`into ${dir}, ${settings.minutes} min at most\n${PROBE_HEAD}\n`);
  const progress = probeLines(people);
  const file = await runCapacity({ night: scenario, settings, startedAt, dir, progress, stop });
  if (flags.json) process.stdout.write(`${JSON.stringify(file, null, 2)}\n`);
  verdict.write(`\n${capacityTable(file)}`);
  people.write(`written: ${path.join(dir, 'capacity.json')}\n`);
  const code = codeOf(file);
  if (stop.aborted || code === EXIT.void) {
    people.write(`go on with: roomrush capacity --resume ${dir}\n`);
  }
  if (!stop.aborted) endWith(code);
}

function codeOf({ searches }: CapacityFile): 0 | 3 | 4 {
  const kinds = searches.map(({ result }) => result.kind);
  if (kinds.every((kind) => kind === 'knee')) return EXIT.ok;
  return kinds.every((kind) => kind === 'knee' || kind === 'below') ? EXIT.failed : EXIT.void;
}

function settingsFrom(night: string | undefined, flags: CapacityFlags): CapacitySettings {
  if (night === undefined) {
    throw new UsageError('no-night', 'expected a night', 'for example: roomrush capacity step');
  }
  if (flags.profile !== undefined && flags.profiles !== undefined) {
    throw new UsageError(
      'profile-twice',
      'expected --profile or --profiles, got both',
      'leave out one of them',
    );
  }
  if (flags.start > flags.scaleMax) {
    throw new UsageError(
      'start-too-large',
      `expected --start within --scale-max, got ${flags.start} and ${flags.scaleMax}`,
      'choose a smaller --start',
    );
  }
  const profiles = flags.profiles ?? [flags.profile ?? 'guarded'];
  if (new Set(profiles).size < profiles.length) {
    throw new UsageError(
      'same-profile',
      `expected different profiles, got ${profiles.join(', ')}`,
      'name each of them once',
    );
  }
  return {
    night,
    profiles: [...profiles],
    policy: flags.policy ?? null,
    features: [...(flags.feature ?? [])],
    bodies: flags.bodies ?? null,
    seed: flags.seed,
    start: flags.start,
    scaleMin: Math.min(SCALE_MIN, flags.start),
    scaleMax: flags.scaleMax,
    resolution: flags.resolution,
    minutes: flags.minutes ?? MINUTES,
    grow: flags.grow,
    wholeNight: flags.wholeNight ?? false,
    keepRuns: flags.keepRuns ?? false,
  };
}

/** The folder's own, as other probes would be of no use; only the time may be another one. */
function resumedSettings(
  { settings }: CapacityFile,
  night: string | undefined,
  { minutes }: CapacityFlags,
): CapacitySettings {
  if (night !== undefined && night !== settings.night) {
    throw new UsageError(
      'other-night',
      `that search is of ${settings.night}, not of ${night}`,
      'leave the night out',
    );
  }
  return { ...settings, minutes: minutes ?? settings.minutes };
}

function ratio(text: string): number {
  const value = Number(text);
  if (!(value >= 1.01 && value <= 2)) throw new InvalidArgumentError('Expected a ratio from 1.01 to 2.');
  return value;
}
