/** The sections of a summary about the admission control and what it was good for. Nothing is computed here. */
import { count, finite } from './figures.ts';
import type { Measured } from './measures/index.ts';
import type { OracleRows } from './oracles/index.ts';
import type { Summary } from './summary-schema.ts';

/** @param reason why there are no rows of the server; null: there are. */
export function admissionOf(
  measured: Measured,
  oracles: OracleRows,
  reason: string | null,
): Summary['admission'] {
  const row = measured.admission[0]!;
  const figure = (name: string) => (reason === null ? finite(row, name) : null);
  const checked = (name: keyof OracleRows, column: string) =>
    reason === null ? finite(oracles[name], column) : null;
  return {
    overAdmitted: checked('over-admission', 'worst'),
    fifoInversions: checked('fifo-inversions', 'violations'),
    etaErrorMs: checked('estimated-wait', 'errorMs'),
    leakedSeats: checked('seats-leaked', 'violations'),
    ghostSeats: checked('ghosts', 'ghosts'),
    replayedTickets: checked('tickets-replayed', 'violations'),
    seats: {
      taken: figure('seatsTaken'),
      held: figure('seatsHeld'),
      released: figure('seatsReleased'),
      expired: figure('seatsExpired'),
      atEnd: figure('seatsAtEnd'),
    },
    ticketsIssued: figure('ticketsIssued'),
    ticketsRedeemed: figure('ticketsRedeemed'),
    ticketsRefused: figure('ticketsRefused'),
    queued: figure('queued'),
    seatsFilledShare: figure('seatsFilledShare'),
    reason,
  };
}

export function fairnessOf(measured: Measured): Summary['fairness'] {
  const row = measured.fairness[0]!;
  return {
    jainIndex: finite(row, 'jainIndex'),
    waitMs: { p50: finite(row, 'p50'), p95: finite(row, 'p95'), max: finite(row, 'max') },
    overtakenShare: finite(row, 'overtakenShare'),
    samples: count(row, 'samples'),
  };
}

export function goodputOf(measured: Measured): Summary['goodput'] {
  const row = measured.goodput[0]!;
  return {
    listenerSecondsWanted: count(row, 'listenerSecondsWanted'),
    listenerSecondsServed: count(row, 'listenerSecondsServed'),
    share: finite(row, 'share'),
  };
}

export function recoveryOf(measured: Measured): Summary['recovery'] {
  const row = measured.recovery[0]!;
  return { ms: finite(row, 'ms'), metastable: (row['metastable'] as boolean | null) ?? null };
}

/** @param reason why there are no rows of the server; null: there are. */
export function parallelOf(measured: Measured, reason: string | null): Summary['parallel'] {
  const row = measured.parallel[0]!;
  const figure = (name: string) => (reason === null ? finite(row, name) : null);
  return {
    roomsOpened: figure('roomsOpened'),
    seatedMax: figure('seatedMax'),
    aside: count(row, 'aside'),
    hallwayRequests: figure('hallwayRequests'),
    hallwayRequestsPerSecondMax: figure('hallwayRequestsPerSecondMax'),
  };
}
