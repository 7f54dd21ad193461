/**
 * People in a line, each under a number that tells the order: join anywhere, leave from anywhere, who is
 * first, how many stand before somebody. Every question costs log n.
 *
 * A Fenwick tree counts the occupied numbers of a window that moves and grows with the line; moving it costs
 * a pass over the window and happens once in as many joins as the window is long.
 */
export class Line {
  /** The number that stands at index 0 of the window. */
  #base = 1;
  #people: (number | undefined)[] = [];
  #tree: Int32Array = new Int32Array(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Puts a person at a number that nobody occupies. */
  add(sequence: number, personId: number): void {
    if (sequence < this.#base || sequence - this.#base >= this.#people.length) this.#moveWindow(sequence);
    const index = sequence - this.#base;
    if (this.#people[index] !== undefined) throw new Error(`number ${sequence} of the line is occupied`);
    this.#people[index] = personId;
    this.#size += 1;
    this.#count(index, 1);
  }

  /** Takes out whoever stands at a number; false when nobody does. */
  remove(sequence: number): boolean {
    const index = sequence - this.#base;
    if (this.#people[index] === undefined) return false;
    this.#people[index] = undefined;
    this.#size -= 1;
    this.#count(index, -1);
    return true;
  }

  at(sequence: number): number | undefined {
    return this.#people[sequence - this.#base];
  }

  /** How many stand before this number. */
  before(sequence: number): number {
    let count = 0;
    const end = Math.min(Math.max(sequence - this.#base, 0), this.#people.length);
    for (let node = end; node > 0; node -= node & -node) count += this.#tree[node]!;
    return count;
  }

  /** The number at which the person stands who has `ahead` people before them; null beyond the end. */
  nth(ahead: number): number | null {
    if (ahead < 0 || ahead >= this.#size) return null;
    let node = 0;
    let left = ahead;
    for (let step = this.#people.length; step > 0; step >>= 1) {
      const next = node + step;
      if (next <= this.#people.length && this.#tree[next]! <= left) {
        node = next;
        left -= this.#tree[next]!;
      }
    }
    return this.#base + node;
  }

  first(): number | null {
    return this.nth(0);
  }

  #count(index: number, by: number): void {
    for (let node = index + 1; node <= this.#people.length; node += node & -node) this.#tree[node]! += by;
  }

  /** Lets the window begin at the first occupied number or at `sequence`, and leaves room for as many again. */
  #moveWindow(sequence: number): void {
    const first = this.first() ?? sequence;
    const last = this.nth(this.#size - 1) ?? sequence;
    const base = Math.min(first, sequence);
    const span = Math.max(last, sequence) - base + 1;
    let length = 64;
    while (length < 2 * span) length *= 2;
    const people: (number | undefined)[] = new Array(length).fill(undefined);
    const tree = new Int32Array(length + 1);
    for (let index = 0; index < span; index += 1) {
      const personId = this.#people[base + index - this.#base];
      if (personId === undefined) continue;
      people[index] = personId;
      tree[index + 1]! += 1;
    }
    for (let node = 1; node <= length; node += 1) {
      const parent = node + (node & -node);
      if (parent <= length) tree[parent]! += tree[node]!;
    }
    this.#base = base;
    this.#people = people;
    this.#tree = tree;
  }
}
