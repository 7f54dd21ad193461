/**
 * A strict reader of Ogg Opus (RFC 3533, RFC 7845): a whole file in, its audio packets out.
 *
 * Strict means that a damaged file is an error and never a shorter sound: checksum, page order, lacing and both
 * headers are checked. One logical stream only, mono or stereo (mapping family 0).
 */

/** What can be wrong with a file. */
export type OggErrorCode =
  | 'ogg-no-page'
  | 'ogg-truncated'
  | 'ogg-bad-version'
  | 'ogg-bad-checksum'
  | 'ogg-page-order'
  | 'ogg-foreign-stream'
  | 'ogg-bad-lacing'
  | 'ogg-no-end'
  | 'opus-bad-head'
  | 'opus-bad-tags'
  | 'opus-bad-packet';

/** A file that is not the Ogg Opus it should be. The message says where and what came instead. */
export class OggError extends Error {
  readonly code: OggErrorCode;
  /** Byte in the file at which the page with the fault begins. */
  readonly offset: number;

  constructor(code: OggErrorCode, offset: number, message: string) {
    super(`${message} (page at byte ${offset}). Make the file again: node server/media/voice/make-voice.ts`);
    this.name = 'OggError';
    this.code = code;
    this.offset = offset;
  }
}

export type OpusFile = {
  readonly channels: number;
  /** Samples at 48 kHz that a decoder drops at the beginning. */
  readonly preSkipSamples: number;
  /** Audio packets in order, each one RTP payload (RFC 7587). */
  readonly packets: readonly Uint8Array[];
};

const PAGE_HEADER_BYTES = 27;
const FLAG_CONTINUED = 1;
const FLAG_FIRST = 2;
const FLAG_LAST = 4;

