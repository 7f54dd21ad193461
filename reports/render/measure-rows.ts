/** The figures that a table of runs shows, in the order in which a reader asks for them. */
import type { Summary } from '../summary.ts';
import type { Unit } from './format.ts';

export type MeasureRow = {
  readonly path: string;
  readonly label: string;
  readonly unit: Unit;
  /** Also in the short table that a terminal shows. */
  readonly short?: true;
};
export type MeasureGroup = { readonly title: string; readonly rows: readonly MeasureRow[] };

const group = (
  title: string,
  ...rows: readonly (readonly [string, string, Unit, 'short'?])[]
): MeasureGroup => ({
  title,
  rows: rows.map(([path, label, unit, short]) => ({
    path,
    label,
    unit,
    ...(short === undefined ? {} : { short: true as const }),
  })),
});

const BODY_NAMES: Readonly<Record<string, string>> = {
  webrtc: 'with real audio (webrtc)',
  browser: 'real browser pages (browser)',
  k6: 'in a k6 process (k6)',
  rtp: 'with audio that is counted, not decrypted (rtp)',
  signal: 'signalling only (signal)',
};

export function bodyName(body: string): string {
  return BODY_NAMES[body] ?? body;
}

/** Bodies of any of the runs, the headline first. */
export function bodiesOf(summaries: readonly Summary[]): string[] {
  const bodies = new Set(summaries.flatMap(({ joinLatencyMs }) => Object.keys(joinLatencyMs)));
  const order = Object.keys(BODY_NAMES);
  return [...bodies].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** All groups for these runs; join latency has a row for each body that any of them has. */
export function measureGroups(summaries: readonly Summary[]): MeasureGroup[] {
  const bodies = bodiesOf(summaries);
  return [
    group(
      'The crowd',
      ['crowd.arrived', 'People who set out', 'people', 'short'],
      ['crowd.joined', 'Got in at least once', 'people', 'short'],
      ['crowd.neverIn', 'Never got in', 'people', 'short'],
      ['crowd.neverInShare', 'Never got in, share', 'share', 'short'],
      ['crowd.gaveUp', '… of their own will', 'people'],
      ['crowd.refused', '… after a last “full”', 'people'],
      ['crowd.waitingAtEnd', '… still trying at the end', 'people'],
      ['crowd.lost', '… unaccounted for', 'people'],
      ['crowd.answeredWithin2sShare', 'Answered within 2 s (surge)', 'share', 'short'],
    ),
    {
      title: 'Join latency, over all arrivals of the surge',
      rows: bodies.flatMap((body) => [
        ...(['p50', 'p90', 'p99'] as const).map(
          (quantile): MeasureRow => ({
            path: `joinLatencyMs.${body}.${quantile}`,
            label: `${body}, ${quantile}`,
            unit: 'ms',
            ...(quantile === 'p90' ? {} : { short: true as const }),
          }),
        ),
        { path: `joinLatencyMs.${body}.ofJoined.p50`, label: `${body}, p50 of those who got in`, unit: 'ms' },
        { path: `joinLatencyMs.${body}.ofJoined.p99`, label: `${body}, p99 of those who got in`, unit: 'ms' },
      ]),
    },
    group(
      'Thrown out',
      ['ejections.involuntary', 'Seats lost against their will', 'count', 'short'],
      ['ejections.people', 'People who lost one', 'people', 'short'],
      ['ejections.involuntaryShare', '… share of those who got in', 'share'],
      ['ejections.returned', 'Were in again', 'people', 'short'],
      ['ejections.stranded', 'Tried to come back and could not', 'people', 'short'],
      ['ejections.didNotTry', 'Did not try', 'people'],
      ['ejections.rejoinAttempts', 'Tries to come back', 'count', 'short'],
      ['ejections.returnMs.p50', 'Time to come back, p50', 'ms'],
      ['ejections.returnMs.p99', 'Time to come back, p99', 'ms'],
    ),
    group(
      'Those already inside',
      ['incumbents.count', 'Inside when the surge began', 'people'],
      ['incumbents.counted', '… whose packets are counted', 'people'],
      ['incumbents.lossShareBefore', 'Packets lost before', 'share'],
      ['incumbents.lossShareSurge', 'Packets lost in the surge', 'share', 'short'],
      ['incumbents.longestGapMs', 'Longest silence in the surge', 'ms', 'short'],
      ['incumbents.lateMs', 'Heard late by, at most, in the surge', 'ms', 'short'],
      ['incumbents.harmedShare', 'Lost more than 1 % of the packets', 'share'],
      ['incumbents.worstGapP99Ms', 'Silences of the worst off, p99', 'ms'],
      ['incumbents.listenerLossShareSurge.p99', 'Packets lost by a listener, p99', 'share'],
      ['incumbents.listenerGapSurgeMs.p50', "A listener's longest silence, median", 'ms'],
      ['incumbents.jitterBeforeMs.p99', "A listener's jitter before, p99", 'ms'],
      ['incumbents.jitterSurgeMs.p99', "A listener's jitter in the surge, p99", 'ms'],
      ['incumbents.jitterAddedMs.p99', 'Jitter that the surge added, p99', 'ms'],
    ),
    group(
      'Overflow',
      ['overflow.roomsOpened', 'Overflow rooms opened', 'count', 'short'],
      ['overflow.openedAtMs', 'First one, from the start', 'ms'],
      ['overflow.seatedMax', 'Seated there at most', 'people', 'short'],
      ['overflow.withMedia', 'Seated there with real audio', 'people'],
      ['overflow.hearing', '… heard 95 % of the packets', 'people', 'short'],
      ['overflow.relayLagMs.p50', 'Heard later than the main room, p50', 'ms'],
      ['overflow.relayLagMs.p99', 'Heard later than the main room, p99', 'ms'],
      ['overflow.promoted', 'Promoted to the main room', 'people'],
      ['overflow.promotionGapMs.max', 'Silence across a promotion, longest', 'ms'],
    ),
    group(
      'Admission',
      ['admission.seatsFilledShare', "Seats filled at the tail's end", 'share', 'short'],
      ['admission.overAdmitted', 'Seats over the cap, at most', 'count', 'short'],
      ['admission.queued', 'Places given in the queue', 'count'],
      ['admission.fifoInversions', 'Overtaken in the queue', 'count'],
      ['admission.etaErrorMs', 'Told wait, mean error', 'ms'],
      ['admission.ghostSeats', 'Ghost seats', 'count'],
      ['admission.leakedSeats', 'Leaked seats', 'count'],
      ['admission.replayedTickets', 'Tickets accepted twice', 'count'],
      ['admission.seats.taken', 'Seats taken', 'count'],
      ['admission.seats.held', 'Times a seat was held', 'count'],
      ['admission.seats.expired', 'Held seats not come back to', 'count'],
      ['admission.seats.atEnd', 'Taken or held at the end', 'count'],
      ['admission.ticketsIssued', 'Tickets issued', 'count'],
      ['admission.ticketsRedeemed', '… used', 'count'],
      ['admission.ticketsRefused', '… refused', 'count'],
    ),
    group(
      'What it was good for',
      ['goodput.share', 'Wanted listening that was served', 'share', 'short'],
      ['goodput.listenerSecondsWanted', '… wanted', 'seconds'],
      ['fairness.waitMs.p50', 'Wait of those who got in, p50', 'ms'],
      ['fairness.waitMs.p95', 'Wait of those who got in, p95', 'ms', 'short'],
      ['fairness.waitMs.max', 'Wait of those who got in, longest', 'ms'],
      ['fairness.jainIndex', "Fairness of the waits (Jain's index)", 'ratio', 'short'],
      ['fairness.overtakenShare', 'In after somebody who came later', 'share'],
      ['recovery.ms', 'Calm again after the surge', 'ms', 'short'],
    ),
    group(
      'Rooms of their own, and the hallway',
      ['parallel.roomsOpened', 'Rooms that listeners opened', 'count'],
      ['parallel.aside', 'Went there instead', 'people'],
      ['parallel.hallwayRequests', 'Lists of rooms given', 'count'],
      ['parallel.hallwayRequestsPerSecondMax', '… in the busiest second', 'count'],
    ),
    group(
      'What it cost the server',
      ['server.cpuSeconds', 'CPU, server and media worker', 'seconds', 'short'],
      ['server.cpuSecondsByProcess.server', '… server', 'seconds'],
      ['server.cpuSecondsByProcess.worker', '… media worker', 'seconds'],
      ['server.cpuShareMax', 'Busiest second', 'cores'],
      ['server.stallMsMax', 'Longest without an answer', 'ms', 'short'],
      ['server.rssBytesMax', 'Memory at most', 'bytes'],
      ['server.presenceDeliveries', 'Presence frames sent', 'count', 'short'],
      ['server.presenceDeliveriesPerSecondMax', '… in the busiest second', 'count'],
      ['server.messages.out', 'Messages sent', 'count'],
      ['server.bytes.out', 'Bytes sent', 'bytes'],
    ),
  ];
}

/** Figures about the generator: how far the others can be trusted. */
export const TRUST_ROWS: readonly MeasureRow[] = group(
  'The generator',
  ['generator.slipMs.p50', 'Arrivals late by, p50', 'ms'],
  ['generator.slipMs.p99', 'Arrivals late by, p99 (void over 50 ms)', 'ms'],
  ['generator.slipMs.max', 'Arrivals late by, at most', 'ms'],
  ['generator.coreBusySeconds', "Swarm's core over 90 % busy in the surge (void over 2 s)", 'seconds'],
  ['generator.foreignCpuShare', "Other programs on the swarm's core, surge (void over 30 %)", 'share'],
  ['server.foreignCpuShare', "Other programs on the server's core, surge (void over 30 %)", 'share'],
  ['generator.stallMsMax', "Swarm's longest standstill", 'ms'],
  ['generator.napMsMax', 'Longest nap: a signal may be noticed this late', 'ms'],
  ['generator.cpuSeconds', 'CPU of the swarm', 'seconds'],
  ['generator.cpuShareMax', '… busiest second', 'cores'],
  ['generator.rssBytesMax', 'Memory at most', 'bytes'],
).rows;
