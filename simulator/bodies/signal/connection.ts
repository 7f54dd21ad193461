/**
 * One listener's signalling connection: a plain TCP socket that speaks as much WebSocket as a listener needs.
 * All sockets of a process read into one buffer, which is what makes thousands of them cheap.
 */
import { connect, type Socket } from 'node:net';
import { encodeClientFrame, FrameWalker, OPCODE } from './frames.ts';
import { readUpgrade, upgradeRequest } from './upgrade.ts';

const READ_BYTES = 262_144;
/** Frames are handled before the next read begins, so that one buffer serves every socket. */
const sharedBuffer = Buffer.allocUnsafe(READ_BYTES);
/** After our close frame the server has this long to answer before the socket is dropped. */
const FAREWELL_MS = 2_000;
const NO_BYTES = Buffer.alloc(0);
const CLOSE_NORMAL = Buffer.from([0x03, 0xe8]);

/** host: an address, resolved once for thousands of dials. authority: the name and port that the user gave, for Host. */
export type Target = {
  readonly host: string;
  readonly port: number;
  readonly authority: string;
  readonly path: string;
};

/** What the owner hears. After `ended` or a close of its own it hears nothing. */
export type ConnectionEvents = {
  onOpen(): void;
  onHead(text: string): void;
  onBroken(why: string): void;
  /** refused: it never stood. `code` is the system's, when there is one (ECONNREFUSED, EMFILE, ...). */
  onEnded(how: 'refused' | 'closed', code: string | null): void;
};

/** Counts of all connections of a process, for its rows of each second. */
export type Traffic = { bytesIn: number; bytesOut: number; messagesIn: number; messagesOut: number };

export class SignalConnection {
  readonly #socket: Socket;
  readonly #traffic: Traffic;
  readonly #onMessages: (count: number) => void;
  readonly #walker: FrameWalker;
  #events: ConnectionEvents | null;
  #state: 'connecting' | 'upgrading' | 'open' | 'closing' = 'connecting';
  #answer: Buffer = NO_BYTES;
  #isSilent = false;
  #mask: number;

  /**
   * @param localAddress where to dial from; null lets the system choose.
   * @param onMessages called after each read with the messages that ended in it, presence among them.
   * @param mask seed of the masks of what is sent.
   */
  constructor(
    target: Target,
    localAddress: string | null,
    events: ConnectionEvents,
    traffic: Traffic,
    onMessages: (count: number) => void,
    mask: number,
  ) {
    this.#events = events;
    this.#traffic = traffic;
    this.#onMessages = onMessages;
    this.#mask = mask;
    this.#walker = new FrameWalker({
      onHead: (text) => this.#events?.onHead(text),
      onPing: (payload) => this.#write(OPCODE.pong, payload),
      onClose: () => this.#farewell(),
      onBroken: (why) => this.#events?.onBroken(why),
    });
    this.#socket = connect({
      host: target.host,
      port: target.port,
      ...(localAddress === null ? {} : { localAddress }),
      noDelay: true,
      onread: {
        buffer: sharedBuffer,
        callback: (length) => {
          this.#read(sharedBuffer.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket.once('connect', () => {
      this.#state = 'upgrading';
      const request = upgradeRequest(target.authority, target.path);
      this.#traffic.bytesOut += request.length;
      this.#socket.write(request);
    });
    let code: string | null = null;
    this.#socket.once('error', (error: NodeJS.ErrnoException) => {
      code = error.code ?? error.message;
    });
    // The other end is gone as soon as its end is read; the socket itself closes some turns, and so some naps, later.
    this.#socket.once('end', () => this.#ended(code));
    this.#socket.once('close', () => this.#ended(code));
  }

  send(text: string): void {
    if (this.#state !== 'open') return;
    this.#traffic.messagesOut++;
    this.#write(OPCODE.text, Buffer.from(text));
  }

  /** Ends with a closing handshake; no event follows. */
  close(): void {
    this.#events = null;
    if (this.#state !== 'open') {
      this.#socket.destroy();
      return;
    }
    this.#write(OPCODE.close, CLOSE_NORMAL);
    this.#state = 'closing';
    // The server answers and closes first, as RFC 6455 wants it; one that does not is not waited for long.
    setTimeout(() => this.#socket.destroy(), FAREWELL_MS).unref();
  }

  /** Drops the socket; no event follows. */
  drop(): void {
    this.#events = null;
    this.#socket.destroy();
  }

  /**
   * The network cuts the connection: a reset for the server, an end for the owner, who hears of it here and now. The socket
   * closes a turn later, and by then the server may have taken the media away, which would look like the cause.
   */
  cut(): void {
    this.#socket.resetAndDestroy();
    this.#ended(null);
  }

  /** From now on nothing is answered and nothing is told, and the socket stays open until `drop`. */
  silence(): void {
    this.#isSilent = true;
    this.#events = null;
    // Not even the end of the server's half is answered.
    this.#socket.allowHalfOpen = true;
  }

  #read(bytes: Buffer): void {
    this.#traffic.bytesIn += bytes.length;
    if (this.#state === 'upgrading') this.#readAnswer(bytes);
    else this.#walk(bytes);
  }

  #walk(bytes: Buffer): void {
    const messages = this.#walker.push(bytes);
    this.#traffic.messagesIn += messages;
    this.#onMessages(messages);
  }

  #readAnswer(bytes: Buffer): void {
    const answer = readUpgrade(this.#answer, bytes);
    switch (answer.state) {
      case 'partial':
        this.#answer = answer.seen;
        return;
      case 'refused':
        this.#answer = NO_BYTES;
        this.#socket.destroy();
        return;
      case 'open':
        this.#answer = NO_BYTES;
        this.#state = 'open';
        this.#events?.onOpen();
        if (answer.rest.length > 0) this.#walk(answer.rest);
    }
  }

  #write(opcode: number, payload: Uint8Array): void {
    if (this.#isSilent || this.#socket.destroyed) return;
    this.#mask = (Math.imul(this.#mask, 1_664_525) + 1_013_904_223) | 0;
    const frame = encodeClientFrame(opcode, payload, this.#mask);
    this.#traffic.bytesOut += frame.length;
    this.#socket.write(frame);
  }

  /** The server's close frame: answered, unless it is the answer to ours; then the socket ends. */
  #farewell(): void {
    if (this.#isSilent) return;
    if (this.#state === 'open') this.#write(OPCODE.close, CLOSE_NORMAL);
    this.#state = 'closing';
    this.#socket.end();
  }

  #ended(code: string | null): void {
    const events = this.#events;
    this.#events = null;
    const stood = this.#state === 'open' || this.#state === 'closing';
    events?.onEnded(stood ? 'closed' : 'refused', code);
  }
}
