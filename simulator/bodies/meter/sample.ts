/** What a packet meter says of one stream, and what every kind of meter can do. */

/** Ticks of Opus's RTP clock in a millisecond. */
export const TICKS_PER_MS = 48;

export type StreamSample = {
  readonly slot: number;
  readonly ssrc: number;
  /** Packets of the window since the last readAll. */
  readonly packets: number;
  /** Sequence numbers of that window that did not come. A packet that comes late is taken back in its own window. */
  readonly lost: number;
  /**
   * Longest time between two arrivals, ms, counted in the window in which it ended. A gap that is still open at the
   * reading counts with its length so far. 0 before the first packet.
   */
  readonly longestGapMs: number;
  /** Longest step between two RTP timestamps of that window, ms: the frame length when nothing is missing. */
  readonly rtpGapMs: number;
  /**
   * Interarrival jitter (RFC 3550, 6.4.1) as it stood at the window's end, ms: a running estimate over some 16 packets,
   * not of this window alone. Arrivals are when this meter saw them, so that the generator's own lateness is in it.
   * null: no packet came in the window, or no second one yet.
   */
  readonly jitterMs: number | null;
  readonly packetsTotal: number;
  readonly lostTotal: number;
  readonly bytesTotal: number;
  /** CLOCK_MONOTONIC; null before the first packet. */
  readonly firstNs: bigint | null;
  readonly lastNs: bigint | null;
  /** How much later the last packet came than the first one's timestamp and arrival promise, ms; 0 before the first. */
  readonly lateMs: number;
  readonly firstRtpTimestamp: number;
  readonly lastRtpTimestamp: number;
};

export type PacketMeter = {
  /** native: counted where the kernel hands packets over. callback: counted when JavaScript hears of them. */
  readonly kind: 'native' | 'callback';
  /** How late a packet is seen; for the report. */
  readonly lateness: string;
  /** A slot for this stream; null when none is free or the SSRC is counted already. */
  register(ssrc: number): number | null;
  release(slot: number): void;
  /** Hands over a packet that JavaScript received; a native meter counted it before. */
  observe(slot: number, packet: Uint8Array): void;
  /** Which of these slots had a packet, and when the first came. Does not end a window. */
  arrived(slots: Iterable<number>): { readonly slot: number; readonly firstNs: bigint }[];
  /** One stream now; packets, lost and gaps are those of the window so far. */
  peek(slot: number): StreamSample;
  /** Ends the window and tells of every registered slot. To be called once a second. */
  readAll(): StreamSample[];
  /** Makes the socket of this stream send nothing any more. False: this meter cannot, or the socket is unknown. */
  mute(slot: number): boolean;
  /** Everything that came through recvfrom, registered or not; null: not known to this kind. */
  totals(): { readonly datagrams: number; readonly rtpPackets: number } | null;
  close(): void;
};

/**
 * The next jitter estimate, ms, by RFC 3550, A.8; the first packet of a stream has none before it and leaves 0.
 *
 * @param arrivalStepMs between this arrival and the one before it.
 * @param ticks between their RTP timestamps; below zero for a packet that was overtaken.
 */
export function nextJitterMs(jitterMs: number, arrivalStepMs: number, ticks: number): number {
  return jitterMs + (Math.abs(arrivalStepMs - ticks / TICKS_PER_MS) - jitterMs) / 16;
}

/** RTP time missing between two steps of one listener's audio, ms; 0 when nothing is missing. */
export function missingMs(before: StreamSample, after: StreamSample, frameMs: number): number {
  if (before.ssrc === after.ssrc) {
    return Math.max(0, after.lostTotal - before.lostTotal) * frameMs;
  }
  const ticks = (after.firstRtpTimestamp - before.lastRtpTimestamp) | 0;
  return Math.max(0, ticks / TICKS_PER_MS - frameMs);
}

/**
 * How much later a packet came than the first one promised, ms: the growth of its time in queues since then. The
 * host sends by an absolute schedule on the same clock, so what is late is the server.
 */
export function lateMsOf(stream: {
  readonly firstNs: bigint | null;
  readonly lastNs: bigint | null;
  readonly firstRtpTimestamp: number;
  readonly lastRtpTimestamp: number;
}): number {
  const { firstNs, lastNs, firstRtpTimestamp, lastRtpTimestamp } = stream;
  if (firstNs === null || lastNs === null) return 0;
  return Number(lastNs - firstNs) / 1e6 - ((lastRtpTimestamp - firstRtpTimestamp) | 0) / TICKS_PER_MS;
}