/** CRC-32 as Ogg uses it: polynomial 0x04c11db7, not reflected, start and final value 0. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) {
    value = (value << 1) ^ (value < 0 ? 0x04c11db7 : 0);
  }
  return value >>> 0;
});

/** Checksum of a page whose checksum field counts as zero. */
export function oggChecksum(page: Uint8Array): number {
  let crc = 0;
  for (let index = 0; index < page.length; index += 1) {
    const byte = index >= 22 && index < 26 ? 0 : (page[index] ?? 0);
    crc = ((crc << 8) ^ (CRC_TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  }
  return crc;
}

type Page = {
  readonly offset: number;
  readonly end: number;
  readonly flags: number;
  readonly serial: number;
  readonly sequence: number;
  /** Lengths of the segments; a packet ends with the first one below 255. */
  readonly lacing: Uint8Array;
  readonly bodyOffset: number;
};

function readPage(bytes: Uint8Array, offset: number): Page {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length - offset < 4 || view.getUint32(offset) !== 0x4f676753) {
    throw new OggError('ogg-no-page', offset, 'Expected a page that begins with OggS');
  }
  if (bytes.length - offset < PAGE_HEADER_BYTES) {
    throw new OggError('ogg-truncated', offset, 'The file ends inside a page header');
  }
  const version = view.getUint8(offset + 4);
  if (version !== 0) {
    throw new OggError('ogg-bad-version', offset, `Expected page version 0, got ${version}`);
  }
  const bodyOffset = offset + PAGE_HEADER_BYTES + view.getUint8(offset + 26);
  const lacing = bytes.subarray(offset + PAGE_HEADER_BYTES, bodyOffset);
  const end = lacing.reduce((sum, length) => sum + length, bodyOffset);
  if (end > bytes.length) {
    throw new OggError(
      'ogg-truncated',
      offset,
      `The page should end at byte ${end}, the file has ${bytes.length}`,
    );
  }
  const stored = view.getUint32(offset + 22, true);
  const computed = oggChecksum(bytes.subarray(offset, end));
  if (stored !== computed) {
    throw new OggError('ogg-bad-checksum', offset, `Checksum ${stored} stored, ${computed} computed`);
  }
  return {
    offset,
    end,
    flags: view.getUint8(offset + 5),
    serial: view.getUint32(offset + 14, true),
    sequence: view.getUint32(offset + 18, true),
    lacing,
    bodyOffset,
  };
}

/** Packets of the one logical stream, put together across pages. */
function readPackets(bytes: Uint8Array): { packet: Uint8Array; offset: number }[] {
  const packets: { packet: Uint8Array; offset: number }[] = [];
  let pieces: Uint8Array[] = [];
  let serial: number | null = null;
  let ended = false;
  let offset = 0;
  for (let expected = 0; offset < bytes.length; expected += 1) {
    const page = readPage(bytes, offset);
    serial ??= page.serial;
    if (page.serial !== serial) {
      throw new OggError('ogg-foreign-stream', offset, `Expected only stream ${serial}, got ${page.serial}`);
    }
    if (ended || page.sequence !== expected || ((page.flags & FLAG_FIRST) !== 0) !== (expected === 0)) {
      throw new OggError('ogg-page-order', offset, `Expected page ${expected}, got page ${page.sequence}`);
    }
    if (((page.flags & FLAG_CONTINUED) !== 0) !== pieces.length > 0) {
      throw new OggError(
        'ogg-bad-lacing',
        offset,
        'A packet is continued that was not begun, or the reverse',
      );
    }
    let at = page.bodyOffset;
    for (const length of page.lacing) {
      pieces.push(bytes.subarray(at, at + length));
      at += length;
      if (length < 255) {
        packets.push({ packet: Buffer.concat(pieces), offset });
        pieces = [];
      }
    }
    ended = (page.flags & FLAG_LAST) !== 0;
    offset = page.end;
  }
  if (!ended || pieces.length > 0) {
    throw new OggError('ogg-no-end', offset, 'The file ends before the last page of its stream');
  }
  return packets;
}

/**
 * Length in ms of an Opus packet, by its first bytes (RFC 6716, 3.1 and 3.2).
 * Throws RangeError for a packet that is empty or has a frame count it may not have.
 */
export function opusPacketMs(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) {
    throw new RangeError('An Opus packet has at least one byte, got none');
  }
  const config = toc >> 3;
  let frameMs: number;
  if (config < 12) {
    frameMs = [10, 20, 40, 60][config % 4] as number;
  } else if (config < 16) {
    frameMs = [10, 20][config % 2] as number;
  } else {
    frameMs = [2.5, 5, 10, 20][config % 4] as number;
  }
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 0x3f;
  if (frames < 1 || frames * frameMs > 120) {
    throw new RangeError(`An Opus packet has 2.5 to 120 ms, got ${frames} frames of ${frameMs} ms`);
  }
  return frames * frameMs;
}

/** Reads a whole Ogg Opus file. Throws OggError for anything that is not one sound stream of it. */
export function readOggOpus(bytes: Uint8Array): OpusFile {
  const [head, tags, ...audio] = readPackets(bytes);
  const text = (packet: Uint8Array) => Buffer.from(packet.subarray(0, 8)).toString('latin1');
  if (head === undefined || head.packet.length < 19 || text(head.packet) !== 'OpusHead') {
    throw new OggError('opus-bad-head', 0, 'Expected an OpusHead packet of at least 19 bytes');
  }
  const [version = 0, channels = 0] = head.packet.subarray(8, 10);
  if (version >> 4 !== 0 || channels < 1 || channels > 2 || head.packet[18] !== 0) {
    throw new OggError('opus-bad-head', 0, `Expected version 0.x with 1 or 2 channels, got ${channels}`);
  }
  if (tags === undefined || text(tags.packet) !== 'OpusTags') {
    throw new OggError('opus-bad-tags', tags?.offset ?? 0, 'Expected an OpusTags packet as the second one');
  }
  for (const { packet, offset } of audio) {
    try {
      opusPacketMs(packet);
    } catch (error) {
      throw new OggError('opus-bad-packet', offset, (error as RangeError).message);
    }
  }
  return {
    channels,
    preSkipSamples: (head.packet[10] ?? 0) | ((head.packet[11] ?? 0) << 8),
    packets: audio.map(({ packet }) => packet),
  };
}
