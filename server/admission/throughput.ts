/**
 * How fast the queue has moved lately, and what that means for somebody at a position.
 *
 * Only people who had to wait count: a room that fills from empty says nothing of how fast it will empty.
 * The rate is the last admissions (at most 64) over the time since the first of them. It keeps falling while
 * nobody is admitted, so an estimate never promises what the queue has stopped doing. With fewer than two
 * admissions nothing is known.
 */
const ADMISSIONS_KEPT = 64;

export class Throughput {
  readonly #atMs: number[] = [];
  #next = 0;

  admitted(nowMs: number): void {
    this.#atMs[this.#next % ADMISSIONS_KEPT] = nowMs;
    this.#next += 1;
  }

  /** Expected ms until the person at `position` (1 is next) is admitted; null: not known. */
  waitMs(position: number, nowMs: number): number | null {
    const kept = Math.min(this.#next, ADMISSIONS_KEPT);
    if (kept < 2) return null;
    const oldestAtMs = this.#atMs[this.#next <= ADMISSIONS_KEPT ? 0 : this.#next % ADMISSIONS_KEPT]!;
    const spanMs = Math.max(nowMs - oldestAtMs, 1);
    return Math.round((position * spanMs) / kept);
  }
}
