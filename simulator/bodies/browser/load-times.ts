/**
 * When each page is loaded: some seconds before its person needs it, so that what a load costs is none of the join; and
 * one after the other, so that the pages of a burst do not load in it.
 */

/** @returns for each of `dueMs`, which rises, when to begin, ms of the night; below 0: before it. */
export function loadTimes(dueMs: readonly number[], leadMs: number, spacingMs: number): number[] {
  let nextMs = Number.POSITIVE_INFINITY;
  return dueMs
    .toReversed()
    .map((ms) => {
      nextMs = Math.min(ms - leadMs, nextMs - spacingMs);
      return nextMs;
    })
    .reverse();
}
