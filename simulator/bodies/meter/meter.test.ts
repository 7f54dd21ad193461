import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callbackMeter } from './callback-meter.ts';
import { createMeterFile, meterEnvironment, openPacketMeter } from './meter.ts';
import { missingMs, type PacketMeter, type StreamSample } from './sample.ts';

const folder = mkdtempSync(join(tmpdir(), 'roomrush-meter-'));
const library = join(folder, 'packet-meter.so');
const driver = join(folder, 'drive-meter');
const source = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const compiles =
  process.platform === 'linux' &&
  spawnSync('cc', [
    '-O2',
    '-Wall',
    '-Werror',
    '-shared',
    '-fPIC',
    '-o',
    library,
    source('packet-meter.c'),
    '-ldl',
  ]).status === 0 &&
  spawnSync('cc', ['-O2', '-o', driver, source('drive-meter.c')]).status === 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function rtp(ssrc: number, sequence: number, timestamp = sequence * 2880, firstBytes = 0x8064): Buffer {
  const packet = Buffer.alloc(20);
  packet.writeUInt16BE(firstBytes, 0);
  packet.writeUInt16BE(sequence % 2 ** 16, 2);
  packet.writeUInt32BE(timestamp % 2 ** 32, 4);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

const arrivalSpanMs = ({ firstNs, lastNs }: StreamSample) => Number(lastNs! - firstNs!) / 1e6;

/** One packet as a meter saw it: when, and what the host's clock said. */
type Arrival = { readonly ns: bigint; readonly timestamp: number };

/** Interarrival jitter, ms, as RFC 3550 has it in A.8: in ticks of the RTP clock, by transit times. */
function rfcJitterMs(arrivals: readonly Arrival[]): number {
  let jitter = 0;
  let transitBefore: number | null = null;
  let [aheadNs, sent, last] = [0n, 0, arrivals[0]!];
  for (const arrival of arrivals) {
    aheadNs += arrival.ns - last.ns;
    sent += (arrival.timestamp - last.timestamp) | 0;
    last = arrival;
    const transit = (Number(aheadNs) * 48_000) / 1e9 - sent;
    if (transitBefore !== null) jitter += (1 / 16) * (Math.abs(transit - transitBefore) - jitter);
    transitBefore = transit;
  }
  return jitter / 48;
}

/** A process that is counted, and a way to let it receive. */
type Counted = { readonly pid: number; say(line: string): Promise<string>; end(): void };

async function start(file: string): Promise<Counted> {
  const child: ChildProcess = spawn(driver, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...meterEnvironment(library, file) },
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  await once(lines, 'line');
  return {
    pid: child.pid as number,
    async say(line) {
      const answered = once(lines, 'line');
      child.stdin?.write(`${line}\n`);
      return String((await answered)[0]);
    },
    end: () => child.stdin?.end(),
  };
}

describe.skipIf(!compiles)('the native meter', () => {
  const file = join(folder, 'meter.bin');
  let counted: Counted;
  let meter: PacketMeter;
  const receive = async (...packets: Buffer[]) => {
    for (const packet of packets) {
      expect(await counted.say(packet.toString('hex'))).toBe(String(packet.length));
    }
  };
  beforeEach(async () => {
    createMeterFile(file);
    counted = await start(file);
    meter = openPacketMeter(file, counted.pid);
  });
  afterEach(() => {
    meter.close();
    counted.end();
  });

  it('counts packets, loss, a late packet and a wrap of the sequence, of registered streams only', async () => {
    const slot = meter.register(77) as number;
    expect(meter.arrived([slot])).toEqual([]);
    await receive(rtp(78, 1), rtp(77, 65_534), rtp(77, 65_535), rtp(77, 65_537), rtp(77, 65_539));
    const [sample] = meter.readAll();
    expect(sample).toMatchObject({
      ssrc: 77,
      packets: 4,
      lost: 2,
      packetsTotal: 4,
      lostTotal: 2,
      rtpGapMs: 120,
    });
    expect(sample).toMatchObject({
      bytesTotal: 80,
      firstRtpTimestamp: 65_534 * 2880,
      lastRtpTimestamp: 65_539 * 2880,
    });
    await receive(rtp(77, 65_538));
    expect(meter.readAll()[0]).toMatchObject({ packets: 1, lost: 0, packetsTotal: 5, lostTotal: 1 });
    expect(meter.arrived([slot])).toEqual([{ slot, firstNs: sample?.firstNs }]);
    expect(meter.totals()).toEqual({ datagrams: 6, rtpPackets: 6 });
  });

  it('takes neither STUN, DTLS, RTCP nor fragments for RTP', async () => {
    meter.register(77);
    await receive(
      rtp(77, 1, 0, 0x0001),
      rtp(77, 1, 0, 0x16fe),
      rtp(77, 1, 0, 0x80c8),
      rtp(77, 1).subarray(0, 11),
    );
    expect(meter.readAll()[0]).toMatchObject({ packets: 0, packetsTotal: 0, firstNs: null });
    expect(meter.totals()).toEqual({ datagrams: 4, rtpPackets: 0 });
  });

  it('shows a gap in the window in which it ends, and while it is open', async () => {
    meter.register(77);
    await receive(rtp(77, 1));
    const before = process.hrtime.bigint();
    const firstNs = meter.readAll()[0]?.firstNs as bigint;
    const open = meter.readAll()[0];
    expect(open?.packets).toBe(0);
    expect(open?.longestGapMs).toBeGreaterThanOrEqual(Number(before - firstNs) / 1e6);
    await receive(rtp(77, 2), rtp(77, 3));
    const ended = meter.readAll()[0];
    expect(ended?.longestGapMs).toBeGreaterThanOrEqual(open?.longestGapMs as number);
    expect(firstNs).toBeGreaterThan(0n);
  });

  it('tells how late the last packet came, by the arrivals that it saw, over a wrap of the RTP clock', async () => {
    const slot = meter.register(77) as number;
    expect(meter.peek(slot).lateMs).toBe(0);
    await receive(rtp(77, 1, 2 ** 32 - 960));
    expect(meter.peek(slot).lateMs).toBe(0);
    // Two minutes of the host in no time: the packet is early by them, but for the time that it took to come.
    await receive(rtp(77, 2, 120_000 * 48 - 960));
    const sample = meter.readAll()[0] as StreamSample;
    expect(sample.lateMs).toBe(arrivalSpanMs(sample) - 120_000);
    // Nothing comes any more: what is known of the last packet does not age.
    expect(meter.readAll()[0]?.lateMs).toBe(sample.lateMs);
  });

  it('estimates the jitter as RFC 3550 does, over a packet that was overtaken and a wrap of the clock', async () => {
    const slot = meter.register(77) as number;
    const arrivals: Arrival[] = [];
    const start = 2 ** 32 - 5 * 2880;
    expect(meter.peek(slot).jitterMs).toBeNull();
    for (const sequence of [1, 2, 3, 5, 4, 6, 9, 9, 10]) {
      const timestamp = (start + sequence * 2880) % 2 ** 32;
      await receive(rtp(77, sequence, timestamp));
      const { lastNs, jitterMs } = meter.peek(slot);
      arrivals.push({ ns: lastNs!, timestamp });
      if (sequence === 1) expect(jitterMs).toBeNull();
      else expect(jitterMs).toBeCloseTo(rfcJitterMs(arrivals), 6);
    }
    // Sixty ms of the host at a time, all at once: what it says is known but for the time that packets took here.
    expect(meter.readAll()[0]?.jitterMs).toBeGreaterThan(20);
    // A second without a packet says nothing of jitter, and the estimate goes on from where it was.
    expect(meter.readAll()[0]).toMatchObject({ packets: 0, jitterMs: null });
    await receive(rtp(77, 11, start + 11 * 2880 - 2 ** 32));
    arrivals.push({ ns: meter.peek(slot).lastNs!, timestamp: start + 11 * 2880 - 2 ** 32 });
    expect(meter.readAll()[0]?.jitterMs).toBeCloseTo(rfcJitterMs(arrivals), 6);
    // Whoever has the slot next begins at nothing.
    meter.release(slot);
    meter.register(77);
    await receive(rtp(77, 1));
    expect(meter.readAll()[0]).toMatchObject({ packets: 1, jitterMs: null });
  });

  it('counts a stream afresh when its slot is used again, and refuses an SSRC twice', async () => {
    const slot = meter.register(77) as number;
    expect(meter.register(77)).toBeNull();
    await receive(rtp(77, 1));
    meter.release(slot);
    await receive(rtp(77, 2));
    expect(meter.readAll()).toEqual([]);
    expect(meter.register(77)).not.toBeNull();
    await receive(rtp(77, 9));
    expect(meter.readAll()[0]).toMatchObject({ packetsTotal: 1, lostTotal: 0 });
  });

  it('has room for 16,384 streams and finds each of them', async () => {
    const ssrcs = Array.from({ length: 16_384 }, (_, index) => Math.imul(index + 1, 0x9e3779b1) >>> 0);
    for (const ssrc of ssrcs) {
      expect(meter.register(ssrc)).not.toBeNull();
    }
    expect(meter.register(5)).toBeNull();
    for (let index = 0; index < ssrcs.length; index += 128) {
      await receive(rtp(ssrcs[index] as number, 1));
    }
    const heard = meter.readAll().filter(({ packets }) => packets === 1);
    expect(heard.map(({ ssrc }) => ssrc)).toEqual(ssrcs.filter((_, index) => index % 128 === 0));
  });

  it('makes a socket mute until it is closed', async () => {
    const slot = meter.register(77) as number;
    expect(meter.mute(slot)).toBe(false);
    await receive(rtp(77, 1));
    expect(meter.mute(slot)).toBe(true);
    expect(await counted.say(rtp(77, 2).toString('hex'))).toBe('0');
    expect(await counted.say('close')).toBe('closed');
    await receive(rtp(77, 3));
  });

  it('refuses a second process, a process without the library, and a file that is not a meter', async () => {
    const second = await start(file);
    expect(() => openPacketMeter(file, second.pid)).toThrow(`Process ${counted.pid} counts into`);
    second.end();
    expect(() => openPacketMeter(file)).toThrow('must be preloaded');
    const other = join(folder, 'other.bin');
    writeFileSync(other, 'not a meter');
    expect(() => openPacketMeter(other)).toThrow('is not a packet meter');
  });

  it('agrees with the callback meter on any order of packets', async () => {
    const steps = fc.array(fc.integer({ min: -3, max: 40 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1000, max: 70_000 }), steps, async (first, moves) => {
        const callback = callbackMeter();
        const slots = [meter.register(9), callback.register(9)] as [number, number];
        const arrivals: [Arrival[], Arrival[]] = [[], []];
        let sequence = first;
        for (const move of [0, ...moves]) {
          sequence += move;
          const packet = rtp(9, sequence);
          await receive(packet);
          callback.observe(slots[1], packet);
          const timestamp = packet.readUInt32BE(4);
          arrivals[0].push({ ns: meter.peek(slots[0]).lastNs!, timestamp });
          arrivals[1].push({ ns: callback.peek(slots[1]).lastNs!, timestamp });
        }
        const [ours, theirs] = [meter.peek(slots[0]), callback.peek(slots[1])];
        const {
          slot: _a,
          firstNs: _b,
          lastNs: _c,
          longestGapMs: _d,
          lateMs: _e,
          jitterMs: _f,
          ...native
        } = ours;
        expect(theirs).toMatchObject(native);
        // Each has its own arrivals: what one finds later than the other is what it saw later since the first packet.
        expect(ours.lateMs - theirs.lateMs).toBeCloseTo(arrivalSpanMs(ours) - arrivalSpanMs(theirs), 6);
        expect(ours.jitterMs).toBeCloseTo(rfcJitterMs(arrivals[0]), 6);
        expect(theirs.jitterMs).toBeCloseTo(rfcJitterMs(arrivals[1]), 6);
        meter.release(slots[0]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the callback meter', () => {
  it('counts by window and in total', () => {
    const meter = callbackMeter();
    const slot = meter.register(9) as number;
    for (const sequence of [5, 6, 9]) {
      meter.observe(slot, rtp(9, sequence));
    }
    meter.observe(slot, rtp(10, 7));
    expect(meter.readAll()[0]).toMatchObject({ packets: 3, lost: 2, rtpGapMs: 180 });
    meter.observe(slot, rtp(9, 10));
    expect(meter.readAll()[0]).toMatchObject({ packets: 1, lost: 0, packetsTotal: 4, lostTotal: 2 });
    expect(meter.mute(slot)).toBe(false);
  });

  it('tells how late the last packet came, by the arrivals that it saw', () => {
    const meter = callbackMeter();
    const slot = meter.register(9) as number;
    expect(meter.peek(slot).lateMs).toBe(0);
    meter.observe(slot, rtp(9, 5));
    expect(meter.peek(slot).lateMs).toBe(0);
    meter.observe(slot, rtp(9, 7));
    const sample = meter.readAll()[0] as StreamSample;
    expect(sample.lateMs).toBe(arrivalSpanMs(sample) - 120);
  });
});

describe('missingMs', () => {
  const stream = (ssrc: number, sequences: number[]) => {
    const meter = callbackMeter();
    const slot = meter.register(ssrc) as number;
    for (const sequence of sequences) {
      meter.observe(slot, rtp(ssrc, sequence));
    }
    return meter.peek(slot);
  };

  it('is the lost packets of one stream', () => {
    expect(missingMs(stream(9, [1, 2]), stream(9, [1, 2, 5, 6]), 60)).toBe(120);
    expect(missingMs(stream(9, [1, 2]), stream(9, [1, 2, 3]), 60)).toBe(0);
  });

  it('is the step of the RTP clock between two streams, and nothing when they overlap', () => {
    expect(missingMs(stream(9, [1, 2]), stream(10, [3, 4]), 60)).toBe(0);
    expect(missingMs(stream(9, [1, 2]), stream(10, [7, 8]), 60)).toBe(240);
    expect(missingMs(stream(9, [1, 2, 3]), stream(10, [2, 3]), 60)).toBe(0);
  });
});
