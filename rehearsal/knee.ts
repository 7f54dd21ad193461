/**
 * Where does the media worker of this machine give in? Rooms of rtp listeners, each larger than the one before, until
 * listeners lose audio. What is measured is the reference server's core, which the worker shares with signalling.
 */
import type { Scenario } from '../scenarios/schema.ts';
import { playSmallNight, type SmallNightFigures } from './small-night.ts';

const FIRST_PEOPLE = 800;
const STEP = 1.2;
/** Slow enough that it is the audio that fills the core, and not the joining. */
const ARRIVALS_PER_SECOND = 75;
const PEOPLE_MAX = 8_000;
/** What incumbents are promised in the media-bound night. */
const LOSS_SHARE_MAX = 0.01;
const GAP_MS_MAX = 500;
/** Beyond this the generator may be what loses packets. */
const GENERATOR_SHARE_MAX = 0.9;

export type KneeStep = SmallNightFigures & { readonly people: number; readonly holds: boolean };
export type Knee = {
  readonly steps: readonly KneeStep[];
  /** Largest room without harm; null: not even the first. */
  readonly heldPeople: number | null;
  /** Whether the search ended with the server's limit, not with the generator's or its own. */
  readonly isServers: boolean;
};

/** Each step takes as long as its people need to arrive, and some seconds. */
export async function findKnee(
  night: Scenario,
  stop: AbortSignal,
  onStep: (step: KneeStep) => void,
): Promise<Knee> {
  const steps: KneeStep[] = [];
  for (let people = FIRST_PEOPLE; people <= PEOPLE_MAX; people = Math.round(people * STEP)) {
    const figures = await playSmallNight(
      night,
      'guarded',
      'rtp',
      people,
      stop,
      (1000 * people) / ARRIVALS_PER_SECOND,
    );
    const { lossShare, longestGapMs, joined } = figures;
    const holds =
      joined === people && (lossShare ?? 1) <= LOSS_SHARE_MAX && (longestGapMs ?? Infinity) <= GAP_MS_MAX;
    const step = { ...figures, people, holds };
    steps.push(step);
    onStep(step);
    if (!holds) break;
  }
  const last = steps.at(-1)!;
  return {
    steps,
    heldPeople: steps.findLast(({ holds }) => holds)?.people ?? null,
    isServers: !last.holds && last.swarmSteadyShare < GENERATOR_SHARE_MAX,
  };
}
