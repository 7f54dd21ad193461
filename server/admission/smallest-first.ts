/** A binary heap of numbers that gives the smallest first: the free seat numbers of a room. */
export class SmallestFirst {
  readonly #numbers: number[] = [];

  get size(): number {
    return this.#numbers.length;
  }

  push(number: number): void {
    const numbers = this.#numbers;
    let child = numbers.length;
    numbers.push(number);
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (numbers[parent]! <= number) break;
      numbers[child] = numbers[parent]!;
      child = parent;
    }
    numbers[child] = number;
  }

  /** Takes out the smallest number; undefined when there is none. */
  pop(): number | undefined {
    const numbers = this.#numbers;
    const smallest = numbers[0];
    const last = numbers.pop();
    if (smallest === undefined || last === undefined || numbers.length === 0) return smallest;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= numbers.length) break;
      if (child + 1 < numbers.length && numbers[child + 1]! < numbers[child]!) child += 1;
      if (numbers[child]! >= last) break;
      numbers[parent] = numbers[child]!;
      parent = child;
    }
    numbers[parent] = last;
    return smallest;
  }
}
