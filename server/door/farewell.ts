/** How a connection ends: a last frame, a close, and a bound on how long the other side may take to agree. */
import type { Connection } from '../signalling/connection.ts';

/** A socket that is not closed by its other side is cut after this time. */
const CLOSE_GRACE_MS = 1_000;

export const CLOSE_CODE = { normal: 1000, goingAway: 1001, policy: 1008 } as const;

/** Marks a connection as closing; from here on nothing that arrives on it is read. */
export function beginClosing(connection: Connection, nowMs: number): void {
  connection.state = { at: 'closing', untilMs: nowMs + CLOSE_GRACE_MS };
}

/** Closes the socket after what was sent. */
export function closeSocket(connection: Connection, code: number): void {
  if (connection.socket.readyState === connection.socket.OPEN) connection.socket.close(code);
}
