/**
 * Paced admission: a bucket that fills with so many seats a second up to a burst, and from which each new seat
 * takes one.
 */
import { z } from 'zod';
import { Promises } from './promises.ts';

export const tokenBucketParameters = z.strictObject({
  seatsPerSecond: z
    .number()
    .positive()
    .optional()
    .describe("seats given a second (an assumption of each night); absent: the night's server.pacing"),
  burst: z
    .int()
    .min(1)
    .optional()
    .describe("seats that may be given at once after a pause; absent: the night's server.pacing"),
});

export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #promises = new Promises();
  #tokens: number;
  #filledAtMs: number | null = null;

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

  /** When somebody who is refused now should try again, ms from now. */
  retryAfterMs(nowMs: number): number {
    this.#fill(nowMs);
    const nextAtMs = nowMs + Math.max(0, 1 - this.#tokens) / this.#perMs;
    return this.#promises.retryAfterMs(nowMs, nextAtMs, this.#perMs);
  }

  #fill(nowMs: number): void {
    const sinceMs = this.#filledAtMs === null ? 0 : Math.max(0, nowMs - this.#filledAtMs);
    this.#tokens = Math.min(this.#burst, this.#tokens + sinceMs * this.#perMs);
    this.#filledAtMs = nowMs;
  }
}
