/** What is known of a night against the server of known truth, in the terms in which a summary measures it; ms. */
import type { Played } from './known-night.ts';
import type { Join, RelayedJoin } from './ledger.ts';
import type { Relayed } from './relayed-night.ts';

/** Of every night here. */
export const SURGE_START_MS = 1_800;
export const DELAYS = { dialMs: 30, hallwayMs: 45, signalMs: 60, queueMs: 250 };
/** Some thousands of frames a second with two or three hundred inside. */
export const FLOOD = { floodEveryMs: 30 };

export const PHASES = ['dial', 'hallway', 'signal', 'queue'] as const;
export type SignalPhase = (typeof PHASES)[number];

export const msBetween = (from: string | bigint, to: string | bigint) =>
  Number(BigInt(to) - BigInt(from)) / 1e6;

/** An observed value, as in the measures. */
export function nearestRank(samples: readonly number[], q: number): number {
  return samples.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * samples.length - 1e-9) - 1)]!;
}

/** What the server held somebody back in each phase. */
export const HELD_BACK: Readonly<Record<SignalPhase, (join: Join) => number>> = {
  dial: (join) => msBetween(join.dialHeardNs, join.openedNs),
  hallway: (join) => msBetween(join.hallwayHeardNs!, join.hallwaySentNs!),
  signal: (join) => msBetween(join.askHeardNs!, join.waitingSentNs!),
  queue: (join) => msBetween(join.waitingSentNs!, join.seatedSentNs!),
};

/** First joins of those who were to come in the surge. */
export function surgeJoins({ ledger, intendedMs }: Played): Join[] {
  const first = new Map<number, Join>();
  for (const join of ledger.joins)
    if (join.personId !== null && !first.has(join.personId)) first.set(join.personId, join);
  return [...first.values()].filter(({ personId }) => intendedMs[personId!]! >= SURGE_START_MS);
}

/** From the planned instant to the seat being sent. */
export function wholeWay(played: Played): number[] {
  return surgeJoins(played).map(
    (join) => msBetween(played.startNs, join.seatedSentNs!) - played.intendedMs[join.personId!]!,
  );
}

/** What ends the phases of media: the crowd's row, and the relay's instant before it passed that packet on. */
export const MEDIA_ENDS = [
  ['ice', 'icePassedNs'],
  ['dtls', 'dtlsEndedNs'],
  ['first-audio', 'firstAudioNs'],
] as const;

/**
 * How late the crowd heard of packets that the relay passed on. If each is late by at most so much, so is the nth of all
 * behind the nth of all: nobody need know whose packet it was.
 */
export function latenessMs(
  { rows, ledger }: Relayed,
  [type, instant]: readonly [type: string, instant: keyof RelayedJoin],
): number[] {
  const bySize = (a: bigint, b: bigint) => (a < b ? -1 : 1);
  const heard = rows.filter((row) => row.type === type).map(({ tNs }) => tNs);
  const passed = ledger.joins.map((join) => BigInt(join[instant]!)).toSorted(bySize);
  return heard.toSorted(bySize).map((tNs, nth) => Number(tNs - passed[nth]!) / 1e6);
}
