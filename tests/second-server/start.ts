/** Test instruments: the second server as a process of its own, and targets that do not keep to any protocol. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

const PROGRAM = fileURLToPath(new URL('server.ts', import.meta.url));
const count = z.int().min(0);
const entry = z.strictObject({
  ...{ asked: count, seated: count, resumed: count, full: count, bye: count, lost: count },
  ...{ hands: count, profiles: count },
});
const ledgerSchema = z.strictObject({
  takenMax: count,
  takenAtEnd: count,
  people: z.record(z.string(), entry),
});
export type Ledger = z.infer<typeof ledgerSchema>;

/** Starts it; `end` ends it and gives what it did. It ends by itself with the process that started it. */
export async function startSecondServer(
  options: object,
): Promise<{ readonly target: string; end(): Promise<Ledger> }> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const { port } = z.strictObject({ port: count }).parse(JSON.parse((await lines.next()).value ?? ''));
  return {
    target: `ws://127.0.0.1:${port}/signal`,
    async end() {
      child.stdin.end();
      return ledgerSchema.parse(JSON.parse((await lines.next()).value ?? ''));
    },
  };
}

/** A TCP server that does this with everybody who connects; closed when the test ends. */
export async function startOddTarget(meet: (socket: Socket) => void, host = '127.0.0.1'): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    meet(socket);
  });
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return `ws://${host.includes(':') ? `[${host}]` : host}:${address.port}/signal`;
}

/** A target that does a WebSocket's handshake, and then this. */
export async function startTalker(meet: (socket: WebSocket) => void): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    meet(socket);
  });
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return `ws://127.0.0.1:${address.port}/signal`;
}
