/**
 * What the crowd meets: an audio-room server. `startServer` puts it together from its configuration:
 *
 * - `signalling/` sockets and frames, `door/` what a listener's messages lead to,
 * - `admission/` who gets in (pure), `rooms/` who is where and who hears of it, tickets and the seat journal,
 * - `media/` the voices, `metrics/` what a Prometheus may know, `page/` what a person's browser shows, `protocol/` the words, `profiles/` how such a server is built.
 */
import { createSocket } from 'node:dgram';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { createAdmission } from './admission/composition.ts';
import type { ServerSignals } from './admission/step.ts';
import type { ServerConfig } from './config.ts';
import { Conversation } from './door/conversation.ts';
import { Door } from './door/door.ts';
import type { Emptying } from './door/losses.ts';
import { startEachSecond } from './each-second.ts';
import { ServerError } from './errors.ts';
import { type EventSink, NO_SINK, ServerLog } from './log.ts';
import type { StartMedia } from './media/port.ts';
import { ServerMetrics } from './metrics/server-metrics.ts';
import { bundlePage } from './page/bundle.ts';
import { compositionOf } from './profiles/compose.ts';
import { openJournal } from './rooms/journal.ts';
import { ParallelRooms } from './rooms/parallel.ts';
import { Rooms } from './rooms/rooms.ts';
import { type RoomsNow, roomsNow } from './rooms/rooms-now.ts';
import { openTicketKeys } from './rooms/ticket-keys.ts';
import { Tickets } from './rooms/tickets.ts';
import { Voices } from './rooms/voice.ts';
import { Gateway } from './signalling/gateway.ts';
import { Outgoing } from './signalling/outgoing.ts';
import { startSweep } from './signalling/sweep.ts';
import { Signals } from './signals.ts';

/** How often the admission policy hears that time has passed: pacing gives its seats in steps of this. */
const ADMISSION_TICK_MS = 25;
/** How long a stopping server lets its last frames drain. */
const FAREWELL_MS = 100;

export type RunningServer = {
  readonly port: number;
  /** UDP port of the media; null: without media. */
  readonly rtcPort: number | null;
  workerPid(): number | null;
  roomsNow(): RoomsNow;
  /** Throws everybody out of the main room, or of every room; they may come back at once. */
  emptyRooms(what: Emptying): void;
  close(): Promise<void>;
};

export type ServerParts = {
  /** Where the event rows go; nothing: nowhere. */
  readonly sink?: EventSink;
  /** For tests: another policy than the configuration's. */
  readonly createAdmission?: typeof createAdmission;
  /** Needed when the configuration enables media. */
  readonly startMedia?: StartMedia;
};

/**
 * Starts a server; resolves when it listens and its media worker carries the main room.
 *
 * @throws ServerError when the run's folder, the room page, the port or the media worker cannot be had.
 */
