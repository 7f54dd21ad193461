/**
 * The night that the gate plays over and over: a surge of some seconds in which everything happens once that a change of
 * the server may spoil. People of the night's own kinds and bodies come faster than they are seated, so that a queue forms
 * and drains; they stay a second or two, so that seats are given back and taken again; some lose their network and come back with
 * their tickets; and the timers are so short that a seat which was not given back shows before the end.
 *
 * It is a test load and no prediction: where the night itself holds is for `run` and `capacity` to say.
 */
import type { Scenario } from '../../scenarios/schema.ts';
import { nightTimes, scenarioSchema } from '../../scenarios/schema.ts';

/** Who is inside before, and who comes; a test plays fewer. */
export type SurgeSize = { readonly incumbents: number; readonly arrivals: number };
export const SURGE_SIZE: SurgeSize = { incumbents: 100, arrivals: 500 };

/** Times in ms. The tail is as long as a leaked seat needs to show: missed heartbeat, hold, and the check's 2 s. */
const PHASES = { rampMs: 800, baselineMs: 1_000, surgeMs: 3_000, tailMs: 4_600, leavingMs: 300 };
const STAY_MEAN_MS = 1_500;
/** The network fails for half of those inside, again and again: enough tickets are used that a slower check of them shows. */
const CUT_SHARE = 0.5;
const CUTS_AFTER_SURGE_START_MS = [1_200, 2_200, 3_200];
/** Nobody tires of the queue: who never got in was kept out by the server, and not by a draw. */
const ENDLESS_MS = 86_400_000;

/** The surge of a night, valid as any other night is. */
export function shortSurge(night: Scenario, size: SurgeSize = SURGE_SIZE): Scenario {
  const people = size.incumbents + size.arrivals;
  const { crowd, client, server } = night;
  return scenarioSchema.parse({
    ...night,
    title: `${night.title}: a short surge of it`,
    rooms: {
      // Together fewer seats than people, so that the queue forms by the cap as well as by the pace.
      main: { ...night.rooms.main, seats: Math.ceil(people * 0.3) },
      overflow: { seats: Math.ceil(people * 0.15), roomsMax: 1 },
      parallel: night.rooms.parallel,
    },
    phases: PHASES,
    moments: [{ id: 'surge', afterSurgeStartMs: 0, title: `They come at once` }],
    incumbents: { ...night.incumbents, count: size.incumbents, model: { kind: 'even' }, speakers: 0 },
    waves: shares(
      night.waves.map(({ count }) => count),
      size.arrivals,
    ).flatMap((count, nth) => {
      const { id, from } = night.waves[nth]!;
      const wave = { id, from, moment: 'surge', overMs: PHASES.surgeMs, model: { kind: 'even' as const } };
      return count === 0 ? [] : [{ ...wave, count }];
    }),
    crowd: {
      ...crowd,
      queuePatienceMeanMs: ENDLESS_MS,
      stayMeanMs: STAY_MEAN_MS,
      returnShare: 1,
      returnLate: { share: 0, meanMs: 1 },
      hand: { ...crowd.hand, meanMs: STAY_MEAN_MS / 2 },
      retap: { ...crowd.retap, firstMs: 150, thenMeanMs: 300 },
    },
    client: { ...client, heartbeatMs: 400 },
    server: {
      ...server,
      heartbeatMissedMs: 1_200,
      ticketLifeMs: 900,
      seatHoldMs: 900,
      presenceBatchMs: 500,
      hallwayCacheMs: 500,
      positionsEveryMs: 500,
      pacing: { seatsPerSecond: size.arrivals * 0.32, burst: Math.ceil(size.arrivals * 0.05) },
    },
    objectives: [
      {
        id: 'answered',
        title: 'A seat or a position within 2 s',
        measure: 'crowd.answeredWithin2sShare',
        op: '>=',
        limit: 0.99,
        unit: 'share',
      },
    ],
  });
}

/** The cuts, as `--fault` would have them. */
export function surgeFaults(surge: Scenario): readonly string[] {
  const { surgeStartMs } = nightTimes(surge);
  return CUTS_AFTER_SURGE_START_MS.map((afterMs) => `cut=${CUT_SHARE}@${surgeStartMs + afterMs}ms`);
}

/** `total` divided as the counts are, whole, by largest remainders. */
function shares(counts: readonly number[], total: number): readonly number[] {
  const sum = counts.reduce((all, count) => all + count, 0);
  const exact = counts.map((count) => (count / sum) * total);
  const whole = exact.map(Math.floor);
  const missing = total - whole.reduce((all, count) => all + count, 0);
  const byRemainder = exact
    .map((share, nth) => ({ nth, rest: share - whole[nth]! }))
    .sort((a, b) => b.rest - a.rest || a.nth - b.nth);
  for (const { nth } of byRemainder.slice(0, missing)) whole[nth]! += 1;
  return whole;
}
