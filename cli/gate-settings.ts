/** From the flags of `roomrush gate` to what its folder keeps, and back when it goes on. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import {
  type GateSettings,
  KNEE_MINUTES,
  readSettings,
  type SideAsked,
} from '../rehearsal/gate/gate-folder.ts';
import { treeState } from '../rehearsal/gate/git.ts';
import type { SurgeSize } from '../rehearsal/gate/short-surge.ts';
import { gateOptions, looksUpTo } from '../reports/gate/options.ts';
import { findScenario } from '../scenarios/index.ts';
import { CLONE_DIR } from '../setup/tools/places.js';

export type GateFlags = {
  readonly base?: string;
  readonly baseCmd?: string;
  readonly candidateCmd?: string;
  readonly writeBaseline?: string;
  readonly pairsMax: number;
  readonly tolerance: number;
  readonly detect: number;
  readonly judgeWallClock?: boolean;
  readonly knee?: boolean;
  readonly kneeMinutes?: number;
  readonly ignore: readonly string[];
  readonly people: SurgeSize;
  readonly seed: number;
  readonly keepRuns?: boolean;
  readonly out: string;
  readonly resume?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
};

/** @throws UsageError for what contradicts itself or cannot be compared. */
export async function settingsFrom(night: string | undefined, flags: GateFlags): Promise<GateSettings> {
  if (night === undefined) {
    throw new UsageError(
      'no-night',
      'expected a night',
      'for example: roomrush gate zuckerberg --base HEAD~1',
    );
  }
  if (flags.kneeMinutes !== undefined && flags.knee !== true) {
    throw new UsageError('no-knee', 'expected --knee with --knee-minutes', 'add --knee, or leave both out');
  }
  await findScenario(night);
  const candidate: SideAsked =
    flags.candidateCmd === undefined
      ? { kind: 'this-tree' }
      : { kind: 'command', command: flags.candidateCmd };
  return {
    schema: 'roomrush/gate-settings@1',
    startedAt: new Date().toISOString(),
    night,
    size: flags.people,
    seed: flags.seed,
    base: baseFrom(flags),
    candidate,
    treeDigest: candidate.kind === 'this-tree' ? treeState(CLONE_DIR).digest : null,
    options: gateOptions({
      tolerance: flags.tolerance,
      detect: flags.detect,
      looks: looksUpTo(flags.pairsMax),
      judgeWallClock: flags.judgeWallClock ?? false,
      judgeKnee: flags.knee ?? false,
      ignoredEvents: [...flags.ignore],
    }),
    keepRuns: flags.keepRuns ?? false,
    kneeMinutes: flags.kneeMinutes ?? KNEE_MINUTES,
  };
}

/**
 * The folder's own, as other runs would be of no use; only the knee may have another time.
 *
 * @throws UsageError when the folder is not a gate's, or was not asked for the knee.
 */
export function resumedSettings(dir: string, { knee, kneeMinutes }: GateFlags): GateSettings {
  const settings = readSettings(dir);
  if (knee === true && !settings.options.judgeKnee) {
    throw new UsageError(
      'other-gate',
      'that gate was begun without --knee, and its looks have spent what the knee would need of the error rate',
      'begin a new gate with --knee',
    );
  }
  return { ...settings, kneeMinutes: kneeMinutes ?? settings.kneeMinutes };
}

function baseFrom({ base, baseCmd, writeBaseline, knee }: GateFlags): SideAsked {
  const given = [base, baseCmd, writeBaseline].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new UsageError(
      'one-base',
      `expected one of --base, --base-cmd and --write-baseline, got ${given.length === 0 ? 'none' : `${given.length}`}`,
      'for example --base HEAD~1',
    );
  }
  if (writeBaseline !== undefined && knee === true) {
    throw new UsageError(
      'knee-baseline',
      'expected --knee or --write-baseline, got both: a baseline keeps figures, and a knee needs a server',
      'leave out one of them',
    );
  }
  if (writeBaseline !== undefined) return { kind: 'this-tree' };
  if (baseCmd !== undefined) return { kind: 'command', command: withPort('--base-cmd', baseCmd) };
  return base!.endsWith('.json') || (existsSync(base!) && path.extname(base!) !== '')
    ? { kind: 'baseline', file: path.resolve(base!) }
    : { kind: 'git-ref', ref: base! };
}

function withPort(flag: string, command: string): string {
  if (command.includes('{port}')) return command;
  throw new UsageError(
    'no-port',
    `expected {port} in ${flag} where the server is told its port, got '${command}'`,
    `for example ${flag} 'node server.js --port {port}'`,
  );
}

/**
 * Half of a gate before a change and half after it compares nothing.
 *
 * @throws UsageError when it would be so, or when the night is another one.
 */
export function checkSameTree({ treeDigest, night }: GateSettings, given: string | undefined): void {
  if (given !== undefined && given !== night) {
    throw new UsageError('other-night', `that gate is of ${night}, not of ${given}`, 'leave the night out');
  }
  if (treeDigest === null || treeState(CLONE_DIR).digest === treeDigest) return;
  throw new UsageError(
    'tree-changed',
    'this tree is not the one that the gate was begun with: files or the commit have changed since',
    'bring it back (git stash, git switch), or begin a new gate',
  );
}
