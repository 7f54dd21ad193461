/**
 * The timers of a whole crowd: a few for each person, tens of thousands at once. One binary heap serves them
 * all; a Node timer for each would cost more than the work that it starts. A timer that was set anew or cleared
 * stays in the heap and is passed over when its instant comes.
 */

const NOT_SET = Number.NaN;

export class Timers {
  /** When each key is due, or NaN. */
  readonly #due: Float64Array;
  #instants = new Float64Array(1024);
  #keys = new Int32Array(1024);
  #length = 0;

  /** @param keys how many timers there are; each is named by its number. */
  constructor(keys: number) {
    this.#due = new Float64Array(keys).fill(NOT_SET);
  }

  /** Entries in the heap, those that are to be passed over included. */
  get size(): number {
    return this.#length;
  }

  set(key: number, atMs: number): void {
    this.#due[key] = atMs;
    this.#push(atMs, key);
  }

  clear(key: number): void {
    this.#due[key] = NOT_SET;
  }

  /**
   * Fires what is due, earliest first. A timer that is set by a firing one and due too is fired as well.
   *
   * @param limit fires at most so many, so that a burst does not block the loop.
   * @returns how many were fired.
   */
  fire(nowMs: number, limit: number, onTimer: (key: number) => void): number {
    let fired = 0;
    while (this.#length > 0 && this.#instants[0]! <= nowMs && fired < limit) {
      const atMs = this.#instants[0]!;
      const key = this.#keys[0]!;
      this.#pop();
      if (this.#due[key] !== atMs) continue;
      this.#due[key] = NOT_SET;
      fired++;
      onTimer(key);
    }
    return fired;
  }

  #push(atMs: number, key: number): void {
    if (this.#length === this.#keys.length) this.#grow();
    let at = this.#length++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#instants[parent]! <= atMs) break;
      this.#instants[at] = this.#instants[parent]!;
      this.#keys[at] = this.#keys[parent]!;
      at = parent;
    }
    this.#instants[at] = atMs;
    this.#keys[at] = key;
  }

  #pop(): void {
    const last = --this.#length;
    const atMs = this.#instants[last]!;
    const key = this.#keys[last]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#instants[child + 1]! < this.#instants[child]!) child++;
      if (this.#instants[child]! >= atMs) break;
      this.#instants[at] = this.#instants[child]!;
      this.#keys[at] = this.#keys[child]!;
      at = child;
    }
    this.#instants[at] = atMs;
    this.#keys[at] = key;
  }

  #grow(): void {
    const instants = new Float64Array(2 * this.#instants.length);
    instants.set(this.#instants);
    this.#instants = instants;
    const keys = new Int32Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
  }
}
