/**
 * What k6 and its process say to each other while the night runs, over HTTP on loopback: k6 asks for the night's zero
 * and is kept waiting until there is one, and each virtual user tells its counters each second.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { NamedCounters, SwarmCounters } from '../../swarm/config.ts';

const count = z.int().min(0);
const countersSchema = z.strictObject({
  user: z.int().min(1),
  isLast: z.boolean().describe('the night is over for this virtual user'),
  counters: z
    .object({
      arrived: count,
      late: count,
      dialing: count,
      waiting: count,
      pausing: count,
      in: count,
      joined: count,
      attempts: count,
      ejected: count,
      gaveUp: count,
      left: count,
    } satisfies Record<keyof NamedCounters, typeof count>)
    .catchall(z.number().min(0))
    .describe('what its people add up to (simulator/listener/tally.ts) among them'),
});

/** A report is one or two thousand bytes. */
const BODY_BYTES_MAX = 8192;

export type Control = {
  /** Where k6 finds it: http://127.0.0.1:... */
  readonly url: string;
  /** Resolves when k6 asks for the zero: it has read and compiled everything. */
  readonly asked: Promise<void>;
  /** Gives the zero of the night, ms on the wall clock. */
  start(zeroMs: number): void;
  /** Sums over all virtual users, as they last told them. */
  counters(): SwarmCounters;
  /** Virtual users that have played to the end. */
  done(): number;
  close(): void;
};

export async function openControl(): Promise<Control> {
  const asked = Promise.withResolvers<void>();
  const zero = Promise.withResolvers<number>();
  const byUser = new Map<number, z.infer<typeof countersSchema>>();
  const server = createServer((request, response) => {
    if (request.url === '/start') {
      asked.resolve();
      void zero.promise.then((zeroMs) => answer(response, 200, { zeroMs }));
    } else if (request.method === 'POST' && request.url === '/counters') {
      void take(request, response, (report) => {
        // Two requests that are under way together may come in either order; nothing follows the last report.
        if (byUser.get(report.user)?.isLast !== true) byUser.set(report.user, report);
      });
    } else answer(response, 404, {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: asked.promise,
    start: zero.resolve,
    counters: () => sum([...byUser.values()].map(({ counters }) => counters)),
    done: () => [...byUser.values()].filter(({ isLast }) => isLast).length,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function take(
  request: IncomingMessage,
  response: ServerResponse,
  keep: (report: z.infer<typeof countersSchema>) => void,
): Promise<void> {
  let body = '';
  try {
    for await (const chunk of request.setEncoding('utf8')) {
      body += chunk;
      if (body.length > BODY_BYTES_MAX) break;
    }
    const parsed = countersSchema.safeParse(JSON.parse(body));
    if (parsed.success) keep(parsed.data);
    answer(response, parsed.success ? 200 : 400, {});
  } catch (error) {
    // Not JSON, or k6 is gone: a second without a progress line.
    if (!(error instanceof SyntaxError) && (error as NodeJS.ErrnoException).code !== 'ECONNRESET')
      throw error;
    answer(response, 400, {});
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sum(all: readonly SwarmCounters[]): SwarmCounters {
  const total: { [name: string]: number } & { -readonly [Name in keyof NamedCounters]: number } = {
    arrived: 0,
    late: 0,
    dialing: 0,
    waiting: 0,
    pausing: 0,
    in: 0,
    joined: 0,
    attempts: 0,
    ejected: 0,
    gaveUp: 0,
    left: 0,
  };
  for (const one of all) {
    for (const [name, value] of Object.entries(one)) total[name] = (total[name] ?? 0) + value;
  }
  return total;
}
