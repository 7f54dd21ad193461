/**
 * The tester tested: a real crowd against a server whose every delay, ejection and standstill is known. What the night's
 * summary says must be what that server did, while everybody inside is flooded with presence.
 *
 * Bounds: 2 ms, 2 % of the delay, and what both ends state of their lateness in that run: the crowd its longest nap, and
 * for the worst cases the longest time without a turn of its loop, once for each time it listens; the server, whose
 * truth begins when it hears, by how much a turn came too late. Nothing may be shorter than the truth.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  DELAYS,
  FLOOD,
  HELD_BACK,
  msBetween,
  nearestRank,
  PHASES,
  SURGE_START_MS,
  surgeJoins,
  wholeWay,
} from './figures.ts';
import { knownNight, type Played, PONG_TIMEOUT_MS, playKnown } from './known-night.ts';

const FIXED_MS = 2;
const SHARE = 0.02;
/** Instants are rounded to microseconds on their way into a summary. */
const ROUNDING_MS = 0.01;

/** How often somebody must listen: the crowd to `answers`, the server to `requests` before its truth begins. */
type Heard = { readonly answers: number; readonly requests: number };
const HEARD = {
  // Two answers: that it is connected, and that the WebSocket stands.
  dial: { answers: 2, requests: 1 },
  hallway: { answers: 1, requests: 1 },
  signal: { answers: 1, requests: 1 },
  queue: { answers: 1, requests: 0 },
} as const satisfies Record<string, Heard>;
const ONE_ANSWER: Heard = { answers: 1, requests: 0 };
/** The end of a connection that lies behind other bytes is read a turn after them (libuv stops at a partial read). */
const BYTES_THEN_END: Heard = { answers: 2, requests: 0 };

function boundMs(knownMs: number, { napMs, stallMs, ledger }: Played, q: number, heard = ONE_ANSWER): number {
  const { answers, requests } = heard;
  // A nap between two turns is no stall; half of all people are not met by the longest stall of a night.
  const worstMs = q > 0.9 ? answers * stallMs + requests * ledger.lateMs : 0;
  return FIXED_MS + SHARE * knownMs + answers * napMs + worstMs;
}

/** Not shorter than what is known, and longer by no more than the bound. */
function expectWithin(measuredMs: number | null, knownMs: number, slackMs: number, canLead = 0): void {
  expect(measuredMs).not.toBeNull();
  expect(measuredMs!).toBeGreaterThan(knownMs - ROUNDING_MS - canLead);
  expect(measuredMs!).toBeLessThan(knownMs + slackMs);
}

/** Told, by a closed connection, and by silence. */
const EJECTIONS = [
  { personId: 3, afterSeatedMs: 900, how: 'told' },
  { personId: 4, afterSeatedMs: 1_100, how: 'closed' },
  { personId: 5, afterSeatedMs: 700, how: 'silent' },
  { personId: 150, afterSeatedMs: 200, how: 'told' },
  { personId: 151, afterSeatedMs: 500, how: 'closed' },
  { personId: 200, afterSeatedMs: 300, how: 'silent' },
  { personId: 201, afterSeatedMs: 0, how: 'closed' },
] as const;
const CAUSE_OF = { told: 'room-closed', closed: 'connection-lost', silent: 'pong-timeout' } as const;

