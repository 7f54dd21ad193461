/**
 * The server as a process: `node server/main.ts <config.json>`.
 *
 * With an IPC channel to its parent it says `ready` (or `error`) there, then tells its `rooms` once a second, obeys
 * `stop`, `kill-worker` and `empty-rooms`, and ends when the parent is gone; without one it prints one JSON line.
 * SIGTERM and SIGINT stop it cleanly.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ServerConfig, serverConfigSchema } from './config.ts';
import { ServerError } from './errors.ts';
import { type RunningServer, startServer } from './index.ts';

const TELL_ROOMS_EVERY_MS = 1_000;

/** From the process that started this one. */
const orderSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('stop') }),
  z.strictObject({ type: z.literal('kill-worker') }),
  z.strictObject({ type: z.literal('profile'), what: z.enum(['start', 'stop']) }),
  z.strictObject({ type: z.literal('empty-rooms'), what: z.enum(['restart-room', 'drop-rooms']) }),
]);

async function readConfig(path: string | undefined): Promise<ServerConfig> {
  if (path === undefined)
    throw new ServerError('CONFIG_INVALID', 'no configuration', 'Usage: node server/main.ts <config.json>');
  let data: unknown;
  try {
    data = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new ServerError('CONFIG_INVALID', `${path}: ${why}`, 'Give the path of a JSON file.', {
      cause: error,
    });
  }
  const parsed = serverConfigSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new ServerError(
    'CONFIG_INVALID',
    `${path} is not a server configuration:\n${z.prettifyError(parsed.error)}`,
    'server/config.ts says what each field means.',
  );
}

function tell(message: object): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, undefined, undefined, () => resolve());
    else process.stdout.write(`${JSON.stringify(message)}\n`, () => resolve());
  });
}

function tellRooms(server: RunningServer): void {
  if (process.connected) void tell({ type: 'rooms', ...server.roomsNow() });
}

async function run(): Promise<void> {
  const config = await readConfig(process.argv[2]);
  const { openEventWriter } = await import('../events/writer.ts');
  const { startMedia } = await import('./media/index.ts');
  const sink = openEventWriter({
    dir: join(config.runDir, 'events'),
    process: config.processName,
    side: 'server',
  });
  const server = await startServer(config, { sink, startMedia });
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await server.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
  process.on('message', (message) => obey(message, server, stop));
  const { port, rtcPort } = server;
  await tell({ type: 'ready', port, rtcPort, pid: process.pid, workerPid: server.workerPid() });
  if (process.send !== undefined) setInterval(() => tellRooms(server), TELL_ROOMS_EVERY_MS);
}

function obey(message: unknown, server: RunningServer, stop: () => Promise<void>): void {
  const order = orderSchema.safeParse(message);
  if (!order.success) {
    console.error(`an order that is none: ${z.prettifyError(order.error)}`);
    return;
  }
  switch (order.data.type) {
    case 'stop':
      stop();
      return;
    case 'empty-rooms':
      server.emptyRooms(order.data.what);
      return;
    case 'profile':
      // For the profiler that was loaded before this file, and listens itself; without one nothing is profiled.
      return;
    case 'kill-worker': {
      const workerPid = server.workerPid();
      if (workerPid !== null) process.kill(workerPid, 'SIGKILL');
      return;
    }
  }
}

run().catch(async (error: unknown) => {
  if (!(error instanceof ServerError)) throw error;
  await tell({ type: 'error', code: error.code, message: error.message, hint: error.hint });
  if (!process.send) console.error(`${error.message}\n${error.hint}`);
  process.exit(error.exitCode);
});
