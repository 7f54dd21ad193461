/**
 * The packet meter for machines without a C compiler: it counts what JavaScript is told of.
 *
 * Same words, worse instrument: every counted listener costs a permanent callback (8 to 11 us a packet), arrivals
 * are seen when the event loop gets to them, and a listener without the callback is not counted at all, which
 * includes its first packet.
 */
import process from 'node:process';
import { lateMsOf, nextJitterMs, type PacketMeter, type StreamSample, TICKS_PER_MS } from './sample.ts';

type Stream = {
  readonly slot: number;
  readonly ssrc: number;
  packets: number;
  bytes: number;
  firstNs: bigint;
  lastNs: bigint;
  firstSequence: number;
  highestSequence: number;
  firstTimestamp: number;
  lastTimestamp: number;
  /** Of the packet that came last, in whatever order it was sent. */
  arrivedTimestamp: number;
  jitterMs: number;
  lostBefore: number;
  windowPackets: number;
  longestGapMs: number;
  longestStepTicks: number;
};

function count(stream: Stream, packet: Uint8Array): void {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  if (packet.length < 12 || view.getUint32(8) !== stream.ssrc) {
    return;
  }
  const now = process.hrtime.bigint();
  const sequence = view.getUint16(2);
  const timestamp = view.getUint32(4);
  if (stream.packets === 0) {
    stream.firstNs = now;
    stream.firstSequence = sequence;
    stream.highestSequence = sequence;
    stream.firstTimestamp = timestamp;
    stream.lastTimestamp = timestamp;
  } else {
    const stepMs = Number(now - stream.lastNs) / 1e6;
    stream.longestGapMs = Math.max(stream.longestGapMs, stepMs);
    stream.jitterMs = nextJitterMs(stream.jitterMs, stepMs, (timestamp - stream.arrivedTimestamp) | 0);
    const ahead = (sequence - stream.highestSequence) & 0xffff;
    if (ahead !== 0 && ahead < 0x8000) {
      stream.longestStepTicks = Math.max(stream.longestStepTicks, (timestamp - stream.lastTimestamp) | 0);
      stream.highestSequence += ahead;
      stream.lastTimestamp = timestamp;
    }
  }
  stream.arrivedTimestamp = timestamp;
  stream.lastNs = now;
  stream.packets += 1;
  stream.windowPackets += 1;
  stream.bytes += packet.length;
}

function sampleOf(stream: Stream): StreamSample {
  const some = stream.packets > 0;
  const span = stream.highestSequence - stream.firstSequence + 1;
  const lostTotal = some ? Math.max(0, span - stream.packets) : 0;
  const openGapMs = some ? Number(process.hrtime.bigint() - stream.lastNs) / 1e6 : 0;
  const times = {
    firstNs: some ? stream.firstNs : null,
    lastNs: some ? stream.lastNs : null,
    firstRtpTimestamp: stream.firstTimestamp,
    lastRtpTimestamp: stream.lastTimestamp,
  };
  return {
    slot: stream.slot,
    ssrc: stream.ssrc,
    packets: stream.windowPackets,
    lost: Math.max(0, lostTotal - stream.lostBefore),
    longestGapMs: Math.max(stream.longestGapMs, openGapMs),
    rtpGapMs: stream.longestStepTicks / TICKS_PER_MS,
    jitterMs: stream.windowPackets > 0 && stream.packets > 1 ? stream.jitterMs : null,
    packetsTotal: stream.packets,
    lostTotal,
    bytesTotal: stream.bytes,
    ...times,
    lateMs: lateMsOf(times),
  };
}

export function callbackMeter(): PacketMeter {
  const streams = new Map<number, Stream>();
  const ssrcs = new Set<number>();
  let nextSlot = 0;
  const streamAt = (slot: number): Stream => {
    const stream = streams.get(slot);
    if (stream === undefined) {
      throw new Error(`Slot ${slot} must be registered, but is not`);
    }
    return stream;
  };
  return {
    kind: 'callback',
    lateness: 'seen by a callback: 7 ms late in the median, 28 ms at most, more while the generator is busy',
    register(ssrc) {
      if (ssrcs.has(ssrc)) {
        return null;
      }
      const slot = nextSlot;
      nextSlot += 1;
      ssrcs.add(ssrc);
      streams.set(slot, {
        slot,
        ssrc,
        packets: 0,
        bytes: 0,
        firstNs: 0n,
        lastNs: 0n,
        firstSequence: 0,
        highestSequence: 0,
        firstTimestamp: 0,
        lastTimestamp: 0,
        arrivedTimestamp: 0,
        jitterMs: 0,
        lostBefore: 0,
        windowPackets: 0,
        longestGapMs: 0,
        longestStepTicks: 0,
      });
      return slot;
    },
    release(slot) {
      const stream = streams.get(slot);
      if (stream !== undefined) {
        ssrcs.delete(stream.ssrc);
        streams.delete(slot);
      }
    },
    observe(slot, packet) {
      const stream = streams.get(slot);
      // A callback may still be on its way when its listener has left.
      if (stream !== undefined) {
        count(stream, packet);
      }
    },
    arrived(slots) {
      return [...slots]
        .map(streamAt)
        .filter(({ packets }) => packets > 0)
        .map(({ slot, firstNs }) => ({ slot, firstNs }));
    },
    peek: (slot) => sampleOf(streamAt(slot)),
    readAll() {
      return [...streams.values()].map((stream) => {
        const sample = sampleOf(stream);
        stream.lostBefore = sample.lostTotal;
        stream.windowPackets = 0;
        stream.longestGapMs = 0;
        stream.longestStepTicks = 0;
        return sample;
      });
    },
    mute: () => false,
    totals: () => null,
    close() {},
  };
}