describe('signal listeners under a flood of presence', () => {
  const INCUMBENTS = 140;
  const ARRIVALS = 200;
  let played: Played;
  beforeAll(async () => {
    const night = knownNight('signal', INCUMBENTS, ARRIVALS, 5_500);
    played = await playKnown({ ...DELAYS, ...FLOOD, ejections: [...EJECTIONS] }, night);
  }, 90_000);

  test('the flood was one: thousands of frames a second, and the crowd napped through it', () => {
    const seconds = 7.5;
    expect(played.ledger.framesSent / seconds).toBeGreaterThan(4_000);
    expect(played.napMs).toBeGreaterThan(0);
  });

  test.each(PHASES)('%s is what it is known to be, p50 and p99', (phase) => {
    const joins = surgeJoins(played);
    const measured = played.summary.joinLatencyMs['signal']!.phases[phase]!;
    expect([measured.samples, joins.length]).toEqual([ARRIVALS, ARRIVALS]);
    const known = joins.map(HELD_BACK[phase]);
    for (const [q, ms] of [
      [0.5, measured.p50],
      [0.99, measured.p99],
    ] as const) {
      const knownMs = nearestRank(known, q);
      const slackMs = boundMs(knownMs, played, q, HEARD[phase]);
      // A queue begins with an answer that may have been heard late by as much, which makes the rest shorter.
      expectWithin(ms, knownMs, slackMs, phase === 'queue' ? slackMs : 0);
    }
  });

  test('the whole way in counts from the planned instant', () => {
    const known = wholeWay(played);
    const measured = played.summary.joinLatencyMs['signal']!;
    expectWithin(measured.p50, nearestRank(known, 0.5), boundMs(0, played, 0.5));
    expectWithin(measured.p99, nearestRank(known, 0.99), boundMs(0, played, 0.99));
  });

  test('exactly these lost their seat, each by its cause, and all came back', () => {
    const { ejections } = played.summary;
    expect(ejections).toMatchObject({
      ...{ involuntary: EJECTIONS.length, people: EJECTIONS.length, returned: EJECTIONS.length },
      ...{ stranded: 0, didNotTry: 0, bySide: { listener: EJECTIONS.length, server: 0 } },
    });
    expect(ejections.byCause).toMatchObject({ 'room-closed': 2, 'connection-lost': 3, 'pong-timeout': 2 });
    const felt = played.rows.filter(({ type }) => type === 'ejected');
    const whoAndWhy = (list: readonly { readonly personId: number; readonly cause: string | null }[]) =>
      list.map(({ personId, cause }) => `${personId} ${cause}`).toSorted();
    expect(whoAndWhy(felt)).toEqual(
      whoAndWhy(EJECTIONS.map(({ personId, how }) => ({ personId, cause: CAUSE_OF[how] }))),
    );
  });

  test('... and when', () => {
    expect(played.ledger.ejections.map(({ personId }) => personId).toSorted()).toEqual(
      EJECTIONS.map(({ personId }) => personId).toSorted(),
    );
    for (const { personId, how, atNs, unansweredNs } of played.ledger.ejections) {
      const row = played.rows.find((one) => one.type === 'ejected' && one.personId === personId)!;
      if (how === 'silent') {
        // It had hung up a fixed time after it sent what was not answered; the server heard of that later.
        const heardLateMs = boundMs(0, played, 1, { answers: 0, requests: 1 });
        const waitedMs = msBetween(unansweredNs!, row.tNs);
        expectWithin(waitedMs, PONG_TIMEOUT_MS, boundMs(PONG_TIMEOUT_MS, played, 1), heardLateMs);
      } else {
        const slackMs = boundMs(0, played, 1, how === 'closed' ? BYTES_THEN_END : ONE_ANSWER);
        expectWithin(msBetween(atNs, row.tNs), 0, slackMs);
      }
    }
  });
});

/** Rows at which the phases of a join begin and end, as the crowd wrote them. */
const ROWS_OF = {
  dial: ['dial', 'opened'],
  hallway: ['opened', 'asked'],
  signal: ['asked', 'waiting'],
  queue: ['waiting', 'seated'],
} as const;

