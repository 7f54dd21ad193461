/** For tests: a real server on loopback with short timers, and listeners that speak to it over raw WebSockets. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { RowType } from '../../events/row.ts';
import { type ServerConfig, serverConfigSchema } from '../config.ts';
import { type RunningServer, type ServerParts, startServer } from '../index.ts';
import { type Features, PROFILES, type ProfileName } from '../profiles/features.ts';
import { encodeFrame, type ListenerLetter, PROTOCOL_VERSION } from '../protocol/wire.ts';

export type TestRow = {
  readonly type: RowType;
  readonly personId: number | null;
  readonly connectionId: number | null;
  readonly room: string | null;
  readonly cause: string | null;
  readonly value: number | null;
};

export type TestServerOptions = {
  readonly seats?: number;
  readonly overflow?: { readonly seats: number; readonly roomsMax: number; readonly closeAfterMs?: number };
  readonly parallel?: ServerConfig['parallel'];
  readonly features?: Partial<Features>;
  readonly pacing?: { readonly seatsPerSecond: number; readonly burst: number };
  readonly timers?: Partial<ServerConfig['timers']>;
  readonly limits?: Partial<ServerConfig['limits']>;
  readonly media?: Partial<ServerConfig['media']>;
  /** Of an earlier server, to start its successor. */
  readonly runDir?: string;
  readonly parts?: ServerParts;
};

export async function testConfig(
  profile: ProfileName,
  options: TestServerOptions = {},
): Promise<ServerConfig> {
  let { runDir } = options;
  if (runDir === undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'roomrush-server-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    runDir = folder;
  }
  return serverConfigSchema.parse({
    profile,
    features: { ...PROFILES[profile], ...options.features },
    mainRoom: { room: 'main', title: 'The room', seats: options.seats ?? 100 },
    overflow: options.overflow ?? { seats: 1, roomsMax: 0 },
    parallel: options.parallel ?? { seats: 1, roomsMax: 0 },
    pacing: options.pacing ?? { seatsPerSecond: 10_000, burst: 1_000 },
    timers: {
      heartbeatMissedMs: 30_000,
      iceConsentMs: 30_000,
      ticketLifeMs: 30_000,
      seatHoldMs: 30_000,
      presenceBatchMs: 30,
      hallwayCacheMs: 1_000,
      positionsEveryMs: 30,
      ...options.timers,
    },
    limits: { ...options.limits },
    media: { enabled: false, ...options.media },
    seed: 1,
    runDir,
  });
}

export class TestServer {
  readonly config: ServerConfig;
  readonly rows: readonly TestRow[];
  readonly running: RunningServer;

  constructor(config: ServerConfig, rows: readonly TestRow[], running: RunningServer) {
    this.config = config;
    this.rows = rows;
    this.running = running;
  }

  /** Rows of these types, as short text: `took 7 main 1`. */
  story(...types: RowType[]): string[] {
    return this.rows
      .filter((row) => types.includes(row.type))
      .map((row) =>
        [row.type, row.personId, row.room, row.cause, row.value].filter((part) => part !== null).join(' '),
      );
  }

  async health(): Promise<{
    readonly connections: number;
    readonly waiting: number;
    readonly rooms: readonly {
      readonly room: string;
      readonly decided: number;
      readonly taken: number;
      readonly held: number;
    }[];
  }> {
    return (await fetch(`http://127.0.0.1:${this.running.port}/health`)).json() as never;
  }

  async dial(): Promise<TestListener> {
    const listener = new TestListener(this.running.port);
    await listener.opened;
    return listener;
  }

  /** Dials and asks; the answer is yet to come. */
  async ask(personId: number, more: object = {}): Promise<TestListener> {
    const listener = await this.dial();
    listener.ask(personId, more);
    return listener;
  }

  /** Dials, asks and waits for the seat. */
  async seat(personId: number, more: object = {}): Promise<TestListener> {
    const listener = await this.ask(personId, more);
    await listener.next('S');
    return listener;
  }
}

export async function testServer(profile: ProfileName, options: TestServerOptions = {}): Promise<TestServer> {
  const config = await testConfig(profile, options);
  const rows: TestRow[] = [];
  const sink: ServerParts['sink'] = {
    row: (type, personId, _attempt, connectionId, room, cause, value) => {
      rows.push({ type, personId, connectionId, room, cause, value });
    },
    close: async () => {},
  };
  const running = await startServer(config, { sink, ...options.parts });
  onTestFinished(() => running.close());
  return new TestServer(config, rows, running);
}

export type Received = {
  readonly letter: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came.
  readonly head: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly bulk: any;
};

export class TestListener {
  readonly socket: WebSocket;
  readonly opened: Promise<void>;
  /** The close code, once the socket is closed. */
  readonly closed: Promise<number>;
  /** What came, in order, as text. */
  readonly heard: string[] = [];
  readonly #inbox: string[] = [];
  #wake: () => void = () => {};

  constructor(port: number) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/signal`, { perMessageDeflate: false });
    this.opened = new Promise((resolve, reject) => {
      this.socket.once('open', resolve);
      this.socket.once('error', reject);
    });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.on('error', () => {});
    this.socket.on('message', (data) => {
      this.heard.push(data.toString());
      this.#inbox.push(data.toString());
      this.#wake();
    });
  }

  send(letter: ListenerLetter, head: object): void {
    this.socket.send(encodeFrame(letter, head));
  }

  ask(personId: number, more: object = {}): void {
    const name = `p${personId}`;
    this.send('a', { v: PROTOCOL_VERSION, personId, name, attempt: 1, room: 'main', media: 'none', ...more });
  }

  /** The next message that has come or is to come, of these letters if any are named; others are passed over. */
  async next(...letters: string[]): Promise<Received> {
    for (;;) {
      const text = this.#inbox.shift();
      if (text === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (letters.length === 0 || letters.includes(text.slice(0, 1))) {
        const [head, bulk] = text.slice(1).split('\n');
        return {
          letter: text.slice(0, 1),
          head: JSON.parse(head!),
          bulk: bulk === undefined ? null : JSON.parse(bulk),
        };
      }
    }
  }

  /** Answers to everything sent before have come: a heartbeat made its round. */
  async roundTrip(): Promise<void> {
    this.send('b', { n: 0 });
    await this.next('B');
  }
}

/** Waits until something that no message tells of is so. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
