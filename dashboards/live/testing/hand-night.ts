/** A night made by hand, frame by frame: the crowd of a rehearsal on a build that collapses, and on one that holds. */
import { LIVE_STATES, type LiveState, PHASES, type Phase } from '../../../simulator/listener/tally.ts';
import type { LiveFrame, NightFrame, SecondFrame } from '../frames.ts';

const SURGE_START_S = 35;
const SURGE_END_S = 65;
const NIGHT_END_S = 115;
const PEOPLE = 4_600;
const SEATS = 2_000;

export function handPlan(plan: Partial<NightFrame> = {}): NightFrame {
  return {
    type: 'night',
    nth: 0,
    name: 'clubhouse-2021',
    title: 'A night made by hand',
    people: PEOPLE,
    seed: 7,
    scale: 1,
    timeScale: 1,
    surgeStartMs: 1000 * SURGE_START_S,
    surgeEndMs: 1000 * SURGE_END_S,
    nightEndMs: 1000 * NIGHT_END_S,
    moments: [
      { nightMs: 1000 * SURGE_START_S, title: 'The guest walks in' },
      { nightMs: 47_000, title: 'Word goes round' },
      { nightMs: 100_000, title: 'The talk ends' },
    ],
    mainSeats: SEATS,
    overflowSeats: SEATS,
    objectives: [
      { id: 'ejections', text: 'People who had a seat keep it: at most 0.1 %', unit: 'share', isLive: true },
      { id: 'answered', text: 'An answer within 2 s: at least 99 %', unit: 'share', isLive: true },
      { id: 'gap', text: 'Those inside keep hearing the host: at most 500 ms', unit: 'ms', isLive: false },
    ],
    ...plan,
  };
}

/** A second of nobody and nothing, but for what is given. */
export function handSecond(second: Partial<SecondFrame>): SecondFrame {
  return {
    type: 'second',
    nth: 0,
    nightMs: 1000,
    crowd: zeros(LIVE_STATES),
    arrived: 0,
    joins: 0,
    losses: 0,
    lossesByCause: {},
    phaseMs: noPhases(),
    rooms: [],
    cpu: null,
    probeMs: null,
    lateShare: 0,
    objectives: {},
    ...second,
  };
}

/** What a page is told of a night up to a second of it, its plan first. */
export function handNight(
  manner: 'collapsing' | 'holding',
  untilS: number,
  plan: Partial<NightFrame> = {},
): readonly LiveFrame[] {
  const begins = handPlan({ name: manner === 'collapsing' ? 'clubhouse-2021' : 'guarded', ...plan });
  const frames: LiveFrame[] = [begins];
  for (let second = 1; second <= untilS; second++) {
    for (const { nightMs, title } of begins.moments) {
      if (nightMs > 1000 * (second - 1) && nightMs <= 1000 * second)
        frames.push({ type: 'mark', nth: begins.nth, kind: 'moment', nightMs, text: title });
    }
    frames.push({ ...(manner === 'collapsing' ? collapsing(second) : holding(second)), nth: begins.nth });
  }
  return frames;
}

function collapsing(second: number): SecondFrame {
  const lost = lostBy(second);
  const arrived = arrivedBy(second);
  const firstIn = firstInBy(second);
  const stranded = between(Math.round(0.6 * lostBy(second - 10)), 0, lost);
  const gaveUp = between(60 * (second - 50), 0, arrived - firstIn);
  const joining = Math.min(50, arrived - firstIn - gaveUp);
  const isSurge = second > SURGE_START_S && second <= SURGE_END_S;
  return handSecond({
    nightMs: 1000 * second,
    crowd: {
      ...zeros(LIVE_STATES),
      in: firstIn - lost,
      joining,
      arriving: arrived - firstIn - gaveUp - joining,
      ejected: lost - stranded,
      stranded,
      'given-up': gaveUp,
    },
    arrived,
    joins: firstIn - firstInBy(second - 1),
    losses: lost - lostBy(second - 1),
    lossesByCause: byCause(lost),
    phaseMs:
      firstIn > firstInBy(second - 1) ? phases(isSurge ? 60 * (second - SURGE_START_S) : 4) : noPhases(),
    rooms: [
      { id: 'main', kind: 'main', taken: firstIn - lost, seats: SEATS },
      ...(isSurge ? [{ id: 'parallel-1', kind: 'parallel' as const, taken: 40, seats: 500 }] : []),
    ],
    cpu: {
      server: isSurge ? 0.99 : 0.2,
      worker: 0.25,
      swarm: 0.4,
      swarmCoreBusy: isSurge ? 0.75 : 0.5,
      foreign: 0.04,
    },
    probeMs: isSurge ? null : 3,
    lateShare: 0.002,
    objectives: {
      ejections: { value: firstIn === 0 ? null : lost / firstIn, isBroken: lost > 0 },
      answered: { value: second > SURGE_START_S ? 0.4 : null, isBroken: second > SURGE_START_S },
    },
  });
}

function holding(second: number): SecondFrame {
  const arrived = arrivedBy(second);
  const inMain = Math.min(arrived, SEATS);
  const overflow = between(arrived - SEATS, 0, SEATS);
  const joins = Math.min(arrived, 2 * SEATS) - Math.min(arrivedBy(second - 1), 2 * SEATS);
  return handSecond({
    nightMs: 1000 * second,
    crowd: {
      ...zeros(LIVE_STATES),
      in: inMain,
      overflow,
      queueing: arrived - inMain - overflow,
    },
    arrived,
    joins,
    phaseMs: joins > 0 ? phases(4) : noPhases(),
    rooms: [
      { id: 'main', kind: 'main', taken: inMain, seats: SEATS },
      ...(overflow > 0
        ? [{ id: 'overflow-1', kind: 'overflow' as const, taken: overflow, seats: SEATS }]
        : []),
    ],
    cpu: { server: 0.3, worker: 0.35, swarm: 0.4, swarmCoreBusy: 0.5, foreign: 0.04 },
    probeMs: 3,
    lateShare: 0.002,
    objectives: {
      ejections: { value: 0, isBroken: false },
      answered: { value: second > SURGE_START_S ? 1 : null, isBroken: false },
    },
  });
}

function arrivedBy(second: number): number {
  if (second <= SURGE_START_S) return between(30 * second, 0, 600);
  return Math.round(between(600 + (4_000 * (second - SURGE_START_S)) / 30, 600, PEOPLE));
}

function firstInBy(second: number): number {
  return second <= SURGE_START_S
    ? arrivedBy(second)
    : between(600 + 30 * (second - SURGE_START_S), 600, 1_500);
}

function lostBy(second: number): number {
  return between(35 * (second - 45), 0, 1_050);
}

function byCause(lost: number): Record<string, number> {
  if (lost === 0) return {};
  const timedOut = Math.round(0.8 * lost);
  return { 'pong-timeout': timedOut, 'connection-lost': lost - timedOut };
}

function phases(ms: number): Readonly<Record<Phase, number | null>> {
  return { ...noPhases(), dial: ms, hallway: ms / 2, signal: 2 * ms, firstAudio: ms };
}

function noPhases(): Readonly<Record<Phase, number | null>> {
  return Object.fromEntries(PHASES.map((phase) => [phase, null])) as Record<Phase, null>;
}

function zeros(names: readonly LiveState[]): Record<LiveState, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<LiveState, number>;
}

function between(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
