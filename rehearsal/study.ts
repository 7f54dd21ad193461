/**
 * The study: which admission policy for which night, and at what cost? Four policies, two nights (one exhausts the
 * server's signalling, one its media worker), six crowds each. What was measured before is kept, so that it can be
 * broken off and gone on with.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Place } from '../reports/comparison/from-runs.ts';
import { type Study, type StudyNight, studyRuns, studySchema } from '../reports/comparison/study.ts';
import type { Summary } from '../reports/summary.ts';
import { findScenario } from '../scenarios/index.ts';
import { nightTimes, type Scenario } from '../scenarios/schema.ts';
import { type CompareProgress, runComparison } from './compare.ts';
import { timeLeftMs } from './compare-order.ts';
import { compareParts, readFeatures, seedsFrom } from './compare-parts.ts';
import { prepareNight } from './prepare.ts';

/** The soft cap is what the night of 2021 had: the others are compared with it. */
export const STUDY_POLICIES = ['cap-soft', 'cap', 'waiting-room', 'priority'] as const;

type NightOfStudy = {
  readonly night: string;
  readonly bound: string;
  readonly features: readonly string[];
  readonly scale: number;
  /** A night that is longer is played faster, so that all runs fit into an hour. */
  readonly lengthMsMax: number;
};

export const STUDY_NIGHTS: readonly NightOfStudy[] = [
  {
    night: 'zuckerberg',
    bound: 'signalling',
    features: readFeatures('clubhouse-2021'),
    // So small that a cap can still save the server, and so large that no limit at all brings it down.
    scale: 0.25,
    lengthMsMax: 30_000,
  },
  { night: 'media-bound', bound: 'media', features: [], scale: 1, lengthMsMax: 60_000 },
];

export type StudyOptions = {
  readonly nights: readonly NightOfStudy[];
  readonly policies: readonly string[];
  readonly seed: number;
  readonly seeds: number;
  /** In place of what each night has in the study; null: its own. */
  readonly scale: number | null;
  readonly timeScale: number | null;
  readonly dir: string;
  readonly progress: CompareProgress;
  readonly stop: AbortSignal;
};

/**
 * Plays what is not there yet into `dir`, a folder a night.
 *
 * @returns the study as far as it was played, null when nothing was; `complete` says whether every run was.
 */
export async function runStudy(
  options: StudyOptions,
): Promise<{ readonly study: Study | null; readonly complete: boolean }> {
  const nights: StudyNight[] = [];
  let first: Summary | null = null;
  const planned = await Promise.all(options.nights.map((night) => planNight(night, options)));
  for (const [nth, { night, scenario, parts, plan, scale, timeScale, nightMs }] of planned.entries()) {
    if (options.stop.aborted) break;
    const laterMs = planned
      .slice(nth + 1)
      .reduce((sum, later) => sum + timeLeftMs([], later.nightMs, later.parts.length), 0);
    const dir = path.join(options.dir, night.night);
    mkdirSync(dir, { recursive: true });
    const { runs } = await runComparison({
      ...{ parts, dir, plan, preflight: null, stop: options.stop },
      progress: laterToo(options.progress, laterMs),
    });
    if (runs.length === 0) break;
    first ??= runs[0]!.summary;
    nights.push({
      night: night.night,
      title: scenario.title,
      bound: night.bound,
      features: [...night.features],
      ...{ scale, timeScale, nightMs },
      people: runs[0]!.summary.crowd.planned,
      seats: prepareNight(parts[0]!.request).scenario.rooms.main.seats,
      policies: [...options.policies],
      seeds: [...plan!.seeds],
      ...studyRuns(
        runs.map(({ policy, seed, role, again, summary }) => ({
          place: { policy, seed, role, again },
          summary,
        })),
      ),
    });
  }
  if (first === null) return { study: null, complete: false };
  const { cpuModel, cores, memoryBytes } = first.run.machine;
  const study = studySchema.parse({
    schema: 'roomrush/study@1',
    measuredAt: new Date().toISOString().slice(0, 10),
    machine: { cpuModel, cores, memoryBytes },
    versions: first.run.versions,
    nights,
  });
  const played = nights.flatMap(({ runs }) => runs.filter(({ partial, again }) => !partial && !again));
  const complete = played.length === planned.reduce((sum, { parts }) => sum + parts.length, 0);
  return { study, complete };
}

async function planNight(night: NightOfStudy, options: StudyOptions) {
  const scenario = await findScenario(night.night);
  const scale = options.scale ?? night.scale;
  const timeScale = options.timeScale ?? timeScaleFor(scenario, night.lengthMsMax);
  const { parts, plan } = compareParts(
    {
      ...{ scenario, scale, timeScale, features: night.features },
      ...{ bodies: null, target: null, port: 0, faults: [] },
    },
    ['guarded'],
    options.policies,
    seedsFrom(options.seed, options.seeds),
  );
  const nightMs = nightTimes(prepareNight(parts[0]!.request).scenario).nightEndMs;
  return { night, scenario, parts, plan, scale, timeScale, nightMs };
}

/** In hundredths, so that it can be typed. */
function timeScaleFor(scenario: Scenario, lengthMsMax: number): number {
  return Math.min(1, Math.floor((100 * lengthMsMax) / nightTimes(scenario).nightEndMs) / 100);
}

function laterToo(progress: CompareProgress, laterMs: number): CompareProgress {
  return {
    kept: progress.kept,
    begins: (place: Place, nth, of, leftMs) => progress.begins(place, nth, of, leftMs + laterMs),
  };
}
