/**
 * The native packet meter: packet-meter.c counts inside this process, this file tells it what to count and reads
 * what it counted, through a file that both have open.
 *
 * Reading 500 streams is one read of 64 KB a second. Windows: a reading adds one to the window's number and then
 * reads the window before, which nobody writes any more, so no gap is lost between two readings. (A packet that the
 * library is counting in that very instant may put its gap into the closed window, and the jitter of one that comes
 * before the slots are read is already in: some microseconds a second.)
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  writeSync,
} from 'node:fs';
import process from 'node:process';
import {
  ENTRY_DELETED,
  ENTRY_EMPTY,
  FILE_BYTES,
  HEADER,
  INDEX_ENTRIES,
  INDEX_OFFSET,
  indexOf,
  MAGIC,
  MUTED_OFFSET,
  PROBES_MAX,
  SLOT,
  SLOT_BYTES,
  SLOTS,
  SLOTS_OFFSET,
  WINDOW,
  WINDOW_BYTES,
} from './layout.ts';
import { lateMsOf, type PacketMeter, type StreamSample, TICKS_PER_MS } from './sample.ts';

class MeterError extends Error {
  readonly code: 'meter-bad-file' | 'meter-not-loaded' | 'meter-in-use';

  constructor(code: MeterError['code'], message: string) {
    super(message);
    this.name = 'MeterError';
    this.code = code;
  }
}

/** Makes the shared file (1.3 MB, mostly a hole). It has to be there before the process that counts is started. */
export function createMeterFile(file: string): void {
  const fd = openSync(file, 'w', 0o600);
  try {
    ftruncateSync(fd, FILE_BYTES);
    const head = Buffer.alloc(12);
    head.writeUInt32LE(MAGIC, HEADER.magic);
    // A fresh slot's windows have number 0, which therefore is never a current one.
    head.writeUInt32LE(1, HEADER.window);
    writeSync(fd, head, 0, head.length, 0);
  } finally {
    closeSync(fd);
  }
}

/** What a process needs in its environment to be counted. library: the compiled packet-meter.c. */
export function meterEnvironment(library: string, file: string): Record<string, string> {
  const others = process.env['LD_PRELOAD'];
  return { LD_PRELOAD: others ? `${library}:${others}` : library, ROOMRUSH_METER_FILE: file };
}

/** Released slots rest a while, so that the last packets of an old stream never reach a new one. */
const RESTING_SLOTS = 64;

/**
 * Opens the meter of process `pid`: this one, but for tests. Throws MeterError when the file is not a meter's or
 * the library does not count into it there (not preloaded, or another process has the file).
 */
