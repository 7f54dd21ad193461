/** From what the rehearsal observes of a night to what the live page is told of it: differences, means and shares. */
import { format, NONE } from '../../reports/render/format.ts';
import type { Summary } from '../../reports/summary.ts';
import { nightTimes, type Scenario } from '../../scenarios/schema.ts';
import { LIVE_STATES, type LiveState, PHASES, type Phase } from '../../simulator/listener/tally.ts';
import type { LiveRoom, MarkFrame, NightFrame, SecondFrame, VerdictFrame } from './frames.ts';
import { limitsOf, standingsOf, type Told } from './live-objectives.ts';

/** What is known of a night before it begins. */
export type NightToTell = {
  readonly nth: number;
  readonly name: string;
  /** At its size. */
  readonly scenario: Scenario;
  readonly people: number;
  readonly seed: number;
  readonly scale: number;
  readonly timeScale: number;
  readonly mainSeats: number;
  readonly overflowSeats: number;
};

/** A room as its server tells it; seats null: without limit. */
export type ToldRoom = Omit<LiveRoom, 'seats'> & { readonly seats: number | null };

/** One second of the night, as the rehearsal observes it. */
export type ObservedSecond = {
  readonly nightMs: number;
  readonly counters: Told;
  /** Null where there is no /proc. */
  readonly sample: {
    readonly elapsedMs: number;
    readonly cpuMs: ReadonlyMap<string, number>;
    readonly coreBusyShare: readonly number[];
    readonly foreignCpuShare: readonly number[];
  } | null;
  readonly probeMs: number | null;
  readonly rooms: { readonly rooms: readonly ToldRoom[] } | null;
};

const CAUSE = 'ejected.';

export class NightStory {
  readonly #night: NightToTell;
  #before: Told = {};

  constructor(night: NightToTell) {
    this.#night = night;
  }

  begins(): NightFrame {
    const { scenario, nth, name, people, seed, scale, timeScale, mainSeats, overflowSeats } = this.#night;
    const { surgeStartMs, surgeEndMs, nightEndMs } = nightTimes(scenario);
    return {
      type: 'night',
      ...{ nth, name, title: scenario.title, people, seed, scale, timeScale },
      ...{ surgeStartMs, surgeEndMs, nightEndMs },
      moments: scenario.moments.map(({ afterSurgeStartMs, title }) => {
        return { nightMs: surgeStartMs + afterSurgeStartMs, title };
      }),
      ...{ mainSeats, overflowSeats },
      objectives: limitsOf(scenario.objectives),
    };
  }

  mark(kind: MarkFrame['kind'], nightMs: number, text: string): MarkFrame {
    return { type: 'mark', nth: this.#night.nth, kind, nightMs: Math.round(nightMs), text };
  }

  second({ nightMs, counters, sample, probeMs, rooms }: ObservedSecond): SecondFrame {
    const { nth, scenario, mainSeats } = this.#night;
    const before = this.#before;
    const risen = (name: string) => (counters[name] ?? 0) - (before[name] ?? 0);
    const joins = risen('firstIns');
    this.#before = counters;
    return {
      type: 'second',
      nth,
      nightMs: Math.round(nightMs),
      crowd: Object.fromEntries(
        LIVE_STATES.map((state) => [state, counters[`crowd.${state}`] ?? 0]),
      ) as Record<LiveState, number>,
      arrived: counters['arrived'] ?? 0,
      joins,
      losses: risen('ejected'),
      lossesByCause: Object.fromEntries(
        Object.entries(counters)
          .filter(([name]) => name.startsWith(CAUSE))
          .map(([name, losses]) => [name.slice(CAUSE.length), losses]),
      ),
      phaseMs: Object.fromEntries(
        PHASES.map((phase) => [phase, meanOf(risen(`phaseMs.${phase}`), joins)]),
      ) as Record<Phase, number | null>,
      rooms: rooms === null ? null : rooms.rooms.map((room) => withSeats(room, mainSeats)),
      cpu: sample === null ? null : cpuOf(sample),
      probeMs: probeMs === null ? null : rounded(probeMs, 1),
      lateShare: rounded((counters['late'] ?? 0) / Math.max(1, counters['arrived'] ?? 0), 4),
      objectives: standingsOf(scenario.objectives, counters),
    };
  }

  /** @param summary null: the night was stopped before it was measured. */
  verdict(summary: Pick<Summary, 'verdict'> | null): VerdictFrame {
    const { nth } = this.#night;
    if (summary === null) return { type: 'verdict', nth, result: null, reasons: [], objectives: [] };
    const { result, reasons, objectives } = summary.verdict;
    return {
      type: 'verdict',
      nth,
      result,
      reasons,
      objectives: objectives.flatMap(({ id, pass, measured, unit, reason }) =>
        pass === null
          ? []
          : [{ id, isPass: pass, measured: measured === null ? (reason ?? NONE) : format(measured, unit) }],
      ),
    };
  }
}

/** Whose phase took no time has had none. */
function meanOf(sumMs: number, people: number): number | null {
  return people > 0 && sumMs > 0 ? rounded(sumMs / people, 1) : null;
}

/** A room without limit is drawn against the seats that were planned for it. */
export function withSeats({ id, kind, taken, seats }: ToldRoom, planned: number): LiveRoom {
  return { id, kind, taken, seats: seats ?? planned };
}

function cpuOf(sample: NonNullable<ObservedSecond['sample']>): SecondFrame['cpu'] {
  const { elapsedMs, cpuMs, coreBusyShare, foreignCpuShare } = sample;
  // The first look has nothing to compare with.
  if (cpuMs.size === 0) return null;
  const shareOf = (is: (name: string) => boolean) => {
    let ms = 0;
    for (const [name, used] of cpuMs) if (is(name)) ms += used;
    return rounded(ms / elapsedMs, 3);
  };
  return {
    server: shareOf((name) => name === 'server'),
    worker: shareOf((name) => name === 'worker'),
    swarm: shareOf((name) => name.startsWith('swarm-')),
    swarmCoreBusy: rounded(coreBusyShare[0] ?? 0, 3),
    foreign: rounded(Math.max(0, ...foreignCpuShare.slice(0, 2)), 3),
  };
}

function rounded(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
