/** The door over the last half minute: how many got in a second, as a number and as a row of bars. */

const SECONDS = 30;
/** A last word comes soon after the one before it: what it adds counts to no second of its own. */
const GAP_MS_MIN = 500;

const BLOCKS = '▁▂▃▄▅▆▇█';
const ASCII = ' .:-=+*#';

/** What bars are made of: blocks, where locale and terminal have them. From none to most. */
export function barSigns(env: NodeJS.ProcessEnv): string {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  const isPoor = env['TERM'] === 'dumb' || env['TERM'] === 'linux';
  return /utf-?8/i.test(locale) && !isPoor ? BLOCKS : ASCII;
}

/**
 * One bar a value, the latest to the right, in `width` columns. Only none at all has the lowest bar, and only `most` the
 * highest.
 */
export function bars(values: readonly number[], most: number, width: number, signs: string): string {
  const highest = signs.length - 1;
  const drawn = values
    .slice(-width)
    .map((value) => (value <= 0 ? 0 : Math.max(1, Math.min(highest, Math.floor((value / most) * highest)))))
    .map((height) => signs[height]);
  return drawn.join('').padStart(width);
}

/** Counts joins by the second from what the crowd tells as a sum. */
export class Door {
  readonly #perSecond: number[] = [];
  #most = 0;
  #before: { readonly nightMs: number; readonly joined: number } | null = null;

  /** @param joined how many were ever in, by now. */
  look(nightMs: number, joined: number): void {
    const before = this.#before ?? { nightMs: nightMs - 1000, joined: 0 };
    const gapMs = nightMs - before.nightMs;
    if (gapMs < GAP_MS_MIN) return;
    this.#before = { nightMs, joined };
    const rate = Math.max(0, ((joined - before.joined) * 1000) / gapMs);
    this.#perSecond.push(rate);
    if (this.#perSecond.length > SECONDS) this.#perSecond.shift();
    this.#most = Math.max(this.#most, rate);
  }

  /** Of the last seconds, the latest last. */
  get perSecond(): readonly number[] {
    return this.#perSecond;
  }

  /** Of any second so far: the bars stand against it, so that a trickle after the surge looks like one. */
  get most(): number {
    return this.#most;
  }
}