describe('the signalling of webrtc listeners under the same flood', () => {
  const ARRIVALS = 80;
  let played: Played;
  beforeAll(async () => {
    played = await playKnown({ ...DELAYS, ...FLOOD }, knownNight('webrtc', 120, ARRIVALS, 1_000));
  }, 90_000);

  test.each(PHASES)('%s is what it is known to be', (phase) => {
    // They never nap: what a nap allows the others is not allowed here.
    expect(played.napMs).toBe(0);
    const [begin, end] = ROWS_OF[phase];
    // There is no audio, so nobody is ever in, and the summary has no phases of theirs: the rows have.
    const at = (personId: number, type: string) =>
      played.rows.find((row) => row.personId === personId && row.type === type)!.tNs;
    const joins = surgeJoins(played);
    expect(joins).toHaveLength(ARRIVALS);
    const measured = joins.map(({ personId }) => msBetween(at(personId!, begin), at(personId!, end)));
    const known = joins.map(HELD_BACK[phase]);
    for (const q of [0.5, 0.99]) {
      const knownMs = nearestRank(known, q);
      const slackMs = boundMs(knownMs, played, q, HEARD[phase]);
      expectWithin(nearestRank(measured, q), knownMs, slackMs, phase === 'queue' ? slackMs : 0);
    }
  });
});

describe('a server that stands still for a second and a half', () => {
  const STALL_MS = 1_500;
  const ARRIVALS = 240;
  let played: Played;
  beforeAll(async () => {
    const night = knownNight('signal', 60, ARRIVALS, 2_500);
    played = await playKnown({ dialMs: 5, hallwayMs: 5, signalMs: 5, queueMs: 5, ...FLOOD }, night, STALL_MS);
  }, 90_000);

  /** Who was to come while it stood, and how long they still had to wait for its end, ms. */
  function metByStall(): { readonly personId: number; readonly leftMs: number }[] {
    const [stall] = played.ledger.stalls;
    return [...played.intendedMs].flatMap((intendedMs, personId) => {
      const intendedNs = played.startNs + BigInt(Math.round(intendedMs * 1e6));
      const leftMs = msBetween(intendedNs, stall!.endNs);
      return intendedNs >= BigInt(stall!.beginNs) && leftMs > 0 ? [{ personId, leftMs }] : [];
    });
  }

  test('it stood for exactly so long, and people went on arriving by their plan', () => {
    expect(played.ledger.stalls).toHaveLength(1);
    const [stall] = played.ledger.stalls;
    expect(msBetween(stall!.beginNs, stall!.endNs)).toBeGreaterThanOrEqual(STALL_MS);
    const met = metByStall();
    // 240 people over two seconds: three quarters of them.
    expect(met.length).toBeGreaterThan(0.7 * ARRIVALS);
    const arrived = new Map(
      played.rows.filter(({ type }) => type === 'arrive').map(({ personId, value }) => [personId, value!]),
    );
    for (const { personId } of met) {
      expect(arrived.get(personId)).toBeLessThan(FIXED_MS + 4 + played.napMs + played.stallMs);
    }
  });

  test('everybody who came meanwhile waited for its end, counted from their planned instant', () => {
    const seated = new Map<number, bigint>();
    for (const { type, personId, tNs } of played.rows)
      if (type === 'in' && !seated.has(personId)) seated.set(personId, tNs);
    for (const { personId, leftMs } of metByStall()) {
      const latencyMs = msBetween(played.startNs, seated.get(personId)!) - played.intendedMs[personId]!;
      expect(latencyMs).toBeGreaterThan(leftMs);
    }
  });

  test('p50, p90, p99 and the longest show it as it was', () => {
    const known = wholeWay(played);
    expect(known).toHaveLength(ARRIVALS);
    const measured = played.summary.joinLatencyMs['signal']!;
    for (const [q, ms] of [
      [0.5, measured.p50],
      [0.9, measured.p90],
      [0.99, measured.p99],
    ] as const) {
      expectWithin(ms, nearestRank(known, q), boundMs(0, played, q));
    }
    expect(measured.p99!).toBeGreaterThan(STALL_MS);
    const longestMs = Math.max(
      ...played.rows
        .filter(({ type, personId }) => type === 'in' && played.intendedMs[personId]! >= SURGE_START_MS)
        .map(({ tNs, personId }) => msBetween(played.startNs, tNs) - played.intendedMs[personId]!),
    );
    expectWithin(longestMs, Math.max(...known), boundMs(0, played, 1));
    expect(played.summary.ejections.involuntary).toBe(0);
  });
});
