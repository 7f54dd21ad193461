/**
 * `capacity` as a whole: for each profile a search, each of its probes a night. After every probe the file is written anew, and
 * a search that was broken off plays on from the folders of its probes: the same questions find the same answers there.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { listIssues, UsageError } from '../../errors.ts';
import { ratioOf, resultOf, type SearchEnd } from '../../reports/capacity/result.ts';
import {
  type CapacityFile,
  type CapacityProbe,
  type CapacitySettings,
  capacitySchema,
} from '../../reports/capacity/schema.ts';
import { nightTimes, type Scenario } from '../../scenarios/schema.ts';
import { describeMachine, describeVersions } from '../machine.ts';
import type { Observe } from '../night.ts';
import { type PreparedNight, prepareNight } from '../prepare.ts';
import { type OpenedServer, openOwn } from '../source/server-source.ts';
import { withSurge } from './grown-night.ts';
import { keptProbe, playProbe } from './probe.ts';
import { searchKnee } from './search-knee.ts';
import { withShortQuiet } from './short-night.ts';

const FILE = 'capacity.json';
/** What a probe takes beside its night, before there is one to tell: starting, stopping, measuring. */
const AROUND_A_PROBE_MS = 8_000;

/** What somebody who watches a search is told. */
export type CapacityProgress = {
  readonly begins: (profile: string, scale: number) => Observe;
  /**
   * @param kept it was played before.
   * @param leftMs an estimate for what is left of this profile's search, never more than its time.
   */
  readonly ended: (profile: string, probe: CapacityProbe, kept: boolean, leftMs: number) => void;
};

export type CapacityRequest = {
  readonly night: Scenario;
  readonly settings: CapacitySettings;
  readonly startedAt: string;
  readonly dir: string;
  readonly progress: CapacityProgress;
  readonly stop: AbortSignal;
};

type Search = CapacityFile['searches'][number];

/**
 * Prepares the probe of a level, and refuses here what cannot be played: names, bodies, open files.
 *
 * @param server whose it is; by default this tree's.
 * @throws UsageError or NotReadyError with what to do.
 */
export function prepareProbe(
  night: Scenario,
  settings: CapacitySettings,
  profile: string,
  scale: number,
  seed: number,
  server: Pick<OpenedServer, 'target' | 'features'> = { target: null, features: [] },
): PreparedNight {
  const grown = settings.grow === 'surge' ? withSurge(night, scale) : night;
  return prepareNight({
    scenario: settings.wholeNight ? grown : withShortQuiet(grown),
    seed,
    scale: settings.grow === 'surge' ? 1 : scale,
    timeScale: 1,
    profile,
    policy: settings.policy ?? undefined,
    features: [...settings.features, ...server.features],
    bodies: settings.bodies,
    target: server.target,
    port: 0,
    faults: [],
  });
}

/**
 * Searches the knee of each profile, or goes on with what `dir` holds, and writes capacity.json there. Stopped, it ends with
 * what was measured.
 */
export async function runCapacity(request: CapacityRequest): Promise<CapacityFile> {
  const { night, settings, startedAt, dir, stop } = request;
  const searches: Search[] = [];
  const write = (finished: boolean): CapacityFile => {
    const [first, second] = searches;
    const ratio = first && second ? ratioOf(first.result, second.result) : null;
    const file = capacitySchema.parse({
      schema: 'roomrush/capacity@1',
      night: { id: night.id, title: night.title },
      startedAt,
      machine: describeMachine(),
      versions: describeVersions(),
      settings,
      finished,
      searches,
      ratio: ratio === null ? null : { profile: first!.profile, to: second!.profile, ...ratio },
    });
    const whole = path.join(dir, FILE);
    writeFileSync(`${whole}.part`, `${JSON.stringify(file, null, 2)}\n`);
    renameSync(`${whole}.part`, whole);
    return file;
  };
  let file = write(false);
  for (const [nth, profile] of settings.profiles.entries()) {
    if (stop.aborted) break;
    const spentMs = searches.flatMap(({ probes }) => probes).reduce((sum, { tookMs }) => sum + tookMs, 0);
    // What one search leaves over is the others'.
    const budgetMs = (settings.minutes * 60_000 - spentMs) / (settings.profiles.length - nth);
    await searchOne(request, profile, budgetMs, (search) => {
      searches[nth] = search;
      file = write(false);
    });
  }
  return stop.aborted ? file : write(true);
}

async function searchOne(
  { night, settings, dir, progress, stop }: CapacityRequest,
  profile: string,
  budgetMs: number,
  tell: (search: Search) => void,
): Promise<void> {
  const { policy } = prepareProbe(night, settings, profile, settings.start, settings.seed).build;
  const prepare = (scale: number, seed: number, server?: Pick<OpenedServer, 'target' | 'features'>) =>
    prepareProbe(night, settings, profile, scale, seed, server);
  const runDirOf = (scale: number, seed: number) =>
    path.join(dir, `${profile}-${Number(scale.toPrecision(4))}-${seed}`);
  const tellAs = (probes: readonly CapacityProbe[], end: SearchEnd) =>
    tell({ profile, policy, result: resultOf(probes, settings, end), probes: [...probes] });
  const { probes, end } = await searchKnee({
    options: settings,
    seed: settings.seed,
    budgetMs,
    guessMs: probeMs(night, settings),
    kept: (scale, seed) => keptProbe(() => prepare(scale, seed), runDirOf(scale, seed)),
    play: (scale, seed) =>
      playProbe({
        open: openOwn,
        prepare: (opened) => prepare(scale, seed, opened),
        scale,
        runDir: runDirOf(scale, seed),
        keep: settings.keepRuns,
        observe: progress.begins(profile, scale),
        stop,
      }),
    ended: (soFar, kept, leftMs) => {
      progress.ended(profile, soFar.at(-1)!, kept, leftMs);
      tellAs(soFar, 'interrupted');
    },
    stop,
  });
  if (end !== 'interrupted') tellAs(probes, end);
}

/** What a probe takes, before there is one to tell. */
export function probeMs(night: Scenario, { wholeNight }: Pick<CapacitySettings, 'wholeNight'>): number {
  return nightTimes(wholeNight ? night : withShortQuiet(night)).nightEndMs + AROUND_A_PROBE_MS;
}

/** @throws UsageError when the folder holds no search. */
export function readCapacity(dir: string): CapacityFile {
  const file = path.join(dir, FILE);
  const hint = 'searches lie in runs/, as <time>-capacity-<night>';
  if (!existsSync(file)) {
    throw new UsageError('no-capacity', `expected the folder of a search, and there is no ${file}`, hint);
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError('bad-capacity', `${file} is no JSON: ${(error as Error).message}`, hint);
  }
  const read = capacitySchema.safeParse(value);
  if (read.success) return read.data;
  throw new UsageError('bad-capacity', `${file} is not as expected:\n${listIssues(read.error.issues)}`, hint);
}
