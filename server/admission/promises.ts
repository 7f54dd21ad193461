/**
 * Honest times to retry: each refusal is told the next instant that nobody else was told of, so that all do not
 * come back at once. Promises reach at most a minute ahead, beyond which people share them.
 */
const AHEAD_MS_MAX = 60_000;

export class Promises {
  #promisedAtMs = 0;

  /**
   * @param nextAtMs when the next seat can be given.
   * @param perMs seats a ms from then on.
   * @returns ms from now.
   */
  retryAfterMs(nowMs: number, nextAtMs: number, perMs: number): number {
    const atMs = Math.min(Math.max(nextAtMs, this.#promisedAtMs + 1 / perMs), nowMs + AHEAD_MS_MAX);
    this.#promisedAtMs = atMs;
    return Math.ceil(atMs - nowMs);
  }
}
