/**
 * Keeps a server that was given as a command: `node command-keeper.ts <config.json>`. It fills a free port into the command,
 * says `ready` once the server accepts a WebSocket there, and ends it, with whatever it started, when told to or when its
 * parent is gone. It leads the process group that all of them are in.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';

const KNOCK_EVERY_MS = 100;
const KNOCK_TIMEOUT_MS = 1_000;
/** A server that has not ended by itself so long after SIGTERM is killed. */
const FAREWELL_MS = 2_000;

const { command } = z
  .strictObject({ command: z.string().min(1) })
  .parse(JSON.parse(readFileSync(process.argv[2]!, 'utf8')));
const port = await freePort();
const child = spawn('sh', ['-c', command.replaceAll('{port}', String(port))], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
const ended = once(child, 'exit');

let isEnding = false;
const end = async (): Promise<void> => {
  if (isEnding) return;
  isEnding = true;
  process.kill(-process.pid, 'SIGTERM');
  await Promise.race([ended, delay(FAREWELL_MS)]);
  process.kill(-process.pid, 'SIGKILL');
};
// It is for the others of the group; this one ends last.
process.on('SIGTERM', () => {});
process.on('disconnect', end);
process.on('message', end);

const how = await Promise.race([accepts(port), ended]);
if (how === true) {
  process.send?.({ type: 'ready', port, pid: child.pid });
} else {
  process.send?.({
    type: 'error',
    code: 'command-ended',
    message: `'${command}' ended (${how.find((one) => one !== null)}) before it accepted a WebSocket at ws://127.0.0.1:${port}/signal`,
    hint: 'try the command by itself; {port} stands for the port where it is to listen',
  });
  await delay(KNOCK_EVERY_MS);
  await end();
}

/** Resolves when somebody accepts a WebSocket there; the parent loses patience first. */
async function accepts(atPort: number): Promise<true> {
  for (;;) {
    const socket = new WebSocket(`ws://127.0.0.1:${atPort}/signal`, { handshakeTimeout: KNOCK_TIMEOUT_MS });
    const opened = await new Promise<boolean>((resolve) => {
      socket.once('open', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.terminate();
    if (opened) return true;
    await delay(KNOCK_EVERY_MS);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP port');
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}
