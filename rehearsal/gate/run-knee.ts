/**
 * The knee of a gate: the search on the base's server, then both sides in turns at one level a little below it. Each night lies
 * in a folder of its own and is known again by it, so that Ctrl-C costs the night that is on and no more.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { resultOf } from '../../reports/capacity/result.ts';
import type { CapacityProbe } from '../../reports/capacity/schema.ts';
import {
  isKneeOver,
  judgeKnee,
  KNEE_PAIRS,
  type KneeEvidence,
  kneeLevel,
  mayBeJudgedAgain,
} from '../../reports/gate/knee.ts';
import type { KneeNight, KneeSearched } from '../../reports/gate/knee-schema.ts';
import { probeMs } from '../capacity/run-capacity.ts';
import { searchKnee } from '../capacity/search-knee.ts';
import type { Observe } from '../night.ts';
import { isInterruption } from '../processes.ts';
import type { ServerSource } from '../source/server-source.ts';
import { firstKneeSeed, type KneeNightAsked, keptNight, kneeSettings, playNightOf } from './knee-nights.ts';
import type { GateRequest } from './run-gate.ts';
import { kneeSchedule, type Side } from './schedule.ts';

/** What somebody who watches is told. */
export type KneeProgress = {
  /**
   * @param minutes that the search has.
   * @param atMostMs until the knee is judged, if no night is void: an estimate, as what is left always is.
   */
  readonly search: (minutes: number, atMostMs: number) => void;
  readonly level: (scale: number, pairs: number, leftMs: number) => void;
  readonly begins: (side: Side, scale: number) => Observe;
  /** @param kept it was played before. */
  readonly ended: (side: Side, probe: CapacityProbe, kept: boolean, leftMs: number) => void;
  /** It could not be judged, and is played once more. */
  readonly again: (reason: string) => void;
};

/** Where the second one lies: from then on the first is no evidence any more. */
const AGAIN = 'knee-again';

/** Plays the knee to its end, or as far as it comes before somebody stops it. */
export async function playKnee(request: GateRequest): Promise<KneeEvidence> {
  const { settings, dir, progress, retryVoid, stop } = request;
  if (existsSync(path.join(dir, AGAIN))) return playInto(request, AGAIN);
  const first = await playInto(request, 'knee');
  if (!retryVoid || stop.aborted) return first;
  const judged = judgeKnee(first, 'no regression seen', settings.options);
  if (!mayBeJudgedAgain(judged)) return first;
  progress.knee.again(judged.reason!);
  return playInto(request, AGAIN);
}

/** At the level, if all of them count. */
const NIGHTS = 2 * KNEE_PAIRS;

type Part = {
  readonly request: GateRequest;
  readonly search: ReturnType<typeof kneeSettings>;
  readonly base: ServerSource;
  readonly dir: string;
};

async function playInto(request: GateRequest, folder: string): Promise<KneeEvidence> {
  const { settings, sources, dir } = request;
  const { night, base } = sources;
  if ('baseline' in base) throw new TypeError('expected a base with a server');
  const part: Part = { request, search: kneeSettings(night, settings), base, dir: path.join(dir, folder) };
  const search = await searchBase(part);
  const scale = kneeLevel(search);
  return { search, nights: scale === null ? [] : await playAtLevel(part, search, scale) };
}

async function searchBase({ request, search, base, dir }: Part): Promise<KneeSearched> {
  const { settings, sources, progress, stop } = request;
  const { start, scaleMin, scaleMax, resolution, minutes } = search;
  const guessMs = probeMs(sources.night, search);
  const budgetMs = minutes * 60_000;
  const ask = (scale: number, seed: number): KneeNightAsked => ({
    ...{ night: sources.night, search, source: base, scale, seed },
    runDir: path.join(dir, `search-${Number(scale.toPrecision(4))}-${seed}`),
  });
  progress.knee.search(minutes, budgetMs + NIGHTS * guessMs);
  const { probes, end } = await searchKnee({
    ...{ options: search, seed: search.seed, budgetMs, guessMs, stop },
    kept: (scale, seed) => keptNight(ask(scale, seed)),
    play: (scale, seed) =>
      playNightOf(ask(scale, seed), settings.keepRuns, progress.knee.begins('base', scale), stop),
    ended: (soFar, kept, leftMs) =>
      progress.knee.ended('base', soFar.at(-1)!, kept, leftMs + NIGHTS * meanMs(soFar)),
  });
  return {
    ...{ start, scaleMin, scaleMax, resolution, minutes },
    finished: end !== 'interrupted',
    result: resultOf(probes, search, end),
    probes: [...probes],
  };
}

async function playAtLevel(
  { request, search, base, dir }: Part,
  searched: KneeSearched,
  scale: number,
): Promise<readonly KneeNight[]> {
  const { settings, sources, progress, stop } = request;
  const nights: KneeNight[] = [];
  const schedule = () => kneeSchedule(nights, firstKneeSeed(search.seed));
  progress.knee.level(scale, KNEE_PAIRS, NIGHTS * meanMs(searched.probes));
  while (!isKneeOver({ search: searched, nights }, settings.options)) {
    const { nth, side, seed, tries } = schedule().next;
    const asked: KneeNightAsked = {
      ...{ night: sources.night, search, source: side === 'base' ? base : sources.candidate, scale, seed },
      runDir: path.join(dir, `${nth + 1}-${side}${tries === 0 ? '' : `-try-${tries + 1}`}`),
    };
    const kept = keptNight(asked);
    if (kept === null && stop.aborted) return nights;
    try {
      const play = () => playNightOf(asked, settings.keepRuns, progress.knee.begins(side, scale), stop);
      const probe = kept ?? (await play());
      nights.push({ side, probe });
      progress.knee.ended(side, probe, kept !== null, timeLeft(nights, schedule().nightsLeft));
    } catch (error) {
      if (isInterruption(error, stop)) return nights;
      throw error;
    }
  }
  return nights;
}

/** By the nights at the level so far, void ones among them: what happened so often happens again. */
function timeLeft(nights: readonly KneeNight[], nightsLeft: number): number {
  const useful = Math.max(1, NIGHTS - nightsLeft);
  return nightsLeft * meanMs(nights.map(({ probe }) => probe)) * Math.max(1, nights.length / useful);
}

function meanMs(probes: readonly Pick<CapacityProbe, 'tookMs'>[]): number {
  return probes.reduce((sum, { tookMs }) => sum + tookMs, 0) / probes.length;
}
