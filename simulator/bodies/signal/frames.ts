/**
 * WebSocket frames (RFC 6455) as a listener's body needs them: what it sends is small and masked; of what it
 * receives only little is kept. In a full room nearly every frame is presence, one for everybody who comes or
 * goes, so a presence frame is recognised by its first byte and skipped without a copy, a string or an object;
 * of a message with a bulk only the head is kept.
 */
import { FROM_SERVER } from '../../../server/protocol/wire.ts';

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Longest head that is collected; a longer one is no message of the protocol. The hallway's list is the longest. */
const HEAD_BYTES_MAX = 1_048_576;
const PRESENCE = FROM_SERVER.presence.charCodeAt(0);
const NEWLINE = 0x0a;

/** What a walker tells of. */
export type FrameHandler = {
  /** Letter and head of one message, without its bulk. */
  onHead(text: string): void;
  onPing(payload: Uint8Array): void;
  onClose(): void;
  /** The stream breaks the rules of RFC 6455, or of ours; nothing after it can be understood. */
  onBroken(why: string): void;
};

/**
 * A frame of a client, masked as RFC 6455 demands. The mask hides payloads from proxies that mistake them for
 * requests; there is none here, so it need not be unpredictable.
 */
export function encodeClientFrame(opcode: number, payload: Uint8Array, mask: number): Buffer {
  const length = payload.length;
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.allocUnsafe(6 + lengthBytes + length);
  frame[0] = 0x80 | opcode;
  if (lengthBytes === 0) {
    frame[1] = 0x80 | length;
  } else if (lengthBytes === 2) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  const maskAt = 2 + lengthBytes;
  frame.writeInt32BE(mask | 0, maskAt);
  for (let nth = 0; nth < length; nth++) {
    frame[maskAt + 4 + nth] = payload[nth]! ^ frame[maskAt + (nth & 3)]!;
  }
  return frame;
}

/** What is done with the bytes of the message at hand. */
const MODE = { unknown: 0, collect: 1, skip: 2, control: 3 } as const;
type Mode = (typeof MODE)[keyof typeof MODE];

