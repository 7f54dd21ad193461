/**
 * A night at another size. `scale` changes people, seats and the pace at which they are given out;
 * `timeScale` changes times, and rates with their inverse. Every time is listed, also those that do not follow,
 * because a reader must know what a compressed night still shares with the real one.
 */
import { UsageError } from '../../errors.ts';
import type { ArrivalModel, Scenario } from '../../scenarios/schema.ts';

/** What became of each time of a night: by path, in ms. */
export type TimeScaling = {
  readonly scaled: readonly { readonly path: string; readonly ms: number; readonly scaledMs: number }[];
  readonly notScaled: readonly { readonly path: string; readonly ms: number }[];
};

/** The schema asks for a baseline of a second at least: less would be no window to compare with. */
const BASELINE_MS_MIN = 1000;
/** The media server takes no less. */
const ICE_CONSENT_MS_MIN = 10_000;

/**
 * Scales a night.
 *
 * @param scale people of the result for each one of the night; counts stay at least 1.
 * @param timeScale milliseconds of the result for each one of the night; 0.5 plays it at double speed.
 * @throws UsageError when a scale is not a positive number, or a kernel's compression would fall below 1.
 */
export function scaleScenario(
  scenario: Scenario,
  scale: number,
  timeScale: number,
): { readonly scenario: Scenario; readonly times: TimeScaling } {
  for (const [name, value] of [
    ['scale', scale],
    ['time-scale', timeScale],
  ] as const) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new UsageError(
        'bad-scale',
        `expected a positive --${name}, got ${value}`,
        `for example --${name} 0.5`,
      );
    }
  }
  return scaleTimes(scalePeople(scenario, scale), timeScale);
}

function scalePeople(night: Scenario, scale: number): Scenario {
  const people = (count: number) => (count === 0 ? 0 : Math.max(1, Math.round(count * scale)));
  const { pacing } = night.server;
  return {
    ...night,
    rooms: {
      main: { ...night.rooms.main, seats: people(night.rooms.main.seats) },
      overflow: { ...night.rooms.overflow, seats: people(night.rooms.overflow.seats) },
      parallel: { ...night.rooms.parallel, seats: people(night.rooms.parallel.seats) },
    },
    incumbents: {
      ...night.incumbents,
      count: people(night.incumbents.count),
      speakers: people(night.incumbents.speakers),
    },
    policies: mapPolicies(night.policies, (name, value) =>
      name === 'seatsPerSecond' ? value * scale : PEOPLE.has(name) ? people(value) : value,
    ),
    waves: night.waves.map((wave) => ({ ...wave, count: people(wave.count) })),
    server: {
      ...night.server,
      // The same share of the room a second, so that the queue keeps its shape.
      pacing: { seatsPerSecond: pacing.seatsPerSecond * scale, burst: people(pacing.burst) },
    },
  };
}

