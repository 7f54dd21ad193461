/**
 * One calm night of one plan, carried out by one driver alone: the same people, at the same instants, into a room with
 * seats for all. What is read from it is what drivers can be compared by.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { measure } from '../../reports/measures/index.ts';
import type { RunStore } from '../../reports/store/open-run.ts';
import { nightTimes, type Scenario } from '../../scenarios/schema.ts';
import type { BodyName } from '../../simulator/plan/bodies.ts';
import { type NightCosts, readNightCosts } from '../night-costs.ts';
import { playPassingNight } from '../passing-night.ts';
import { type PreparedNight, prepareNight } from '../prepare.ts';
import type { Joins } from './compare.ts';
import { type NoTap, openTap, type Tap, type TapCount } from './tap.ts';
import { type Traffic, trafficBetween } from './traffic.ts';

/** Every driver of a person but rtp, which has no handshake to compare. */
export const DRIVERS = ['signal', 'webrtc', 'k6', 'browser'] as const satisfies readonly BodyName[];
export type Driver = (typeof DRIVERS)[number];

/** What the processes take when nobody is there. */
const QUIET_MS = 8_000;
/** Before that, a server that was started just now still compiles and cleans up. */
const WARM_UP_MS = 8_000;
/** Long enough for a few receiver reports of each listener, which may be 5 s apart and more. */
const STEADY_MS = 20_000;
const PHASES = {
  rampMs: 0,
  baselineMs: WARM_UP_MS + QUIET_MS,
  surgeMs: 24_000,
  tailMs: STEADY_MS + 4_000,
};
const LEAVING_MS = 4_000;

export type ParityNight = {
  readonly driver: Driver;
  readonly joins: Joins;
  readonly joined: number;
  /** Who heard something. */
  readonly heard: number;
  readonly ejected: number;
  /** How long each page took to load; empty for whoever has none. */
  readonly pageLoadsMs: readonly number[];
  /** Pages that were not there when their person set out: what that took is in nobody's joins. */
  readonly latePages: number;
  readonly costs: NightCosts;
  /** While everybody listens. */
  readonly traffic: Traffic | NoTap;
  /** Mean share of a core, over all of them, that went to programs which are none of ours. */
  readonly foreignCores: number;
};

/**
 * @param base gives people's habits, apps and servers.
 * @throws NotReadyError when this machine lacks what the driver needs.
 */
export function prepareParityNight(
  base: Scenario,
  driver: Driver,
  people: number,
  seed: number,
  rtcPort: number,
): PreparedNight {
  const prepared = prepareNight({
    scenario: {
      ...base,
      phases: { ...PHASES, leavingMs: LEAVING_MS },
      incumbents: { count: 0, model: { kind: 'even' }, speakers: 0 },
      moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors', action: null }],
      waves: [
        {
          id: 'people',
          from: 'inside',
          moment: 'doors',
          count: people,
          overMs: PHASES.surgeMs,
          model: { kind: 'even' },
          hallwayMs: 0,
        },
      ],
      rooms: {
        ...base.rooms,
        main: { ...base.rooms.main, seats: 2 * people },
        overflow: { ...base.rooms.overflow, roomsMax: 0 },
      },
      // Nobody leaves before the end: the steady window is to have everybody in.
      crowd: { ...base.crowd, stayMeanMs: 86_400_000 },
    },
    seed,
    scale: 1,
    timeScale: 1,
    profile: 'guarded',
    features: [],
    bodies: { ...{ signal: 0, webrtc: 0, rtp: 0, k6: 0 }, [driver]: 1 },
    target: null,
    port: 0,
    rtcPort,
    faults: [],
  });
  // A page takes more of one core than is left beside others: what waits for a core is no difference of the drivers.
  return { ...prepared, unpinned: true };
}

