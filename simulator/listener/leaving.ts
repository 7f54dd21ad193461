/** How a listener goes: out of a seat, out of patience, or because the night is over. */
import { FROM_LISTENER } from '../../server/protocol/wire.ts';
import type { GaveUpCause } from './effects.ts';
import { isConnected, type Phase } from './listener.ts';
import { disconnect, finish, row, type Turn } from './turn.ts';

export function leave(turn: Turn): void {
  row(turn, 'left', turn.listener.traits.leavesSilently ? 'silent' : 'goodbye', null);
  depart(turn);
}

/** Patience is over before there was a seat, or a seat again. */
export function leaveTrying(turn: Turn, cause: GaveUpCause): void {
  row(turn, 'gave-up', cause, turn.listener.traits.leavesSilently ? 1 : null);
  depart(turn);
}

export function giveUp(turn: Turn, cause: GaveUpCause): void {
  row(turn, 'gave-up', cause, null);
  finish(turn);
}

/** A polite client says goodbye; a silent one leaves its socket standing and never answers again (M6). */
function depart(turn: Turn): void {
  const { listener, effects } = turn;
  if (isConnected(listener) && listener.traits.leavesSilently) {
    effects.push({ type: 'silence' });
  } else if (isConnected(listener)) {
    if (listener.phase !== 'dialing') effects.push({ type: 'send', letter: FROM_LISTENER.bye, head: {} });
    disconnect(turn, 'graceful');
  }
  finish(turn);
}

export function nightEnd(turn: Turn): void {
  const { listener } = turn;
  if (listener.phase === 'aside') {
    leave(turn);
    return;
  }
  row(turn, 'at-end', AT_END[listener.phase as Exclude<Phase, 'aside' | 'gone'>], null);
  if (isConnected(listener)) disconnect(turn, 'graceful');
  finish(turn);
}

const AT_END = {
  idle: 'pausing',
  dialing: 'joining',
  browsing: 'joining',
  asking: 'joining',
  seated: 'joining',
  waiting: 'waiting',
  in: 'in',
  pausing: 'pausing',
} as const;
