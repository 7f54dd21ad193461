/**
 * The open streams, one a page. Everybody gets the same bytes, made once. A page that does not read is dropped before what
 * waits for it costs the run its memory: it reconnects, and is told everything anew.
 */
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** So much may wait for a page that has taken in what it was told first. */
const BACKLOG_BYTES_MAX = 2 ** 20;
const PING_EVERY_MS = 10_000;
/** What the last frame may take to get out. */
const FAREWELL_MS = 500;

export class Pages {
  readonly #backlogBytesMax: number;
  /** Of each page, how many bytes of all that came before it still wait. */
  readonly #pages = new Map<ServerResponse, { helloBytes: number }>();
  readonly #ping: NodeJS.Timeout;
  #dropped = 0;

  constructor(backlogBytesMax = BACKLOG_BYTES_MAX) {
    this.#backlogBytesMax = backlogBytesMax;
    this.#ping = setInterval(() => this.send(Buffer.from(': ping\n\n')), PING_EVERY_MS);
    this.#ping.unref();
  }

  get size(): number {
    return this.#pages.size;
  }

  /** @param hello all that was told before. */
  open(response: ServerResponse, hello: Buffer): void {
    const page = { helloBytes: hello.length };
    this.#pages.set(response, page);
    response.once('close', () => this.#pages.delete(response));
    // A page that goes away while it is written to.
    response.on('error', () => this.#pages.delete(response));
    response.once('drain', () => {
      page.helloBytes = 0;
    });
    if (response.write(hello)) page.helloBytes = 0;
  }

  send(bytes: Buffer): void {
    for (const [response, { helloBytes }] of this.#pages) {
      if (response.writableLength <= this.#backlogBytesMax + helloBytes) {
        response.write(bytes);
        continue;
      }
      this.#pages.delete(response);
      response.destroy();
      this.#dropped++;
    }
  }

  /** How many were dropped since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** Ends every stream once it has got everything, or soon. */
  async close(): Promise<void> {
    clearInterval(this.#ping);
    const closed = [...this.#pages.keys()].map(
      (response) => new Promise<void>((resolve) => response.once('close', resolve).end()),
    );
    const late = new AbortController();
    await Promise.race([
      Promise.all(closed),
      delay(FAREWELL_MS, undefined, { signal: late.signal }).catch(() => {}),
    ]);
    late.abort();
  }
}