/** A UDP port that nobody has now. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** Plays it. @param tapProgram counts packets meanwhile; or why nothing does. */
export async function playParityNight(
  prepared: PreparedNight,
  driver: Driver,
  tapProgram: { readonly program: string } | NoTap,
  stop: AbortSignal,
): Promise<ParityNight> {
  const tap = 'why' in tapProgram ? tapProgram : await openTap(tapProgram.program, prepared.rtcPort);
  const steady = new SteadyTraffic(tap, nightTimes(prepared.scenario).tailEndMs);
  try {
    return await playPassingNight(
      prepared,
      stop,
      async (run) => readNight(run, driver, await steady.traffic()),
      (observation) => {
        if (observation.type === 'second') steady.second(observation.nightMs);
      },
    );
  } finally {
    if ('close' in tap) tap.close();
  }
}

/** Reads the tap at the beginning and at the end of the steady window. */
class SteadyTraffic {
  readonly #tap: Tap | NoTap;
  readonly #tailEndMs: number;
  #readings: { readonly nightMs: number; readonly counts: Promise<readonly TapCount[]> }[] = [];

  constructor(tap: Tap | NoTap, tailEndMs: number) {
    this.#tap = tap;
    this.#tailEndMs = tailEndMs;
  }

  /** Called each second: the first in the window begins it, the last one ends it. */
  second(nightMs: number): void {
    if (!('read' in this.#tap)) return;
    if (nightMs < this.#tailEndMs - STEADY_MS || nightMs > this.#tailEndMs) return;
    const reading = { nightMs, counts: this.#tap.read() };
    // Whoever awaits it hears of a failure.
    reading.counts.catch(() => {});
    this.#readings = [this.#readings[0] ?? reading, reading];
  }

  async traffic(): Promise<Traffic | NoTap> {
    if ('why' in this.#tap) return this.#tap;
    const [first, last] = this.#readings;
    if (first === undefined || last === undefined || first === last)
      return { why: 'not measured: the night was over before its steady window' };
    return trafficBetween(await first.counts, await last.counts, (last.nightMs - first.nightMs) / 1000);
  }
}

async function readNight(run: RunStore, driver: Driver, traffic: Traffic | NoTap): Promise<ParityNight> {
  // Builds the tables of the measures: joins are to mean here what they mean in a report.
  await measure(run);
  const phases = await run.query(`
    WITH late AS (
      SELECT people.person_id, greatest(0, min(t_ns) - any_value(intended_ns)) / 1e6 AS ms FROM events JOIN people USING (person_id)
      WHERE type = 'page-loaded' GROUP BY people.person_id
    ), each_phase AS (
      SELECT person_id, phase, ms FROM phases
      UNION ALL
      SELECT person_id, 'join', (first_in_ns - intended_ns) / 1e6 FROM people WHERE first_in_ns IS NOT NULL
    )
    SELECT person_id, phase,
      each_phase.ms - CASE WHEN phase IN ('retries', 'join') THEN coalesce(late.ms, 0) ELSE 0 END AS ms
    FROM each_phase LEFT JOIN late USING (person_id)`);
  const joins = new Map<number, Map<string, number>>();
  for (const row of phases) {
    const personId = Number(row['person_id']);
    const known = joins.get(personId) ?? new Map<string, number>();
    joins.set(personId, known.set(String(row['phase']), Number(row['ms'])));
  }
  const [row] = await run.query(`
    SELECT (SELECT count(*) FROM people WHERE first_in_ns IS NOT NULL) AS joined,
      (SELECT count(DISTINCT person_id) FROM events WHERE side = 'listener' AND type = 'first-audio') AS heard,
      (SELECT count(*) FROM ejected) AS ejected,
      (SELECT sum(share) FROM (SELECT avg(value) AS share FROM events WHERE type = 'foreign-cpu' GROUP BY cause))
        AS foreign_cores,
      (SELECT count(*) FROM events JOIN people USING (person_id) WHERE type = 'page-loaded' AND t_ns > intended_ns)
        AS late_pages`);
  const loads = await run.query("SELECT value FROM events WHERE type = 'page-loaded'");
  return {
    driver,
    joins,
    joined: Number(row!['joined']),
    heard: Number(row!['heard']),
    ejected: Number(row!['ejected']),
    pageLoadsMs: loads.map(({ value }) => Number(value)),
    latePages: Number(row!['late_pages']),
    costs: await readNightCosts(run, { steadyMs: STEADY_MS, quietMs: QUIET_MS }),
    traffic,
    foreignCores: Number(row!['foreign_cores'] ?? 0),
  };
}
