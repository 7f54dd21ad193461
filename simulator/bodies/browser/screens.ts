/** Pictures of two people's pages at chosen moments of the night. Nobody waits for them before its end. */
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Guest } from './guest.ts';

type Moment = { readonly atMs: number; readonly moment: string };

export class Screens {
  readonly #dir: string;
  readonly #moments: Moment[];
  readonly #of: readonly Guest[];
  readonly #taking: Promise<void>[] = [];
  #nth = 0;

  /** @param dir made when the first picture is there. */
  constructor(dir: string, moments: readonly Moment[], of: readonly Guest[]) {
    this.#dir = dir;
    this.#moments = moments.toSorted((a, b) => a.atMs - b.atMs);
    this.#of = of;
  }

  /** Begins those that are due. */
  beat(nowMs: number): void {
    while (this.#moments.length > 0 && this.#moments[0]!.atMs <= nowMs) {
      const { moment } = this.#moments.shift()!;
      const nn = String(++this.#nth).padStart(2, '0');
      for (const guest of this.#of) {
        this.#taking.push(this.#take(guest, `${nn}-${moment}-person-${guest.personId}.png`));
      }
    }
  }

  /** Resolves when all that were begun are there, or will never be. */
  async finish(): Promise<void> {
    await Promise.all(this.#taking);
  }

  async #take(guest: Guest, file: string): Promise<void> {
    try {
      const picture = await guest.picture();
      if (picture === null) return;
      mkdirSync(this.#dir, { recursive: true });
      await writeFile(path.join(this.#dir, file), picture);
    } catch (error) {
      // A picture less is no reason to end a night.
      console.error(`${file}: ${error instanceof Error ? error.message : error}`);
    }
  }
}
