/** The nights of which the knee is judged: the gate's own night with a larger surge, against the server of either side. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { NotReadyError, UsageError } from '../../errors.ts';
import type { CapacityProbe, CapacitySettings } from '../../reports/capacity/schema.ts';
import { readRunRecord } from '../../reports/store/run-record.ts';
import type { Scenario } from '../../scenarios/schema.ts';
import { keptProbe, playProbe } from '../capacity/probe.ts';
import { prepareProbe } from '../capacity/run-capacity.ts';
import type { Observe } from '../night.ts';
import type { ServerSource } from '../source/server-source.ts';
import type { GateSettings, SideAsked } from './gate-folder.ts';

const PROFILE = 'guarded';
const START = 1;
const SCALE_MIN = 0.01;
const SCALE_MAX = 8;
/** The level lies a tenth below what held: a bracket much narrower than that would be wasted. */
const RESOLUTION = 1.2;
/** Far from the seeds of the search, so that a level which was searched meets other crowds. */
const SEEDS_FROM = 1_000;
/** Where no server listens yet: a night against a command is refused before there is one. */
const ANY_TARGET = 'ws://127.0.0.1:1/signal';

type Asked = Pick<GateSettings, 'night' | 'seed' | 'kneeMinutes'>;

/** How the knee of the base is searched: as by `capacity` with fewer steps. */
export function kneeSettings(night: Scenario, { night: name, seed, kneeMinutes }: Asked): CapacitySettings {
  const settings: CapacitySettings = {
    ...{ night: name, profiles: [PROFILE], policy: null, features: [], bodies: null, seed },
    ...{ start: START, scaleMin: SCALE_MIN, scaleMax: SCALE_MAX, resolution: RESOLUTION },
    ...{ minutes: kneeMinutes, grow: 'surge', wholeNight: false, keepRuns: false },
  };
  return { ...settings, scaleMax: largestScale(night, settings) };
}

/** The first crowd that both sides meet at the level. */
export function firstKneeSeed(seed: number): number {
  return seed + SEEDS_FROM;
}

/** Halved until this machine has files for the crowd, so that a search never ends by running out of them. */
function largestScale(night: Scenario, settings: CapacitySettings): number {
  for (let scale = SCALE_MAX; scale > START; scale /= 2) {
    try {
      prepareProbe(night, settings, PROFILE, scale, settings.seed);
      return scale;
    } catch (error) {
      if (!(error instanceof NotReadyError)) throw error;
    }
  }
  return START;
}

/**
 * Refuses what could not be played for the knee, before the surges take their minutes.
 *
 * @throws UsageError or NotReadyError with what to do.
 */
export function checkKnee(
  night: Scenario,
  settings: Asked & { readonly base: SideAsked; readonly candidate: SideAsked },
): void {
  if (settings.base.kind === 'baseline') {
    throw new UsageError(
      'stored-knee',
      'expected a base that can be played for --knee, got a stored baseline: it has no server',
      'name a commit, such as --base HEAD~1, or a --base-cmd; or leave out --knee',
    );
  }
  const search = kneeSettings(night, settings);
  for (const { kind } of [settings.base, settings.candidate]) {
    const server = { target: kind === 'command' ? ANY_TARGET : null, features: [] };
    prepareProbe(night, search, PROFILE, search.start, search.seed, server);
  }
}

export type KneeNightAsked = {
  readonly night: Scenario;
  readonly search: CapacitySettings;
  readonly source: ServerSource;
  readonly scale: number;
  readonly seed: number;
  readonly runDir: string;
};

/** The night as an earlier gate has measured it; null: it has not. */
export function keptNight(asked: KneeNightAsked): CapacityProbe | null {
  const { night, search, source, scale, seed, runDir } = asked;
  return keptProbe(
    () => ({ ...prepareProbe(night, search, PROFILE, scale, seed), target: keptTarget(runDir, source) }),
    runDir,
  );
}

/** A command listens somewhere else each time: wherever it did, it was this command. */
function keptTarget(runDir: string, { side }: ServerSource): string | null {
  return side.kind === 'command' && existsSync(path.join(runDir, 'run.json'))
    ? readRunRecord(runDir).target
    : null;
}

/** @throws RoomrushError when somebody stops it. */
export function playNightOf(
  asked: KneeNightAsked,
  keep: boolean,
  observe: Observe,
  stop: AbortSignal,
): Promise<CapacityProbe> {
  const { night, search, source, scale, seed, runDir } = asked;
  return playProbe({
    open: source.open,
    prepare: (opened) => prepareProbe(night, search, PROFILE, scale, seed, opened),
    ...{ scale, runDir, keep, observe, stop },
  });
}
