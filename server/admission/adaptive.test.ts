/** The limit finds the load that reaches its target, from either side, and says so. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AdaptiveLimit, adaptiveFor, adaptiveParameters } from './adaptive.ts';
import type { ServerSignals } from './step.ts';

const calm: ServerSignals = {
  eventLoopLagMs: 0,
  cpuShare: 0,
  workerCpuShare: null,
  admissionToAudioMs: null,
};
const parameters = adaptiveFor(
  adaptiveParameters.parse({ workerCpuShareTarget: 0.8, growthMax: 1.25 }),
  10_000,
);

/** Lets people in as far as the limit allows, while the worker takes `perSeat` of its core for each of them. */
function play(perSeat: number, seconds: number, demand: number): { seats: number[]; limit: AdaptiveLimit } {
  const limit = new AdaptiveLimit(parameters);
  const seats: number[] = [];
  let now = 0;
  for (let second = 0; second < seconds; second += 1) {
    let sum = 0;
    for (let tenth = 1; tenth <= 10; tenth += 1) {
      while (now < demand && limit.allows(now, second * 1_000 + tenth * 100)) now += 1;
      sum += now;
    }
    limit.observe({ ...calm, workerCpuShare: (sum / 10) * perSeat }, now, (second + 1) * 1_000);
    seats.push(now);
  }
  return { seats, limit };
}

describe('the adaptive limit', () => {
  test('grows by a quarter and its headroom a second, up to the load that reaches the target', () => {
    const { seats } = play(1 / 2_000, 40, 10_000);
    expect(seats.slice(0, 4)).toEqual([100, 135, 180, 238]);
    // 0.8 of the core are 1,600 seats; the headroom keeps it one square root above.
    expect(Math.max(...seats)).toBeLessThan(1_600 * 1.06);
    expect(seats.at(-1)!).toBeGreaterThan(1_600);
  });

  test('never lets in more than a twelfth over its target, whatever a seat costs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 20_000 }), (knee) => {
        const { seats } = play(1 / knee, 60, 100_000);
        expect(Math.max(...seats)).toBeLessThan(0.8 * knee * (1 + 1 / 12));
        expect(seats.at(-1)!).toBeGreaterThanOrEqual(0.8 * knee);
      }),
      { numRuns: 300 },
    );
  });

  test('rises evenly over the second, and falls at once', () => {
    const limit = new AdaptiveLimit(parameters);
    limit.observe({ ...calm, workerCpuShare: 0.01 }, 100, 1_000);
    const rising = [1_000, 1_200, 1_500, 2_000, 9_000].map((atMs) => limit.seats(atMs));
    expect(rising).toEqual([100, 107, 117, 135, 135]);
    limit.observe({ ...calm, workerCpuShare: 1 }, 135, 2_000);
    expect([2_000, 2_500].map((atMs) => limit.seats(atMs))).toEqual([105, 105]);
  });

  test('lets nobody in while too many are inside, and throws nobody out', () => {
    const limit = new AdaptiveLimit(parameters);
    limit.observe({ ...calm, workerCpuShare: 1 }, 1_000, 1_000);
    limit.observe({ ...calm, workerCpuShare: 1 }, 1_000, 2_000);
    expect(limit.seats(3_000)).toBe(831);
    expect(limit.allows(1_000, 3_000)).toBe(false);
    expect(limit.allows(830, 3_000)).toBe(true);
  });

  test('does not grow on the word of a server that nobody asks for more', () => {
    const limit = new AdaptiveLimit(parameters);
    for (let second = 0; second < 10; second += 1)
      limit.observe({ ...calm, workerCpuShare: 0.01 }, 20, second * 1_000);
    expect(limit.seats(20_000)).toBe(100);
  });

  test('the worst signal counts: a late event loop, or audio that takes far longer than it used to', () => {
    const late = new AdaptiveLimit(parameters);
    late.observe(calm, 400, 0);
    late.observe({ ...calm, workerCpuShare: 0.1, eventLoopLagMs: 150 }, 400, 1_000);
    expect(late.seats(2_000)).toBe(Math.floor(400 * (100 / 150) + 20));
    const slow = new AdaptiveLimit(parameters);
    slow.observe({ ...calm, admissionToAudioMs: 20 }, 400, 0);
    slow.observe({ ...calm, workerCpuShare: 0.1, admissionToAudioMs: 80 }, 400, 1_000);
    expect(slow.seats(2_000)).toBe(400 * 0.5 + 20);
  });

  test('tells each who is refused another time, at the pace at which it grows', () => {
    const limit = new AdaptiveLimit(parameters);
    expect([0, 0, 0].map(() => limit.retryAfterMs(0))).toEqual([1_000, 1_100, 1_200]);
  });
});
