/**
 * A limit on the seats in use that follows the server's own signals, in the manner of Netflix's concurrency-limits
 * (Gradient2) and Envoy's adaptive concurrency filter. There the limit is on requests under way; what an audio
 * server has under way is its listeners, as each costs the media worker the same every second.
 *
 * Once a second: what the seats of that second cost says how many would reach the target. The worst signal counts:
 * CPU of the media worker, lag of the event loop, and the gradient of the time from admission to audio, the long-term
 * mean over the present one. The limit moves there, up by at most a factor a second, plus a headroom of its square
 * root (Envoy), without which it could never find out that there is more room. Once it was too high it grows more slowly:
 * what brought the overload was perhaps not the seats but how fast they were filled. It rises evenly over the second that
 * follows: a queue that is let in by steps of a second is a burst each time. Nobody is thrown out when it falls;
 * nobody is let in until enough have left.
 */
import { z } from 'zod';
import { Promises } from './promises.ts';
import type { ServerSignals } from './step.ts';

export const adaptiveParameters = z
  .strictObject({
    seatsMin: z
      .int()
      .min(1)
      .optional()
      .describe(
        'seats that are always allowed (an assumption: 100, or half of the seats where that is less)',
      ),
    workerCpuShareTarget: z
      .number()
      .min(0.05)
      .max(1)
      .default(0.75)
      .describe(
        'share of its core that the media worker may take (an assumption; C16 kept web servers at 0.35)',
      ),
    eventLoopLagMsTarget: z
      .number()
      .positive()
      .default(100)
      .describe("ms that the server's event loop may be late (an assumption: people feel 100 ms)"),
    latencyTolerance: z
      .number()
      .min(1)
      .default(2)
      .describe('times the long-term mean of admission to audio that are no overload (Gradient2: 1.5)'),
    growthMax: z
      .number()
      .gt(1)
      .max(4)
      .default(1.25)
      .describe(
        'factor by which the seats in use may grow a second, until it was too much once (an assumption)',
      ),
    growthAfterOverload: z
      .number()
      .min(1)
      .max(4)
      .default(1.05)
      .describe('the same from then on (an assumption; the idea is that of TCP, RFC 5681)'),
  })
  .describe('a limit on the seats in use, by the signals of the server');
type Given = z.infer<typeof adaptiveParameters>;
export type AdaptiveParameters = Omit<Given, 'seatsMin'> & { readonly seatsMin: number };

const SEATS_MIN = 100;

/** What is given, with a least number of seats that fits a room of so many. */
export function adaptiveFor(given: Given, seats: number): AdaptiveParameters {
  return { ...given, seatsMin: given.seatsMin ?? Math.min(SEATS_MIN, Math.max(1, Math.floor(seats / 2))) };
}

/** Weight of the newest second in the long-term mean (Gradient2 has a window of 600 samples; a night has fewer). */
const LONG_TERM_WEIGHT = 0.02;
/** The server's signals come once a second: so long a rise takes. */
const RISE_MS = 1_000;
/** One bad second cannot take more than half away (Envoy and Gradient2 bound the gradient by 0.5 too). */
const GRADIENT_MIN = 0.5;
/** A listener for whom there is no audio yet, or no worker, says nothing. */
const SIGNAL_MIN = 0.001;

export class AdaptiveLimit {
  readonly #parameters: AdaptiveParameters;
  readonly #promises = new Promises();
  #limit: number;
  /** Where the limit stood when it was set, and when that was. */
  #before: number;
  #setAtMs = 0;
  #inUseBefore = 0;
  #longTermMs: number | null = null;
  #wasOverloaded = false;

  constructor(parameters: AdaptiveParameters) {
    this.#parameters = parameters;
    this.#limit = parameters.seatsMin;
    this.#before = parameters.seatsMin;
  }

  /** Seats that may be in use, whole. */
  seats(nowMs: number): number {
    const risen = Math.min(1, Math.max(0, (nowMs - this.#setAtMs) / RISE_MS));
    return Math.floor(this.#before + risen * (this.#limit - this.#before));
  }

  allows(inUse: number, nowMs: number): boolean {
    return inUse < this.seats(nowMs);
  }

  /** Takes the signals of the last second. `inUse`: seats decided or taken, of all rooms. */
  observe(signals: ServerSignals, inUse: number, nowMs: number): void {
    const { seatsMin, growthMax, growthAfterOverload } = this.#parameters;
    const gradient = this.#gradient(signals);
    const meanInUse = (inUse + this.#inUseBefore) / 2;
    this.#inUseBefore = inUse;
    if (gradient === null) return;
    this.#wasOverloaded ||= gradient < 1;
    const growth = this.#wasOverloaded ? growthAfterOverload : growthMax;
    const headroom = Math.sqrt(Math.max(inUse, 1));
    const reached = Math.min(meanInUse * gradient, inUse * growth) + headroom;
    // A server that is not asked for more says nothing about how much more it could take.
    const limit = gradient >= 1 ? Math.max(this.#limit, reached) : Math.max(seatsMin, reached);
    this.#before = Math.min(this.seats(nowMs), limit);
    this.#limit = limit;
    this.#setAtMs = nowMs;
  }

  /** The limit grows by its headroom a second when all is well: nobody can be promised more. */
  retryAfterMs(nowMs: number): number {
    const perMs = Math.sqrt(this.#limit) / 1000;
    return this.#promises.retryAfterMs(nowMs, nowMs + 1_000, perMs);
  }

  /** How many times the present load could be carried, by the worst signal; null: no signal. */
  #gradient({ workerCpuShare, eventLoopLagMs, admissionToAudioMs }: ServerSignals): number | null {
    const { workerCpuShareTarget, eventLoopLagMsTarget, latencyTolerance } = this.#parameters;
    const ratios: number[] = [];
    if (workerCpuShare !== null && workerCpuShare > SIGNAL_MIN)
      ratios.push(workerCpuShareTarget / workerCpuShare);
    if (eventLoopLagMs > SIGNAL_MIN) ratios.push(eventLoopLagMsTarget / eventLoopLagMs);
    if (admissionToAudioMs !== null && admissionToAudioMs > SIGNAL_MIN) {
      this.#longTermMs ??= admissionToAudioMs;
      ratios.push((latencyTolerance * this.#longTermMs) / admissionToAudioMs);
      this.#longTermMs += LONG_TERM_WEIGHT * (admissionToAudioMs - this.#longTermMs);
    }
    return ratios.length === 0 ? null : Math.max(GRADIENT_MIN, Math.min(...ratios));
  }
}
