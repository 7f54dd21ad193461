/**
 * Sending, with the rule for slow clients: a listener with more unsent bytes than the bound is dropped. The
 * drop happens after the broadcast that found it, never in the middle of one.
 */
import type { ServerLog } from '../log.ts';
import { encodeFrame, type ServerLetter } from '../protocol/wire.ts';
import type { Connection } from './connection.ts';

const TEXT = { binary: false, compress: false } as const;

/** Bytes of a WebSocket frame from a server with so long a payload. */
function frameBytes(payloadBytes: number): number {
  return payloadBytes + (payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10);
}

export class Outgoing {
  readonly #log: ServerLog;
  readonly #slowClientBytesMax: number;
  readonly #onSlow: (connection: Connection) => void;
  #slow: Connection[] = [];

  constructor(log: ServerLog, slowClientBytesMax: number, onSlow: (connection: Connection) => void) {
    this.#log = log;
    this.#slowClientBytesMax = slowClientBytesMax;
    this.#onSlow = onSlow;
  }

  send(connection: Connection, letter: ServerLetter, head: object, bulk?: string): void {
    this.sendFrame(connection, Buffer.from(encodeFrame(letter, head, bulk)));
  }

  /** Nothing is sent, or counted, on a socket that is no longer open. */
  sendFrame(connection: Connection, frame: Buffer): void {
    if (connection.socket.readyState !== connection.socket.OPEN) return;
    connection.socket.send(frame, TEXT);
    this.#log.sent(1, frameBytes(frame.length));
    if (connection.socket.bufferedAmount > this.#slowClientBytesMax) this.#tooSlow(connection);
  }

  /** Sends one frame, encoded once, to many; returns to how many. */
  broadcast(to: Iterable<Connection>, frame: Buffer, except: Connection | null): number {
    let sent = 0;
    for (const connection of to) {
      if (connection === except) continue;
      connection.socket.send(frame, TEXT);
      sent += 1;
      if (connection.socket.bufferedAmount > this.#slowClientBytesMax) this.#tooSlow(connection);
    }
    this.#log.sent(sent, sent * frameBytes(frame.length));
    return sent;
  }

  #tooSlow(connection: Connection): void {
    this.#slow.push(connection);
    if (this.#slow.length > 1) return;
    setImmediate(() => {
      const slow = this.#slow;
      this.#slow = [];
      for (const one of slow) if (one.state.at !== 'closing') this.#onSlow(one);
    });
  }
}