function scaleTimes(
  night: Scenario,
  timeScale: number,
): { readonly scenario: Scenario; readonly times: TimeScaling } {
  const scaled: { path: string; ms: number; scaledMs: number }[] = [];
  const time = (path: string, ms: number, leastMs = Number.NEGATIVE_INFINITY) => {
    const scaledMs = Math.max(leastMs, ms * timeScale);
    scaled.push({ path, ms, scaledMs });
    return scaledMs;
  };
  const { phases, crowd, client, server } = night;
  const scenario: Scenario = {
    ...night,
    phases: {
      rampMs: time('phases.rampMs', phases.rampMs),
      baselineMs: time('phases.baselineMs', phases.baselineMs, BASELINE_MS_MIN),
      surgeMs: time('phases.surgeMs', phases.surgeMs),
      tailMs: time('phases.tailMs', phases.tailMs),
      leavingMs: time('phases.leavingMs', phases.leavingMs),
    },
    moments: night.moments.map((moment, nth) => ({
      ...moment,
      afterSurgeStartMs: time(`moments.${nth}.afterSurgeStartMs`, moment.afterSurgeStartMs),
    })),
    incumbents: { ...night.incumbents, model: scaleModel(night.incumbents.model, timeScale) },
    waves: night.waves.map((wave, nth) => ({
      ...wave,
      overMs: time(`waves.${nth}.overMs`, wave.overMs),
      hallwayMs: time(`waves.${nth}.hallwayMs`, wave.hallwayMs),
      model: scaleModel(wave.model, timeScale),
    })),
    crowd: {
      ...crowd,
      startPatience: {
        graceMs: time('crowd.startPatience.graceMs', crowd.startPatience.graceMs),
        // A share a second is no time: who is left after a second must be left after a scaled second.
        leavePerSecond: 1 - (1 - crowd.startPatience.leavePerSecond) ** (1 / timeScale),
      },
      queuePatienceMeanMs: time('crowd.queuePatienceMeanMs', crowd.queuePatienceMeanMs),
      stayMeanMs: time('crowd.stayMeanMs', crowd.stayMeanMs),
      returnLate: { ...crowd.returnLate, meanMs: time('crowd.returnLate.meanMs', crowd.returnLate.meanMs) },
      hand: { ...crowd.hand, meanMs: time('crowd.hand.meanMs', crowd.hand.meanMs) },
      retap: {
        ...crowd.retap,
        firstMs: time('crowd.retap.firstMs', crowd.retap.firstMs),
        thenMeanMs: time('crowd.retap.thenMeanMs', crowd.retap.thenMeanMs),
      },
    },
    client: {
      heartbeatMs: time('client.heartbeatMs', client.heartbeatMs),
      pongTimeoutMs: time('client.pongTimeoutMs', client.pongTimeoutMs),
      joinTimeoutMs: time('client.joinTimeoutMs', client.joinTimeoutMs),
      mediaTimeoutMs: time('client.mediaTimeoutMs', client.mediaTimeoutMs),
      hallwayPollMs: time('client.hallwayPollMs', client.hallwayPollMs),
    },
    server: {
      ...server,
      heartbeatMissedMs: time('server.heartbeatMissedMs', server.heartbeatMissedMs),
      iceConsentMs: time('server.iceConsentMs', server.iceConsentMs, ICE_CONSENT_MS_MIN),
      ticketLifeMs: time('server.ticketLifeMs', server.ticketLifeMs),
      seatHoldMs: time('server.seatHoldMs', server.seatHoldMs),
      // Batches, cached lists and positions follow too: with arrivals twice as fast they would hold twice as much.
      presenceBatchMs: time('server.presenceBatchMs', server.presenceBatchMs),
      hallwayCacheMs: time('server.hallwayCacheMs', server.hallwayCacheMs),
      positionsEveryMs: time('server.positionsEveryMs', server.positionsEveryMs),
      pacing: { ...server.pacing, seatsPerSecond: server.pacing.seatsPerSecond / timeScale },
    },
    policies: mapPolicies(night.policies, (name, value, path) => {
      if (name === 'seatsPerSecond') return value / timeScale;
      return isTime(name) ? time(path, value) : value;
    }),
  };
  return { scenario, times: { scaled, notScaled: fixedTimes(night) } };
}

function scaleModel(model: ArrivalModel, timeScale: number): ArrivalModel {
  switch (model.kind) {
    case 'even':
      return model;
    case 'bass':
      return {
        kind: 'bass',
        innovatorsPerSecond: model.innovatorsPerSecond / timeScale,
        imitatorsPerSecond: model.imitatorsPerSecond / timeScale,
      };
    case 'seismic': {
      const compression = model.compression / timeScale;
      if (compression < 1) {
        throw new UsageError(
          'bad-scale',
          `expected a --time-scale of at most ${model.compression}, got ${timeScale}: the night would be slower than the real one`,
          'choose a smaller --time-scale',
        );
      }
      return { kind: 'seismic', compression };
    }
    case 'trace':
      return { ...model, quantilesMs: model.quantilesMs.map((atMs) => atMs * timeScale) };
  }
}

/** A time of the night; how late an event loop may be is none, as it is the machine that is late. */
function isTime(name: string): boolean {
  return name.endsWith('Ms') && !name.startsWith('eventLoopLag');
}

/** Parameters of a night's own policies that count people or seats. */
const PEOPLE = new Set(['seats', 'seatsMin', 'peopleMax', 'burst']);

function mapPolicies(
  policies: Scenario['policies'],
  change: (name: string, value: number, path: string) => number,
): Scenario['policies'] {
  const entries = Object.entries(policies).map(([policy, parts]) => [
    policy,
    parts.map((part, nth) => {
      const changed = Object.entries(part).map(([name, value]) => [
        name,
        typeof value === 'number' ? change(name, value, `policies.${policy}.${nth}.${name}`) : value,
      ]);
      return Object.fromEntries(changed) as (typeof parts)[number];
    }),
  ]);
  return Object.fromEntries(entries);
}

/** An Opus frame has one of a few legal lengths, and what a person hears or puts up with is not compressed. */
function fixedTimes(night: Scenario): { path: string; ms: number }[] {
  return [
    { path: 'server.frameMs', ms: night.server.frameMs },
    ...night.objectives.flatMap((objective, nth) => {
      if (objective.unit === 'ms') return [{ path: `objectives.${nth}.limit`, ms: objective.limit }];
      const within = /Within(\d+)s/.exec(objective.measure);
      return within === null ? [] : [{ path: `objectives.${nth}.measure`, ms: 1000 * Number(within[1]) }];
    }),
  ];
}
