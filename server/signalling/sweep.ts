/**
 * One sweep over all connections finds those that fell silent; nobody has a timer of their own.
 *
 * The sweep runs after the event loop has read what had arrived: a server that was busy for seconds must not
 * throw out people whose heartbeats are waiting in the kernel.
 */
import type { Connection } from './connection.ts';

export type Sweep = { stop(): void };

export function startSweep(options: {
  readonly connections: ReadonlySet<Connection>;
  readonly heartbeatMissedMs: number;
  readonly nowMs: () => number;
  readonly onSilent: (connection: Connection) => void;
}): Sweep {
  const { connections, heartbeatMissedMs, nowMs, onSilent } = options;
  const sweep = (): void => {
    const atMs = nowMs();
    for (const connection of connections) {
      const { state } = connection;
      if (state.at === 'closing') {
        if (atMs >= state.untilMs) connection.socket.terminate();
      } else if (atMs - connection.lastHeardMs >= heartbeatMissedMs) {
        onSilent(connection);
      }
    }
  };
  const everyMs = Math.min(Math.max(heartbeatMissedMs / 10, 10), 500);
  const timer = setInterval(() => setImmediate(sweep), everyMs);
  return { stop: () => clearInterval(timer) };
}
