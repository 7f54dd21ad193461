/** What goes wrong: a try that fails, a seat that is lost, and the tap that follows. */
import type { EjectionCause } from '../../server/protocol/messages.ts';
import { loseAside } from './aside.ts';
import type { FailureCause } from './effects.ts';
import { giveUp } from './leaving.ts';
import { isConnected, isSeated } from './listener.ts';
import { clearTimer, disconnect, type HowToClose, row, setTimer, type Turn } from './turn.ts';

/** The connection is of no more use: a seat is lost by `ejection`, a try fails by `failure`. */
export function lost(turn: Turn, failure: FailureCause, ejection: EjectionCause, how: HowToClose): void {
  if (isSeated(turn.listener)) eject(turn, ejection, how);
  else if (turn.listener.phase === 'aside') loseAside(turn, ejection, how);
  else if (isConnected(turn.listener)) fail(turn, failure, how, null);
}

export function fail(turn: Turn, cause: FailureCause, how: HowToClose, retryAfterMs: number | null): void {
  const { listener } = turn;
  row(turn, 'failed', cause, null);
  disconnect(turn, how);
  if (!listener.hasArrived) {
    // Thrown out of the hallway, one comes back when the moment has come.
    clearTimer(turn, 'poll');
    listener.phase = 'idle';
    listener.tries = 0;
    return;
  }
  if (listener.tries < listener.rules.triesMax) pause(turn, retryAfterMs ?? usualPauseMs(turn));
  else giveUp(turn, cause === 'full' ? 'refused' : 'tries');
}

export function eject(turn: Turn, cause: EjectionCause, how: HowToClose): void {
  const { listener } = turn;
  row(turn, 'ejected', cause, null);
  disconnect(turn, how);
  if (!listener.traits.returns) {
    giveUp(turn, 'no-return');
    return;
  }
  listener.tries = 0;
  listener.queueEndMs = null;
  listener.toldFull = false;
  pause(turn, listener.traits.returnDelayMs + usualPauseMs(turn));
}

function pause(turn: Turn, ms: number): void {
  turn.listener.phase = 'pausing';
  setTimer(turn, 'retap', ms);
}

/** Where the server said no time: at once after the first blow, then at a person's own intervals. */
function usualPauseMs({ listener, draw }: Turn): number {
  const { retapFirstMs, retapThenMeanMs } = listener.rules;
  const isFirst = listener.tries === 0 || (listener.tries === 1 && listener.attempt === 1);
  return isFirst ? retapFirstMs : -retapThenMeanMs * Math.log(draw());
}
