/**
 * From the wall clock, which is all that k6 knows, to the monotonic clock of the log. Node tells the wall clock in
 * whole milliseconds, so the moment at which it turns to the next one is waited for: that instant is known to within
 * the time between two looks, a few microseconds.
 */

export type ClockPair = {
  /** CLOCK_MONOTONIC at wall time zero (1970), ns; add a wall time to have its monotonic one. */
  readonly offsetNs: bigint;
  /** Half the distance of the two looks between which the millisecond turned. */
  readonly errorNs: bigint;
};

/** A pair as good as this is taken at once. */
const GOOD_ERROR_NS = 20_000n;
const TRIES_MAX = 50;

/**
 * The best of up to 50 tries of a millisecond each: on a busy machine this process may lose its core between two
 * looks, and then knows little. Whoever steps the wall clock later is not seen.
 */
export function pairClocks(): ClockPair {
  let best = pairOnce();
  for (let tries = 1; tries < TRIES_MAX && best.errorNs > GOOD_ERROR_NS; tries++) {
    const next = pairOnce();
    if (next.errorNs < best.errorNs) best = next;
  }
  return best;
}

/** The millisecond turned after the look that still showed the old one had begun, and before the one that did not had ended. */
function pairOnce(): ClockPair {
  let earlierNs = process.hrtime.bigint();
  let lastMs = Date.now();
  for (;;) {
    const beforeNs = process.hrtime.bigint();
    const wallMs = Date.now();
    if (wallMs !== lastMs) {
      const errorNs = (process.hrtime.bigint() - earlierNs) / 2n;
      return { offsetNs: earlierNs + errorNs - BigInt(wallMs) * 1_000_000n, errorNs };
    }
    earlierNs = beforeNs;
    lastMs = wallMs;
  }
}

/** Wall time of a monotonic instant, ms with a fraction. */
export function wallMsOf(tNs: bigint, { offsetNs }: ClockPair): number {
  const wallNs = tNs - offsetNs;
  return Number(wallNs / 1_000_000n) + Number(wallNs % 1_000_000n) / 1e6;
}

/**
 * Nanoseconds since 1970 of a time as Go writes it.
 *
 * @param text RFC 3339 with up to nine digits after the second and any offset: `2025-11-25T02:00:00.123456789Z`.
 * @returns null for anything else.
 */
export function wallNsOf(text: string): bigint | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  if (match === null) return null;
  const secondMs = Date.parse(`${match[1]}${match[3]}`);
  if (Number.isNaN(secondMs)) return null;
  return BigInt(secondMs) * 1_000_000n + BigInt((match[2] ?? '').padEnd(9, '0'));
}
