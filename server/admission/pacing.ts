/**
 * Paced admission: a bucket that fills with so many seats a second up to a burst, and from which each new
 * seat takes one.
 */
export class Pacing {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #filledAtMs: number | null = null;
  #promisedAtMs = 0;

  constructor(options: { readonly seatsPerSecond: number; readonly burst: number }) {
    this.#perMs = options.seatsPerSecond / 1000;
    this.#burst = options.burst;
    this.#tokens = options.burst;
  }

  /** Whether a seat may be given now. */
  allows(nowMs: number): boolean {
    this.#fill(nowMs);
    return this.#tokens >= 1;
  }

  /** A seat was given. */
  spend(): void {
    this.#tokens -= 1;
  }

  /**
   * When somebody who is refused now should try again, ms from now.
   *
   * Each refusal is told the next token that nobody else was told of, so that all do not come back at the
   * same instant; promises reach at most a minute ahead, beyond which people share them.
   */
  retryAfterMs(nowMs: number): number {
    this.#fill(nowMs);
    const nextAtMs = nowMs + Math.max(0, 1 - this.#tokens) / this.#perMs;
    const atMs = Math.min(Math.max(nextAtMs, this.#promisedAtMs + 1 / this.#perMs), nowMs + 60_000);
    this.#promisedAtMs = atMs;
    return Math.ceil(atMs - nowMs);
  }

  #fill(nowMs: number): void {
    const sinceMs = this.#filledAtMs === null ? 0 : Math.max(0, nowMs - this.#filledAtMs);
    this.#tokens = Math.min(this.#burst, this.#tokens + sinceMs * this.#perMs);
    this.#filledAtMs = nowMs;
  }
}
