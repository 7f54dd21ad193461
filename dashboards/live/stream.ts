/**
 * The live page and its stream: a small HTTP server on loopback that tells whoever looks how the night goes, as Server-Sent
 * Events, one frame an event (`frames.ts`). It only ever tells: nothing that a page sends changes the run.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NotReadyError } from '../../errors.ts';
import type { LiveFrame } from './frames.ts';
import { History } from './history.ts';
import { Pages } from './pages.ts';
import { readReportFile } from './report-files.ts';

export const DEFAULT_LIVE_PORT = 7700;
const PORTS_TRIED = 100;
const PAGES_MAX = 200;
const CONNECTIONS_MAX = 1_000;

/** What the browser gets: an address, its type and its body. */
export type PageFile = { readonly path: string; readonly type: string; readonly body: string | Buffer };

export type LiveOptions = {
  /** Of the page: `/` among them. */
  readonly files: readonly PageFile[];
  /** 0: any free one. Null: 7700, or the next free one. */
  readonly port: number | null;
  /** Not to be taken: the run needs them itself. */
  readonly avoid?: readonly number[];
  /** For tests: how much may wait for a page that does not read. */
  readonly backlogBytesMax?: number;
};

/** What names us in a browser on this machine, or at the near end of a tunnel to it. Others may be a page of elsewhere. */
const OUR_HOSTS = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;
/** Nothing from elsewhere, and the one stream that the page is for. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** A report says itself what it may do; that nobody frames it can be said here only. */
const REPORT_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export class LiveStream {
  /** Where the page is. */
  readonly url: string;
  readonly #server: Server;
  readonly #history = new History();
  readonly #pages: Pages;
  readonly #files: ReadonlyMap<string, PageFile>;
  #told = 0;
  #reportDir: string | null = null;

  /** Use `openLiveStream`. @param server listens already. */
  constructor(server: Server, { files, backlogBytesMax }: LiveOptions) {
    this.#server = server;
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#pages = new Pages(backlogBytesMax);
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    server.on('request', (request, response) => this.#answer(request, response));
  }

  /** Tells everybody who looks, and keeps it for whoever comes later. */
  tell(frame: LiveFrame): void {
    const json = this.#history.add(frame);
    this.#pages.send(Buffer.from(`id: ${++this.#told}\nevent: ${frame.type}\ndata: ${json}\n\n`));
  }

  /** From now on the report of this folder is under /report/. */
  showReport(dir: string): void {
    this.#reportDir = dir;
  }

  /** Pages that look. */
  get pages(): number {
    return this.#pages.size;
  }

  /** How many pages were dropped since the last call, as they did not read. */
  takeDropped(): number {
    return this.#pages.takeDropped();
  }

  /** Ends every stream and closes the port. */
  async close(): Promise<void> {
    this.#server.close();
    await this.#pages.close();
    this.#server.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (!OUR_HOSTS.test(request.headers.host ?? '')) {
      refuse(response, 403, 'This page is for this machine: open it by 127.0.0.1 or localhost.');
      return;
    }
    if (request.method !== 'GET') {
      response.setHeader('allow', 'GET');
      refuse(response, 405, 'There is only GET.');
      return;
    }
    const address = (request.url ?? '/').split('?', 1)[0]!;
    const file = this.#files.get(address);
    if (address === '/events') this.#stream(request, response);
    else if (file !== undefined) sendFile(response, file.type, file.body, PAGE_POLICY);
    else if (address.startsWith('/report/')) void this.#report(address.slice('/report/'.length), response);
    else refuse(response, 404, 'There is /, and /report/ when the run is over.');
  }

  #stream(request: IncomingMessage, response: ServerResponse): void {
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      refuse(response, 403, 'The stream is for its own page.');
      return;
    }
    if (this.#pages.size >= PAGES_MAX) {
      refuse(response, 503, `${PAGES_MAX} pages look already.`);
      return;
    }
    response.writeHead(200, {
      ...ALWAYS,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    const hello = `retry: 1000\n\nid: ${this.#told}\nevent: hello\ndata: ${this.#history.hello()}\n\n`;
    this.#pages.open(response, Buffer.from(hello));
  }

  async #report(name: string, response: ServerResponse): Promise<void> {
    try {
      const file = this.#reportDir === null ? null : await readReportFile(this.#reportDir, name);
      if (file === null) refuse(response, 404, 'There is no such file, or not yet.');
      else sendFile(response, file.type, file.body, REPORT_POLICY);
    } catch (error) {
      // A report that cannot be read is no reason to end a run.
      refuse(response, 500, `It cannot be read: ${(error as Error).message}`);
    }
  }
}

/**
 * Opens the page on loopback.
 *
 * @throws the system's error where the port that was asked for cannot be had, with its code (EADDRINUSE, EACCES);
 *   NotReadyError when none of the usual ones can.
 */
export async function openLiveStream(options: LiveOptions): Promise<LiveStream> {
  const { port, avoid = [] } = options;
  const server = createServer();
  server.maxConnections = CONNECTIONS_MAX;
  if (port !== null) {
    await listen(server, port);
    return new LiveStream(server, options);
  }
  for (let one = DEFAULT_LIVE_PORT; one < DEFAULT_LIVE_PORT + PORTS_TRIED; one++) {
    if (avoid.includes(one)) continue;
    try {
      await listen(server, one);
      return new LiveStream(server, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
  throw new NotReadyError(
    'no-free-port',
    `ports ${DEFAULT_LIVE_PORT} to ${DEFAULT_LIVE_PORT + PORTS_TRIED - 1} are taken`,
    'choose another --live-port, or --no-live',
  );
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function sendFile(response: ServerResponse, type: string, body: string | Buffer, policy: string): void {
  const headers = { 'content-type': type, 'cache-control': 'no-store', 'content-security-policy': policy };
  response.writeHead(200, { ...ALWAYS, ...headers }).end(body);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...ALWAYS, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
