/**
 * Things that run out, in the order in which they were begun. All begin with the same life, so the one that
 * began first ends first and no timer and no sorting is needed.
 *
 * An entry that was overtaken by events (its owner came back) stays until its time; the caller compares the
 * instant with the owner's present one.
 */
export class Lapses {
  #entries: { readonly personId: number; readonly atMs: number }[] = [];
  #head = 0;

  add(personId: number, atMs: number): void {
    this.#entries.push({ personId, atMs });
  }

  /** Takes out one entry whose time has come; null when there is none. */
  next(nowMs: number): { readonly personId: number; readonly atMs: number } | null {
    const entry = this.#entries[this.#head];
    if (entry === undefined || entry.atMs > nowMs) return null;
    this.#head += 1;
    if (this.#head > 1024 && 2 * this.#head > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }
}
