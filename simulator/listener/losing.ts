/** What goes wrong: a try that fails, a seat that is lost, and the tap that follows. */
import type { EjectionCause } from '../../server/protocol/messages.ts';
import type { FailureCause } from './effects.ts';
import { giveUp } from './leaving.ts';
import { isConnected, isSeated } from './listener.ts';
import { disconnect, type HowToClose, row, setTimer, type Turn } from './turn.ts';

/** The connection is of no more use: a seat is lost by `ejection`, a try fails by `failure`. */
export function lost(turn: Turn, failure: FailureCause, ejection: EjectionCause, how: HowToClose): void {
  if (isSeated(turn.listener)) eject(turn, ejection, how);
  else if (isConnected(turn.listener)) fail(turn, failure, how, null);
}

export function fail(turn: Turn, cause: FailureCause, how: HowToClose, retryAfterMs: number | null): void {
  const { listener } = turn;
  row(turn, 'failed', cause, null);
  disconnect(turn, how);
  if (listener.tries < listener.rules.triesMax) pause(turn, retryAfterMs);
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
  pause(turn, null);
}

/** Taps again: when the server said, or at once after the first blow, or at a person's own intervals. */
function pause(turn: Turn, retryAfterMs: number | null): void {
  const { listener, draw } = turn;
  const { retapFirstMs, retapThenMeanMs } = listener.rules;
  const isFirst = listener.tries === 0 || (listener.tries === 1 && listener.attempt === 1);
  listener.phase = 'pausing';
  setTimer(turn, 'retap', retryAfterMs ?? (isFirst ? retapFirstMs : -retapThenMeanMs * Math.log(draw())));
}