export async function startServer(config: ServerConfig, parts: ServerParts = {}): Promise<RunningServer> {
  const nowMs = (): number => performance.now();
  const page = bundlePage();
  const metrics = new ServerMetrics(config.mainRoom.room, nowMs);
  const log = new ServerLog(metrics.counting(parts.sink ?? NO_SINK));
  const ticketKeys = await openTicketKeys(config.runDir);
  const tickets = new Tickets(ticketKeys);
  const composition = compositionOf(config);
  const { journal, inheritance } = await openJournal(config.runDir, composition.hold !== null, (error) =>
    console.error(`seat journal: ${error instanceof Error ? error.message : error}`),
  );
  const admission = (parts.createAdmission ?? createAdmission)(
    composition,
    config.mainRoom.room,
    inheritance,
  );
  const outgoing = new Outgoing(log, config.limits.slowClientBytesMax, (connection) =>
    door.lose(connection, 'slow-client'),
  );
  const rooms = new Rooms(config, outgoing, log);
  const rtcPort = config.media.enabled ? await udpPort(config) : null;
  const voices = rtcPort === null ? null : startVoices(rtcPort);
  const signals = new Signals(
    async () => (await voices?.cpuMs()) ?? null,
    nowMs,
    (afterMs) => metrics.audioFlows(afterMs),
  );
  const door = new Door({
    config,
    composition,
    signals,
    admission,
    tickets,
    journal,
    rooms,
    parallel: new ParallelRooms(config.parallel, rooms),
    voices,
    outgoing,
    log,
    draw: drawsFrom(config.seed),
    nowMs,
    wallMs: Date.now,
  });
  const conversation = new Conversation(door, outgoing, rooms.hallway, log);
  const gateway = new Gateway(
    config,
    {
      message: (connection, payload, isBinary, atMs) =>
        conversation.hear(connection, payload, isBinary, atMs),
      unreadable: (connection) => conversation.unreadable(connection),
      closed: (connection) => door.lose(connection, 'connection-lost'),
      hallway: () => {
        log.hallwayRead();
        return rooms.hallway.read(nowMs());
      },
      health: () => ({ status: 'ok', waiting: admission.waiting(), rooms: admission.occupancy() }),
      metrics: { contentType: metrics.contentType, text: () => metrics.text(gateway.connections.size) },
    },
    page,
    nowMs,
  );

  // The first tick takes over what an earlier server left, before anybody can ask.
  door.tick();
  let port: number;
  try {
    await voicesReady();
    port = await gateway.listen();
  } catch (error) {
    await voices?.stop();
    await journal.close();
    await log.close();
    throw error;
  }
  const onSecond = (observed: ServerSignals): void => {
    metrics.observe(observed);
    door.observe(observed);
  };
  const eachSecond = startEachSecond(log, admission, signals, onSecond, nowMs);
  const admissionTick = setInterval(() => door.tick(), ADMISSION_TICK_MS);
  const keyTick = setInterval(() => {
    try {
      ticketKeys.rotate();
    } catch (error) {
      // The present key stays good, and the next turn tries again.
      console.error(`ticket keys: ${error instanceof Error ? error.message : error}`);
    }
  }, config.timers.ticketKeyMs);
  const presenceTick = setInterval(() => rooms.flushPresence(), config.timers.presenceBatchMs);
  const sweep = startSweep({
    connections: gateway.connections,
    heartbeatMissedMs: config.timers.heartbeatMissedMs,
    nowMs,
    onSilent: (connection) => door.lose(connection, 'heartbeat-missed'),
  });

  const close = async (): Promise<void> => {
    clearInterval(admissionTick);
    clearInterval(keyTick);
    clearInterval(presenceTick);
    sweep.stop();
    door.stop();
    if (gateway.connections.size > 0) await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
    await gateway.close();
    await voices?.stop();
    eachSecond.stop();
    await journal.close();
    await log.close();
  };
  let closed: Promise<void> | null = null;
  return {
    port,
    rtcPort,
    workerPid: () => voices?.workerPid ?? null,
    roomsNow: () => roomsNow(admission, rooms),
    emptyRooms: (what) => door.emptyRooms(what),
    close: () => {
      closed ??= close();
      return closed;
    },
  };

  function startVoices(atPort: number): Voices {
    const { startMedia } = parts;
    if (startMedia === undefined)
      throw new ServerError('MEDIA_FAILED', 'media is enabled and there is none', 'Pass startMedia.');
    const options = {
      frameMs: config.media.frameMs,
      workers: config.media.workers,
      rtcPort: atPort,
      host: config.host,
      workerBin: config.media.workerBin,
      iceConsentMs: config.timers.iceConsentMs,
    };
    const started = new Voices(startMedia, options, {
      onDied: () => {
        log.row('worker-died', null);
        door.loseVoices();
      },
      onReady: (workerPid) => log.row('worker-ready', null, { value: workerPid }),
    });
    started.open(config.mainRoom.room, null);
    return started;
  }

  async function voicesReady(): Promise<void> {
    if (voices === null) return;
    try {
      await voices.ready();
    } catch (error) {
      throw new ServerError(
        'MEDIA_FAILED',
        `the media worker does not start: ${error instanceof Error ? error.message : error}`,
        'Run `npx roomrush doctor`, which says what it lacks.',
        { cause: error },
      );
    }
    log.row('worker-ready', null, { value: voices.workerPid });
  }
}

/** The UDP port of all media: the one asked for, or a free one, so that a new worker takes the same port. */
async function udpPort(config: ServerConfig): Promise<number> {
  if (config.rtcPort !== 0) return config.rtcPort;
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: config.host, port: 0 }, resolve);
  });
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

function drawsFrom(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => (generator.next() >>> 0) / 0x1_0000_0000;
}
