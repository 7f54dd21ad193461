/**
 * The way in: HTTP for the room page, the hallway, the health check and the metrics, WebSocket on /signal. It knows sockets and
 * nothing of seats.
 */

import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';
import type { ServerConfig } from '../config.ts';
import { nodeCode, ServerError } from '../errors.ts';
import type { PageFile } from '../page/bundle.ts';
import type { Connection } from './connection.ts';

const SIGNAL_PATH = '/signal';

export type GatewayHandlers = {
  readonly message: (connection: Connection, payload: Buffer, isBinary: boolean, nowMs: number) => void;
  /** What came is no frame that may be read: too large, or malformed. */
  readonly unreadable: (connection: Connection) => void;
  /** The socket is closed; called once for each connection. */
  readonly closed: (connection: Connection) => void;
  readonly hallway: () => string;
  readonly health: () => object;
  /** What a Prometheus scrapes. */
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> };
};

export class Gateway {
  readonly connections = new Set<Connection>();
  readonly #config: ServerConfig;
  readonly #handlers: GatewayHandlers;
  readonly #nowMs: () => number;
  readonly #http: FastifyInstance;
  readonly #sockets: WebSocketServer;
  #nextId = 1;

  constructor(
    config: ServerConfig,
    handlers: GatewayHandlers,
    page: readonly PageFile[],
    nowMs: () => number,
  ) {
    this.#config = config;
    this.#handlers = handlers;
    this.#nowMs = nowMs;
    const { heartbeatMissedMs } = config.timers;
    this.#http = Fastify({
      logger: false,
      forceCloseConnections: true,
      // Whoever connects and never finishes a request is gone as soon as whoever falls silent later.
      http: {
        headersTimeout: Math.ceil(heartbeatMissedMs),
        connectionsCheckingInterval: Math.min(Math.max(Math.ceil(heartbeatMissedMs / 2), 50), 30_000),
      },
    });
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: config.limits.frameBytesMax,
      perMessageDeflate: false,
      // Text is checked for UTF-8 where a strike can be given for it.
      skipUTF8Validation: true,
    });
    this.#http.get('/hallway', (_request, reply) => reply.type('application/json').send(handlers.hallway()));
    this.#http.get('/health', () => ({ ...handlers.health(), connections: this.connections.size }));
    this.#http.get('/metrics', async (_request, reply) =>
      reply.type(handlers.metrics.contentType).send(await handlers.metrics.text()),
    );
    for (const { path, headers, body } of page)
      this.#http.get(path, (_request, reply) => reply.headers(headers).send(body));
    const { server } = this.#http;
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    // Sockets that speak no HTTP at all are bounded too.
    server.maxConnections = config.limits.connectionsMax + 1_024;
  }

  /**
   * Binds and listens; gives the port.
   *
   * @throws ServerError EADDRINUSE or LISTEN_FAILED.
   */
  async listen(): Promise<number> {
    const { host, port, listenBacklog: backlog } = this.#config;
    try {
      await this.#http.listen({ host, port, backlog });
    } catch (error) {
      const inUse = nodeCode(error) === 'EADDRINUSE';
      throw new ServerError(
        inUse ? 'EADDRINUSE' : 'LISTEN_FAILED',
        inUse ? `port ${port} of ${host} is in use` : `cannot listen on ${host}:${port}: ${error}`,
        inUse
          ? `Ask for another port or for port 0; \`ss -ltnp "sport = :${port}"\` shows who holds it.`
          : 'See that the address belongs to this machine and that the port may be bound.',
        { cause: error },
      );
    }
    return (this.#http.server.address() as AddressInfo).port;
  }

  /** Cuts what is still connected and stops listening. */
  async close(): Promise<void> {
    for (const connection of this.connections) connection.socket.terminate();
    await this.#http.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A socket that breaks before it is a WebSocket has nobody to tell.
    socket.on('error', () => socket.destroy());
    const full = this.connections.size >= this.#config.limits.connectionsMax;
    if (full || request.url?.split('?', 1)[0] !== SIGNAL_PATH) {
      refuse(socket, full ? '503 Service Unavailable' : '404 Not Found');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection: Connection = {
        id: this.#nextId++,
        socket: webSocket,
        lastHeardMs: this.#nowMs(),
        strikes: 0,
        state: { at: 'hallway' },
      };
      this.connections.add(connection);
      const heard = (): void => {
        connection.lastHeardMs = this.#nowMs();
      };
      webSocket.on('message', (data, isBinary) => {
        heard();
        this.#handlers.message(connection, data as Buffer, isBinary, connection.lastHeardMs);
      });
      webSocket.on('ping', heard);
      webSocket.on('pong', heard);
      webSocket.on('error', (error) => {
        // Errors of the socket itself (a reset) are followed by close; those of the frame layer are an offence.
        if (nodeCode(error)?.startsWith('WS_ERR')) this.#handlers.unreadable(connection);
      });
      webSocket.on('close', () => {
        this.connections.delete(connection);
        this.#handlers.closed(connection);
      });
    });
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
