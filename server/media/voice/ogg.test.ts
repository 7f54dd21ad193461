import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { voiceFile } from './host.ts';
import { OggError, oggChecksum, opusPacketMs, readOggOpus } from './ogg.ts';

type PageOptions = { serial?: number; flags?: number; lacing?: number[] };

/** One page as RFC 3533 lays it out, with a right checksum. */
function page(sequence: number, body: Uint8Array, options: PageOptions = {}): Buffer {
  const lacing = options.lacing ?? [...Array(Math.floor(body.length / 255)).fill(255), body.length % 255];
  const header = Buffer.alloc(27);
  header.write('OggS', 0, 'latin1');
  header[5] = options.flags ?? (sequence === 0 ? 2 : 0);
  header.writeUInt32LE(options.serial ?? 7, 14);
  header.writeUInt32LE(sequence, 18);
  header[26] = lacing.length;
  const whole = Buffer.concat([header, Buffer.from(lacing), body]);
  whole.writeUInt32LE(oggChecksum(whole), 22);
  return whole;
}

const HEAD = Buffer.from('4f707573486561640101380180bb0000000000', 'hex');
const TAGS = Buffer.from('4f70757354616773', 'hex');
/** SILK, 60 ms, one frame: the first byte of a 60 ms packet. */
const TOC_60MS = 0x58;
const packet = (length: number, fill = 1) =>
  Buffer.concat([Buffer.from([TOC_60MS]), Buffer.alloc(length - 1, fill)]);

function codeOf(bytes: Uint8Array): string {
  try {
    readOggOpus(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(OggError);
    return (error as OggError).code;
  }
  return 'no error';
}

describe('readOggOpus', () => {
  it('skips both headers and puts packets together across segments and pages', () => {
    const short = packet(10, 3);
    const exact = packet(255, 4);
    const long = packet(700, 5);
    const file = Buffer.concat([
      page(0, HEAD),
      page(1, TAGS),
      page(2, Buffer.concat([short, exact, long.subarray(0, 510)]), { lacing: [10, 255, 0, 255, 255] }),
      page(3, long.subarray(510), { flags: 1 | 4 }),
    ]);
    const { packets, channels, preSkipSamples } = readOggOpus(file);
    expect(packets.map((bytes) => Buffer.from(bytes))).toEqual([short, exact, long]);
    expect({ channels, preSkipSamples }).toEqual({ channels: 1, preSkipSamples: 312 });
  });

  it('names what is wrong with a damaged file', () => {
    const whole = Buffer.concat([page(0, HEAD), page(1, TAGS), page(2, packet(10), { flags: 4 })]);
    expect(codeOf(whole)).toBe('no error');
    const damaged = Buffer.from(whole);
    damaged[whole.length - 1] = 99;
    expect(codeOf(damaged)).toBe('ogg-bad-checksum');
    expect(codeOf(whole.subarray(0, whole.length - 1))).toBe('ogg-truncated');
    expect(codeOf(whole.subarray(0, page(0, HEAD).length + 9))).toBe('ogg-truncated');
    expect(codeOf(Buffer.from('RIFF'))).toBe('ogg-no-page');
    expect(codeOf(Buffer.alloc(0))).toBe('ogg-no-end');
    expect(codeOf(Buffer.concat([page(0, HEAD), page(1, TAGS), page(2, packet(10))]))).toBe('ogg-no-end');
    expect(codeOf(Buffer.concat([page(0, HEAD), page(2, TAGS)]))).toBe('ogg-page-order');
    expect(codeOf(page(0, HEAD, { flags: 0 }))).toBe('ogg-page-order');
    expect(codeOf(Buffer.concat([page(0, HEAD), page(1, TAGS, { serial: 8 })]))).toBe('ogg-foreign-stream');
    expect(codeOf(Buffer.concat([page(0, HEAD), page(1, TAGS, { flags: 1 })]))).toBe('ogg-bad-lacing');
    expect(codeOf(page(0, HEAD.subarray(0, 10), { flags: 2 | 4 }))).toBe('opus-bad-head');
    expect(codeOf(Buffer.concat([page(0, HEAD), page(1, HEAD, { flags: 4 })]))).toBe('opus-bad-tags');
    const noFrames = Buffer.from([3, 0]);
    expect(codeOf(Buffer.concat([page(0, HEAD), page(1, TAGS), page(2, noFrames, { flags: 4 })]))).toBe(
      'opus-bad-packet',
    );
  });

  it('answers any damage of a real file with OggError and never with a shorter sound', () => {
    const whole = readFileSync(voiceFile(60)).subarray(0, 4000);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        expect(codeOf(damaged)).not.toBe('no error');
      }),
      { numRuns: 300 },
    );
  });
});

describe('opusPacketMs', () => {
  it.each([
    [[TOC_60MS], 60],
    [[0x08], 20],
    [[0x78], 20],
    [[0x79], 40],
    [[0x7b, 3], 60],
    [[0xe0], 2.5],
    [[0xfb, 6], 120],
  ])('reads %j as %d ms', (bytes, ms) => {
    expect(opusPacketMs(Uint8Array.from(bytes))).toBe(ms);
  });

  it('refuses what cannot be a packet', () => {
    expect(() => opusPacketMs(new Uint8Array())).toThrow(RangeError);
    expect(() => opusPacketMs(Uint8Array.from([0xfb, 7]))).toThrow('7 frames of 20 ms');
  });
});

describe.each([20, 60] as const)('the voice in frames of %d ms', (frameMs) => {
  const bytes = readFileSync(voiceFile(frameMs));
  const { packets, channels } = readOggOpus(bytes);

  it('is mono, 60 s long, and small enough to live in the repository', () => {
    expect(channels).toBe(1);
    expect(packets.length * frameMs).toBe(60_000);
    expect(bytes.length).toBeLessThan(300_000);
  });

  it('has frames of that length only, and none of them is a pause left out (DTX)', () => {
    expect(new Set(packets.map(opusPacketMs))).toEqual(new Set([frameMs]));
    // 20 kbit/s at a constant rate; a DTX packet has at most 2 bytes.
    const lengths = packets.map((bytes) => bytes.length);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBe(0);
    expect(lengths[0]).toBe((20 * frameMs) / 8);
  });
});
