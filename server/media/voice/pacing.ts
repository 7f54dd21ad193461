/**
 * When which frame of the host's voice is due. Pure: it is handed the time.
 *
 * The schedule is absolute (frame n is due at start + n x frameMs), so lateness never adds up. A sender that wakes
 * late sends what it missed at once, with the timestamps those frames always had. Beyond SKIP_AFTER_MS it drops
 * what it missed instead: frames and timestamps jump forward together and sequence numbers stay gapless, because
 * nothing was lost on the way to the listener.
 */

/** From this lateness on missed frames are dropped instead of being sent late. */
export const SKIP_AFTER_MS = 1000;

type Due = {
  /** First frame to send now, counted from the start. */
  readonly firstFrame: number;
  /** How many to send; 0 when it is too early. */
  readonly count: number;
  /** Frames dropped in front of firstFrame. */
  readonly skipped: number;
  /** When to look again. */
  readonly nextMs: number;
};

export type Pacer = { due(nowMs: number): Due };

export function createPacer(options: { readonly startMs: number; readonly frameMs: number }): Pacer {
  const { startMs, frameMs } = options;
  let next = 0;
  return {
    due(nowMs) {
      const current = Math.floor((nowMs - startMs) / frameMs);
      const tooLate = (current - next) * frameMs > SKIP_AFTER_MS;
      const skipped = tooLate ? current - next : 0;
      const firstFrame = next + skipped;
      const count = Math.max(0, current - firstFrame + 1);
      next = firstFrame + count;
      return { firstFrame, count, skipped, nextMs: startMs + next * frameMs };
    },
  };
}
