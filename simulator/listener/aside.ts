/**
 * A parallel room: an unofficial room that listeners opened because the main one was full. Whoever sits in one
 * has given up the main room, hears no host, and stays there as others stay in the main room.
 */
import type { EjectionCause } from '../../server/protocol/messages.ts';
import { disconnect, finish, type HowToClose, row, setStayTimers, type Turn } from './turn.ts';

export function goAside(turn: Turn, room: string): void {
  const { listener, nowMs } = turn;
  const isOwn = listener.seeking === 'own';
  listener.room = listener.rules.room;
  row(turn, 'gave-up', 'parallel', null);
  listener.phase = 'aside';
  listener.room = room;
  listener.ticket = null;
  row(turn, 'parallel', null, isOwn ? 1 : 0);
  setStayTimers(turn, listener.stayEndMs ?? nowMs + listener.traits.stayMs);
}

/** Nobody fights for such a seat. */
export function loseAside(turn: Turn, cause: EjectionCause, how: HowToClose): void {
  row(turn, 'parallel-lost', cause, null);
  disconnect(turn, how);
  finish(turn);
}
