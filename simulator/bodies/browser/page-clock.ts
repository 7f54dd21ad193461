/**
 * From a page's clock to the log's. Both are CLOCK_MONOTONIC, so they differ by a constant: it is measured by asking the
 * page for its time, several times, and believing the quickest answer, whose time is known to half of its round trip.
 */
import type { Page } from 'puppeteer';

const ROUNDS = 12;
/** A page's `performance.now()` is coarsened to so much (HR-Time, 4.5), against attacks by timing. */
const COARSE_NS = 100_000n;

export type PageClock = {
  /** CLOCK_MONOTONIC at the page's `performance.now()` of 0. */
  readonly zeroNs: bigint;
  /** The zero is right to within this. */
  readonly errorMs: number;
};

export async function measureClock(page: Page): Promise<PageClock> {
  let best: { readonly tripNs: bigint; readonly zeroNs: bigint } | null = null;
  for (let round = 0; round < ROUNDS; round++) {
    const beforeNs = process.hrtime.bigint();
    const pageMs = Number(await page.evaluate('performance.now()'));
    const tripNs = process.hrtime.bigint() - beforeNs;
    if (best !== null && best.tripNs <= tripNs) continue;
    best = { tripNs, zeroNs: beforeNs + tripNs / 2n - BigInt(Math.round(pageMs * 1e6)) };
  }
  const { tripNs, zeroNs } = best!;
  return { zeroNs, errorMs: Number(tripNs / 2n + COARSE_NS) / 1e6 };
}

/** Of an instant by the page's `performance.now()`. */
export function toNs({ zeroNs }: PageClock, pageMs: number): bigint {
  return zeroNs + BigInt(Math.round(pageMs * 1e6));
}

/** The page's `performance.now()` at an instant. */
export function toPageMs({ zeroNs }: PageClock, tNs: bigint): number {
  return Number(tNs - zeroNs) / 1e6;
}
