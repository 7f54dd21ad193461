/**
 * The heart of a swarm process: one beat every few milliseconds for all timers and arrivals, and naps under
 * load. While the thread sleeps, frames pile up in the kernel and one read takes many, which costs less than
 * half of reading each as it comes; the price is that a signal is up to one nap late. Only a process that has no
 * media may nap, and only while many messages come.
 */

const BEAT_MS = 4;
const NAP_MS = 20;
/** Below this rate reading each frame as it comes is cheap enough. */
const NAP_ABOVE_PER_SECOND = 5_000;
const RATE_WINDOW_MS = 40;

/** What a second of the loop was like. */
export type LoopSecond = { readonly stallMs: number; readonly napMs: number; readonly napMsMax: number };

export class Loop {
  readonly #nap: boolean;
  readonly #onBeat: () => boolean;
  readonly #bed = new Int32Array(new SharedArrayBuffer(4));
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #more: NodeJS.Immediate | null = null;
  #windowStartMs = 0;
  #windowMessages = 0;
  #messagesPerSecond = 0;
  #lastBeatMs = 0;
  #nappedSinceBeatMs = 0;
  #stallMs = 0;
  #napMs = 0;
  #napMsMax = 0;

  /**
   * @param nap whether this process may sleep.
   * @param onBeat does what is due; true: there is more, to be done as soon as reads had their turn.
   */
  constructor(nap: boolean, onBeat: () => boolean) {
    this.#nap = nap;
    this.#onBeat = onBeat;
  }

  start(): void {
    this.#lastBeatMs = performance.now();
    this.#windowStartMs = this.#lastBeatMs;
    this.#timer = setInterval(() => this.#beat(), BEAT_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    if (this.#more !== null) clearImmediate(this.#more);
    this.#more = null;
    this.#timer = null;
    this.#immediate = null;
  }

  /** A read brought messages; when they are many, the loop naps before the next reads. */
  came(messages: number): void {
    this.#windowMessages += messages;
    if (this.#nap && this.#immediate === null && this.#timer !== null) {
      this.#immediate = setImmediate(() => this.#afterReads());
    }
  }

  /** What happened since the last call. A stall that has not ended yet counts with its length so far. */
  takeSecond(): LoopSecond {
    this.#noteGap(performance.now());
    const second = { stallMs: this.#stallMs, napMs: this.#napMs, napMsMax: this.#napMsMax };
    this.#stallMs = 0;
    this.#napMs = 0;
    this.#napMsMax = 0;
    return second;
  }

  #beat(): void {
    const nowMs = performance.now();
    this.#noteGap(nowMs);
    this.#lastBeatMs = nowMs;
    this.#nappedSinceBeatMs = 0;
    this.#measureRate(nowMs);
    this.#doWhatIsDue();
  }

  #doWhatIsDue(): void {
    this.#more ??= this.#onBeat() ? setImmediate(() => this.#again()) : null;
  }

  #again(): void {
    this.#more = null;
    this.#doWhatIsDue();
  }

  #noteGap(nowMs: number): void {
    const gapMs = nowMs - this.#lastBeatMs - BEAT_MS - this.#nappedSinceBeatMs;
    if (gapMs > this.#stallMs) this.#stallMs = gapMs;
  }

  #measureRate(nowMs: number): void {
    const windowMs = nowMs - this.#windowStartMs;
    if (windowMs < RATE_WINDOW_MS) return;
    this.#messagesPerSecond = (1000 * this.#windowMessages) / windowMs;
    this.#windowStartMs = nowMs;
    this.#windowMessages = 0;
  }

  #afterReads(): void {
    this.#immediate = null;
    this.#measureRate(performance.now());
    if (this.#messagesPerSecond < NAP_ABOVE_PER_SECOND) return;
    // What became due while frames were read must not wait for the nap as well.
    this.#doWhatIsDue();
    const startMs = performance.now();
    Atomics.wait(this.#bed, 0, 0, NAP_MS);
    const sleptMs = performance.now() - startMs;
    this.#napMs += sleptMs;
    this.#nappedSinceBeatMs += sleptMs;
    if (sleptMs > this.#napMsMax) this.#napMsMax = sleptMs;
  }
}
