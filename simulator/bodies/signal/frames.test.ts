import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame } from '../../../server/protocol/wire.ts';
import { encodeClientFrame, FrameWalker, OPCODE } from './frames.ts';

/** A frame of a server: unmasked. */
function serverFrame(opcode: number, payload: string | Buffer, isFinal = true): Buffer {
  const bytes = Buffer.from(payload as string);
  const first = Buffer.from([(isFinal ? 0x80 : 0) | opcode]);
  const length =
    bytes.length < 126
      ? Buffer.from([bytes.length])
      : bytes.length < 65_536
        ? Buffer.from([126, bytes.length >> 8, bytes.length & 0xff])
        : Buffer.from([127, 0, 0, 0, 0, ...new Uint8Array(new Uint32Array([bytes.length]).buffer).reverse()]);
  return Buffer.concat([first, length, bytes]);
}

/** What a walker says of a stream that comes in these pieces. */
function walk(pieces: readonly Buffer[]) {
  const said: string[] = [];
  const walker = new FrameWalker({
    onHead: (text) => said.push(`head ${text}`),
    onPing: (payload) => said.push(`ping ${Buffer.from(payload).toString()}`),
    onClose: () => said.push('close'),
    onBroken: (why) => said.push(`broken ${why}`),
  });
  const messages = pieces.reduce((sum, piece) => sum + walker.push(piece), 0);
  return { said, messages };
}

const seated = encodeFrame('S', { seat: 1, room: 'main' }, JSON.stringify([{ id: 1, name: 'Ünï 名' }]));
const presence = encodeFrame('P', { kind: 'joined', listeners: 2, user: { id: 1, name: 'A' } });

const stream = Buffer.concat([
  serverFrame(OPCODE.text, encodeFrame('W', { position: 3 })),
  serverFrame(OPCODE.text, presence),
  serverFrame(OPCODE.text, presence + 'x'.repeat(300)),
  serverFrame(OPCODE.ping, 'hey'),
  serverFrame(OPCODE.text, seated),
  serverFrame(OPCODE.text, `${seated}${'y'.repeat(400)}`),
  serverFrame(OPCODE.text, ''),
  serverFrame(OPCODE.text, seated.slice(0, 4), false),
  serverFrame(OPCODE.ping, ''),
  serverFrame(OPCODE.continuation, seated.slice(4, 30), false),
  serverFrame(OPCODE.continuation, seated.slice(30)),
  serverFrame(OPCODE.text, 'P{"a":', false),
  serverFrame(OPCODE.continuation, '\n"B1"}'),
  serverFrame(OPCODE.pong, ''),
  serverFrame(OPCODE.text, 'B{"n":1}'),
  serverFrame(OPCODE.close, ''),
]);
const head = `head ${seated.slice(0, seated.indexOf('\n'))}`;
const expected = {
  said: ['head W{"position":3}', 'ping hey', head, head, 'head ', 'ping ', head, 'head B{"n":1}', 'close'],
  messages: 9,
};

describe('FrameWalker', () => {
  test('keeps heads and skips presence and bulks', () => {
    expect(walk([stream])).toEqual(expected);
  });

  test('says the same wherever the stream is cut in two', () => {
    for (let at = 0; at <= stream.length; at++) {
      expect(walk([stream.subarray(0, at), stream.subarray(at)]), `cut at ${at}`).toEqual(expected);
    }
  });

  test('says the same when every byte comes alone, and in random pieces', () => {
    expect(walk(Array.from(stream, (byte) => Buffer.from([byte])))).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
        const pieces: Buffer[] = [];
        for (let at = 0, nth = 0; at < stream.length; nth++) {
          const size = sizes[nth % sizes.length]!;
          pieces.push(stream.subarray(at, at + size));
          at += size;
        }
        expect(walk(pieces)).toEqual(expected);
      }),
    );
  });

  test('long bulks of 16- and 64-bit length', () => {
    for (const bytes of [65_535, 65_536, 300_000]) {
      const frame = serverFrame(OPCODE.text, `S{"seat":1}\n${'z'.repeat(bytes)}`);
      const pieces = Array.from({ length: Math.ceil(frame.length / 9_000) }, (_, nth) =>
        frame.subarray(nth * 9_000, (nth + 1) * 9_000),
      );
      expect(walk(pieces)).toEqual({ said: ['head S{"seat":1}'], messages: 1 });
    }
  });

  test('does not keep what a shared buffer held', () => {
    const shared = Buffer.alloc(64);
    const frame = serverFrame(OPCODE.text, 'W{"position":77}');
    const said: string[] = [];
    const ignore = () => {};
    const walker = new FrameWalker({
      onHead: (text) => said.push(text),
      onPing: ignore,
      onClose: ignore,
      onBroken: ignore,
    });
    for (const piece of [frame.subarray(0, 9), frame.subarray(9)]) {
      piece.copy(shared);
      walker.push(shared.subarray(0, piece.length));
      shared.fill(0x21);
    }
    expect(said).toEqual(['W{"position":77}']);
  });

  test.each([
    ['reserved', Buffer.from([0xc1, 0])],
    ['masked', Buffer.from([0x81, 0x80, 0, 0, 0, 0])],
    ['fragmented', Buffer.from([0x09, 0])],
    ['opcode', Buffer.from([0x83, 0])],
    ['binary', Buffer.from([0x82, 0])],
    ['continue', Buffer.from([0x80, 0])],
    ['within', Buffer.from([0x01, 1, 0x57, 0x81, 0])],
    ['more than', serverFrame(OPCODE.text, `W${' '.repeat(1_050_000)}`)],
  ])('a stream that breaks the rules is given up: %s', (why, bytes) => {
    const { said } = walk([bytes, serverFrame(OPCODE.text, 'W{}')]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(new RegExp(`^broken .*${why}`));
  });

  test('random bytes never throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (pieces) => {
        walk(pieces.map((piece) => Buffer.from(piece)));
      }),
    );
  });
});

test.each([0, 5, 125, 126, 65_535, 65_536])('a client frame of %i bytes unmasks to its payload', (length) => {
  const payload = Buffer.alloc(length, 'q');
  const frame = encodeClientFrame(OPCODE.text, payload, 0xdeadbeef);
  const headerBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  expect(frame[0]).toBe(0x81);
  expect(frame[1]! & 0x80).toBe(0x80);
  const mask = frame.subarray(headerBytes, headerBytes + 4);
  const unmasked = frame.subarray(headerBytes + 4).map((byte, nth) => byte ^ mask[nth & 3]!);
  expect(Buffer.from(unmasked).equals(payload)).toBe(true);
});
