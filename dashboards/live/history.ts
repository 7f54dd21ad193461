/**
 * All that was told so far, for whoever comes late. A night is some minutes long; what goes on for more than an hour, as
 * `roomrush serve` may, is kept at half the detail from then on, and so on.
 */
import type { LiveFrame, SecondFrame } from './frames.ts';

const SECONDS_MAX = 3_600;

/** A frame, and its JSON, which is made once for everybody. */
type Told = { readonly frame: LiveFrame; readonly json: string };

export class History {
  readonly #secondsMax: number;
  #told: Told[] = [];
  #seconds = 0;
  /** Made when somebody comes, and kept until there is more to tell. */
  #hello: string | null = null;

  constructor(secondsMax = SECONDS_MAX) {
    this.#secondsMax = secondsMax;
  }

  /** @returns the frame as JSON. */
  add(frame: LiveFrame): string {
    const told = tell(frame);
    this.#told.push(told);
    this.#hello = null;
    if (frame.type === 'second' && ++this.#seconds > this.#secondsMax) this.#thin();
    return told.json;
  }

  /** The frame `hello` as JSON. */
  hello(): string {
    this.#hello ??= `{"type":"hello","frames":[${this.#told.map(({ json }) => json).join(',')}]}`;
    return this.#hello;
  }

  /** Two seconds that follow each other become one. */
  #thin(): void {
    const kept: Told[] = [];
    let held: { readonly at: number; readonly frame: SecondFrame } | null = null;
    this.#seconds = 0;
    for (const told of this.#told) {
      const { frame } = told;
      if (frame.type !== 'second') {
        kept.push(told);
      } else if (held !== null && held.frame.nth === frame.nth) {
        kept[held.at] = tell(merged(held.frame, frame));
        held = null;
      } else {
        held = { at: kept.length, frame };
        kept.push(told);
        this.#seconds++;
      }
    }
    this.#told = kept;
  }
}

function tell(frame: LiveFrame): Told {
  return { frame, json: JSON.stringify(frame) };
}

/** What happened in either, and how it was at the end. */
function merged(one: SecondFrame, next: SecondFrame): SecondFrame {
  return { ...next, joins: one.joins + next.joins, losses: one.losses + next.losses };
}