/** Walks over the frames of one connection, however they are cut into reads. */
export class FrameWalker {
  static readonly #noBytes = Buffer.alloc(0);
  readonly #handler: FrameHandler;
  /** Bytes of a frame's header that have come so far, when a read ended within it. */
  #header: Buffer = FrameWalker.#noBytes;
  #payloadLeft = 0;
  #opcode = 0;
  #isFinal = true;
  /** Of the data message at hand, across its fragments. */
  #mode: Mode = MODE.unknown;
  #inMessage = false;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #control: Buffer[] = [];
  #isBroken = false;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  /**
   * Takes what one read brought. Nothing of `bytes` is kept by reference.
   *
   * @returns how many messages ended in it, presence among them.
   */
  push(bytes: Buffer): number {
    let at = 0;
    let messages = 0;
    while (at < bytes.length && !this.#isBroken) {
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, bytes.length - at);
        this.#take(bytes, at, at + taken);
        this.#payloadLeft -= taken;
        at += taken;
        if (this.#payloadLeft === 0 && this.#endFrame()) messages++;
        continue;
      }
      if (this.#header.length === 0) {
        const next = this.#skipPresence(bytes, at);
        if (next > at) {
          messages++;
          at = next;
          continue;
        }
      }
      at = this.#readHeader(bytes, at);
      if (this.#header.length === 0 && this.#payloadLeft === 0 && !this.#isBroken && this.#endFrame()) {
        messages++;
      }
    }
    return messages;
  }

  /** The common case, in a few comparisons: an unfragmented presence frame that lies whole in this read. */
  #skipPresence(bytes: Buffer, at: number): number {
    if (bytes[at] !== 0x81 || this.#inMessage) return at;
    const short = bytes[at + 1];
    if (short === undefined || short > 126) return at;
    let from = at + 2;
    let length = short;
    if (short === 126) {
      if (bytes.length < at + 4) return at;
      length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
      from = at + 4;
    }
    if (length === 0 || from + length > bytes.length || bytes[from] !== PRESENCE) return at;
    return from + length;
  }

  /** Reads a frame's header, which may come in pieces; returns where its payload begins in `bytes`. */
  #readHeader(bytes: Buffer, at: number): number {
    const had = this.#header.length;
    const header =
      had === 0
        ? bytes.subarray(at, at + 10)
        : Buffer.concat([this.#header, bytes.subarray(at, at + 10 - had)]);
    const short = header.length < 2 ? 0 : header[1]! & 0x7f;
    const needed = header.length < 2 ? 2 : short === 126 ? 4 : short === 127 ? 10 : 2;
    if (header.length < needed) {
      this.#header = Buffer.from(header);
      return bytes.length;
    }
    this.#header = FrameWalker.#noBytes;
    const length =
      short === 126 ? header.readUInt16BE(2) : short === 127 ? Number(header.readBigUInt64BE(2)) : short;
    this.#startFrame(header[0]!, (header[1]! & 0x80) !== 0, length);
    return at + needed - had;
  }

  #startFrame(first: number, isMasked: boolean, length: number): void {
    const opcode = first & 0x0f;
    const isFinal = (first & 0x80) !== 0;
    const isControl = opcode >= 8;
    if ((first & 0x70) !== 0) this.#break('a reserved bit is set');
    else if (isMasked) this.#break('a frame of the server is masked');
    else if (isControl && (!isFinal || length > 125))
      this.#break('a control frame is fragmented or too long');
    else if (opcode > 10 || (opcode > 2 && opcode < 8)) this.#break(`unknown opcode ${opcode}`);
    else if (opcode === OPCODE.binary) this.#break('a binary message');
    else if (opcode === OPCODE.continuation && !this.#inMessage) this.#break('nothing to continue');
    else if (opcode === OPCODE.text && this.#inMessage) this.#break('a message within a message');
    else {
      this.#opcode = opcode;
      this.#isFinal = isFinal;
      this.#payloadLeft = length;
      if (opcode === OPCODE.text) {
        this.#inMessage = true;
        this.#mode = MODE.unknown;
      }
    }
  }

  #take(bytes: Buffer, from: number, to: number): void {
    if (this.#opcode >= 8) {
      this.#control.push(Buffer.from(bytes.subarray(from, to)));
      return;
    }
    if (this.#mode === MODE.unknown) this.#mode = bytes[from] === PRESENCE ? MODE.skip : MODE.collect;
    if (this.#mode === MODE.skip) return;
    const newline = bytes.subarray(from, to).indexOf(NEWLINE);
    const end = newline < 0 ? to : from + newline;
    // The read buffer is shared by all connections and overwritten by the next read.
    this.#kept.push(Buffer.from(bytes.subarray(from, end)));
    this.#keptBytes += end - from;
    if (newline >= 0) this.#mode = MODE.skip;
    if (this.#keptBytes > HEAD_BYTES_MAX) this.#break(`a head of more than ${HEAD_BYTES_MAX} bytes`);
  }

  /** @returns whether a message ended with the frame. */
  #endFrame(): boolean {
    if (this.#isBroken) return false;
    if (this.#opcode >= 8) {
      const payload = Buffer.concat(this.#control);
      this.#control = [];
      if (this.#opcode === OPCODE.close) this.#handler.onClose();
      else if (this.#opcode === OPCODE.ping) this.#handler.onPing(payload);
      return false;
    }
    if (!this.#isFinal) return false;
    this.#inMessage = false;
    const kept = this.#kept;
    const isPresence = kept.length === 0 && this.#mode === MODE.skip;
    this.#kept = [];
    this.#keptBytes = 0;
    if (!isPresence)
      this.#handler.onHead(kept.length === 1 ? kept[0]!.toString() : Buffer.concat(kept).toString());
    return true;
  }

  #break(why: string): void {
    this.#isBroken = true;
    this.#handler.onBroken(why);
  }
}
