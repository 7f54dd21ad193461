/** Lateness and jitter of a stream, by clocks that are set by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lateMsOf, nextJitterMs, TICKS_PER_MS } from './sample.ts';

const FIRST_NS = 7_000_000_000_000n;

/** A stream whose last packet has come `arrivalMs` after the first, with a timestamp `ticks` further on. */
const stream = (arrivalMs: number, ticks: number, firstRtpTimestamp = 1000) => ({
  firstNs: FIRST_NS,
  lastNs: FIRST_NS + BigInt(arrivalMs * 1e6),
  firstRtpTimestamp,
  lastRtpTimestamp: (firstRtpTimestamp + ticks) % 2 ** 32,
});

describe('lateMsOf', () => {
  it('is the arrivals less the steps of the RTP clock', () => {
    expect(lateMsOf(stream(60, 2880))).toBe(0);
    expect(lateMsOf(stream(75.5, 2880))).toBe(15.5);
    expect(lateMsOf(stream(10_000, 9_350 * 48))).toBe(650);
  });

  it('is below zero when the first packet was the late one', () => {
    expect(lateMsOf(stream(50, 2880))).toBe(-10);
  });

  it('is nothing before the first packet, and with it', () => {
    const none = { firstNs: null, lastNs: null, firstRtpTimestamp: 0, lastRtpTimestamp: 0 };
    expect(lateMsOf(none)).toBe(0);
    expect(lateMsOf(stream(0, 0))).toBe(0);
  });

  it('goes on over a wrap of the RTP clock', () => {
    // 20 ms before the wrap and 40 ms after it, on the way for 100 ms.
    expect(lateMsOf(stream(100, 2880, 2 ** 32 - 960))).toBe(40);
    expect(stream(100, 2880, 2 ** 32 - 960).lastRtpTimestamp).toBe(1920);
    // From one sign of a 32-bit number to the other.
    expect(lateMsOf(stream(100, 2880, 2 ** 31 - 960))).toBe(40);
  });

  it('is what a queue has grown by, wherever the host begins to count, for a night of twelve hours', () => {
    const frames = fc.integer({ min: 0, max: (12 * 3_600_000) / 20 });
    const start = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(start, frames, fc.integer({ min: -500, max: 60_000 }), (first, count, grownMs) => {
        const sentMs = count * 20;
        expect(lateMsOf(stream(sentMs + grownMs, sentMs * TICKS_PER_MS, first))).toBe(grownMs);
      }),
    );
  });
});

describe('nextJitterMs', () => {
  it('goes a sixteenth of the way to each difference between the two clocks', () => {
    const first = nextJitterMs(0, 70, 2880);
    expect(first).toBe(10 / 16);
    expect(nextJitterMs(first, 50, 2880)).toBe(0.625 + (10 - 0.625) / 16);
    expect(nextJitterMs(1.6, 60, 2880)).toBe(1.5);
    // Overtaken: 5 ms after the one before it, which the host had sent 60 ms later.
    expect(nextJitterMs(0, 5, -2880)).toBe(65 / 16);
  });
});