export function openPacketMeter(file: string, pid: number = process.pid): PacketMeter {
  const fd = openSync(file, 'r+');
  const word = Buffer.alloc(4);
  const header = Buffer.alloc(32);
  const readHeader = () => {
    readSync(fd, header, 0, header.length, 0);
    return header;
  };
  const writeWord = (value: number, offset: number) => {
    word.writeUInt32LE(value);
    writeSync(fd, word, 0, 4, offset);
  };
  if (fstatSync(fd).size < FILE_BYTES || readHeader().readUInt32LE(HEADER.magic) !== MAGIC) {
    closeSync(fd);
    throw new MeterError(
      'meter-bad-file',
      `${file} is not a packet meter's file; make it with createMeterFile`,
    );
  }
  // The library maps the file before JavaScript runs, or it is not there.
  if (!readFileSync(`/proc/${pid}/maps`, 'utf8').includes(realpathSync(file))) {
    closeSync(fd);
    throw new MeterError(
      'meter-not-loaded',
      `The packet meter must be preloaded with ${file}, but is not. Start the process with the environment of meterEnvironment`,
    );
  }
  const owner = header.readUInt32LE(HEADER.ownerPid);
  if (owner !== 0 && owner !== pid && existsSync(`/proc/${owner}`)) {
    closeSync(fd);
    throw new MeterError(
      'meter-in-use',
      `Process ${owner} counts into ${file}; every process needs its own file`,
    );
  }
  writeWord(pid, HEADER.ownerPid);

  const index = new Uint32Array(INDEX_ENTRIES);
  const slotBySsrc = new Map<number, number>();
  const ssrcBySlot = new Map<number, number>();
  /** Lost up to the last reading, by slot. */
  const lostBefore = new Map<number, number>();
  const resting: number[] = [];
  let slotsUsed = 0;
  let snapshot = Buffer.alloc(0);

  function readSlots(): Buffer {
    const bytes = slotsUsed * SLOT_BYTES;
    if (snapshot.length < bytes) {
      snapshot = Buffer.alloc(Math.min(SLOTS, slotsUsed * 2) * SLOT_BYTES);
    }
    readSync(fd, snapshot, 0, bytes, SLOTS_OFFSET);
    return snapshot;
  }

  function takeSlot(): number | null {
    if (resting.length > RESTING_SLOTS || slotsUsed === SLOTS) {
      return resting.shift() ?? null;
    }
    slotsUsed += 1;
    return slotsUsed - 1;
  }

  /** Where to write the entry of a new SSRC; -1: the neighbourhood is full. */
  function freeEntry(ssrc: number): number {
    for (let probe = 0; probe < PROBES_MAX; probe += 1) {
      const at = (indexOf(ssrc) + probe) % INDEX_ENTRIES;
      if (index[at] === ENTRY_EMPTY || index[at] === ENTRY_DELETED) {
        return at;
      }
    }
    return -1;
  }

  function entryOf(ssrc: number, slot: number): number {
    for (let probe = 0; probe < PROBES_MAX; probe += 1) {
      const at = (indexOf(ssrc) + probe) % INDEX_ENTRIES;
      if (index[at] === slot + 1) {
        return at;
      }
    }
    throw new Error(`Slot ${slot} must be in the index under SSRC ${ssrc}, but is not`);
  }

  function sampleAt(bytes: Buffer, base: number, slot: number, window: number): StreamSample {
    const packetsTotal = Number(bytes.readBigUInt64LE(base + SLOT.packets));
    const some = packetsTotal > 0;
    const span =
      bytes.readUInt32LE(base + SLOT.highestSequence) - bytes.readUInt32LE(base + SLOT.firstSequence) + 1;
    const lostTotal = some ? Math.max(0, span - packetsTotal) : 0;
    const at = base + SLOT.windows + (window & 1) * WINDOW_BYTES;
    const current = bytes.readUInt32LE(at + WINDOW.id) === window;
    const lastNs = some ? bytes.readBigUInt64LE(base + SLOT.lastNs) : null;
    const closedGapMs = current ? bytes.readUInt32LE(at + WINDOW.longestGapUs) / 1000 : 0;
    const openGapMs = lastNs === null ? 0 : Number(process.hrtime.bigint() - lastNs) / 1e6;
    const times = {
      firstNs: some ? bytes.readBigUInt64LE(base + SLOT.firstNs) : null,
      lastNs,
      firstRtpTimestamp: bytes.readUInt32LE(base + SLOT.firstTimestamp),
      lastRtpTimestamp: bytes.readUInt32LE(base + SLOT.lastTimestamp),
    };
    return {
      slot,
      ssrc: bytes.readUInt32LE(base + SLOT.ssrc),
      packets: current ? bytes.readUInt32LE(at + WINDOW.packets) : 0,
      lost: Math.max(0, lostTotal - (lostBefore.get(slot) ?? 0)),
      longestGapMs: Math.max(closedGapMs, openGapMs),
      rtpGapMs: current ? bytes.readUInt32LE(at + WINDOW.longestStepTicks) / TICKS_PER_MS : 0,
      jitterMs: current && packetsTotal > 1 ? bytes.readDoubleLE(base + SLOT.jitterUs) / 1000 : null,
      packetsTotal,
      lostTotal,
      bytesTotal: Number(bytes.readBigUInt64LE(base + SLOT.bytes)),
      ...times,
      lateMs: lateMsOf(times),
    };
  }

  return {
    kind: 'native',
    lateness: 'none: counted in recvfrom',

    register(ssrc) {
      const entry = freeEntry(ssrc);
      if (slotBySsrc.has(ssrc) || entry < 0) {
        return null;
      }
      const slot = takeSlot();
      if (slot === null) {
        return null;
      }
      const fresh = Buffer.alloc(SLOT_BYTES);
      fresh.writeUInt32LE(ssrc, SLOT.ssrc);
      fresh.writeInt32LE(-1, SLOT.fd);
      writeSync(fd, fresh, 0, SLOT_BYTES, SLOTS_OFFSET + slot * SLOT_BYTES);
      // The entry comes last: from then on the library counts.
      index[entry] = slot + 1;
      writeWord(slot + 1, INDEX_OFFSET + entry * 4);
      slotBySsrc.set(ssrc, slot);
      ssrcBySlot.set(slot, ssrc);
      return slot;
    },

    release(slot) {
      const ssrc = ssrcBySlot.get(slot);
      if (ssrc === undefined) {
        return;
      }
      const entry = entryOf(ssrc, slot);
      index[entry] = ENTRY_DELETED;
      writeWord(ENTRY_DELETED, INDEX_OFFSET + entry * 4);
      writeWord(0, SLOTS_OFFSET + slot * SLOT_BYTES + SLOT.ssrc);
      slotBySsrc.delete(ssrc);
      ssrcBySlot.delete(slot);
      lostBefore.delete(slot);
      resting.push(slot);
    },

    observe() {},

    arrived(slots) {
      const bytes = readSlots();
      const found: { slot: number; firstNs: bigint }[] = [];
      for (const slot of slots) {
        if (bytes.readBigUInt64LE(slot * SLOT_BYTES + SLOT.packets) > 0n) {
          found.push({ slot, firstNs: bytes.readBigUInt64LE(slot * SLOT_BYTES + SLOT.firstNs) });
        }
      }
      return found;
    },

    peek(slot) {
      const bytes = Buffer.alloc(SLOT_BYTES);
      readSync(fd, bytes, 0, SLOT_BYTES, SLOTS_OFFSET + slot * SLOT_BYTES);
      return sampleAt(bytes, 0, slot, readHeader().readUInt32LE(HEADER.window));
    },

    readAll() {
      const window = readHeader().readUInt32LE(HEADER.window);
      writeWord((window + 1) >>> 0, HEADER.window);
      const bytes = readSlots();
      const samples: StreamSample[] = [];
      for (const slot of ssrcBySlot.keys()) {
        const sample = sampleAt(bytes, slot * SLOT_BYTES, slot, window);
        lostBefore.set(slot, sample.lostTotal);
        samples.push(sample);
      }
      return samples;
    },

    mute(slot) {
      const fdBytes = Buffer.alloc(4);
      readSync(fd, fdBytes, 0, 4, SLOTS_OFFSET + slot * SLOT_BYTES + SLOT.fd);
      const socket = fdBytes.readInt32LE();
      if (!ssrcBySlot.has(slot) || socket < 0 || socket >= INDEX_OFFSET - MUTED_OFFSET) {
        return false;
      }
      writeSync(fd, Buffer.from([1]), 0, 1, MUTED_OFFSET + socket);
      return true;
    },

    totals() {
      const bytes = readHeader();
      return {
        datagrams: Number(bytes.readBigUInt64LE(HEADER.datagrams)),
        rtpPackets: Number(bytes.readBigUInt64LE(HEADER.rtpPackets)),
      };
    },

    close() {
      writeWord(0, HEADER.ownerPid);
      closeSync(fd);
    },
  };
}
