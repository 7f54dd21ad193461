/** What a listener and the server send each other on the media port: rates while everybody listens. */
import { PACKET_CLASSES, type PacketClass, type TapCount } from './tap.ts';

type Sums = Readonly<Record<PacketClass, { readonly packets: number; readonly bytes: number }>>;

/** Some seconds of one night, or of several added up. */
export type Traffic = {
  /** Listeners times seconds. */
  readonly listenerSeconds: number;
  /** From the listeners to the server. */
  readonly in: Sums;
  /** From the server to the listeners. */
  readonly out: Sums;
};

/** What came between two readings. Whoever exchanged a packet in that time was a listener all the time. */
export function trafficBetween(
  before: readonly TapCount[],
  after: readonly TapCount[],
  seconds: number,
): Traffic {
  const key = ({ port, direction, kind }: TapCount) => `${port} ${direction} ${kind}`;
  const earlier = new Map(before.map((count) => [key(count), count]));
  const grown = after.flatMap((count) => {
    const then = earlier.get(key(count));
    const packets = count.packets - (then?.packets ?? 0);
    return packets === 0 ? [] : [{ ...count, packets, bytes: count.bytes - (then?.bytes ?? 0) }];
  });
  const ports = new Set(grown.map(({ port }) => port));
  return {
    listenerSeconds: ports.size * seconds,
    in: sumsOf(grown.filter(({ direction }) => direction === 'in')),
    out: sumsOf(grown.filter(({ direction }) => direction === 'out')),
  };
}

/** Several nights of one driver as one. */
export function addTraffic(parts: readonly Traffic[]): Traffic {
  const add = (direction: 'in' | 'out') =>
    sumsOf(parts.flatMap((part) => PACKET_CLASSES.map((kind) => ({ kind, ...part[direction][kind] }))));
  return {
    listenerSeconds: parts.reduce((sum, { listenerSeconds }) => sum + listenerSeconds, 0),
    in: add('in'),
    out: add('out'),
  };
}

export type RtcpRate = {
  readonly packetsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Of the packets, those that begin with a receiver report. */
  readonly receiverReportsPerSecond: number;
};

/** RTCP of one listener in one direction; null: nobody listened. */
export function rtcpRate({ listenerSeconds, ...traffic }: Traffic, direction: 'in' | 'out'): RtcpRate | null {
  if (listenerSeconds === 0) return null;
  const { rr, rtcp } = traffic[direction];
  return {
    packetsPerSecond: (rr.packets + rtcp.packets) / listenerSeconds,
    bytesPerSecond: (rr.bytes + rtcp.bytes) / listenerSeconds,
    receiverReportsPerSecond: rr.packets / listenerSeconds,
  };
}

function sumsOf(
  counts: readonly { readonly kind: PacketClass; readonly packets: number; readonly bytes: number }[],
): Sums {
  const sum = (kind: PacketClass) =>
    counts
      .filter((count) => count.kind === kind)
      .reduce(
        (total, { packets, bytes }) => ({ packets: total.packets + packets, bytes: total.bytes + bytes }),
        { packets: 0, bytes: 0 },
      );
  return Object.fromEntries(PACKET_CLASSES.map((kind) => [kind, sum(kind)])) as Sums;
}
