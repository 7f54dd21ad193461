import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacer, SKIP_AFTER_MS } from './pacing.ts';

describe('createPacer', () => {
  it('sends each frame at its own instant', () => {
    const pacer = createPacer({ startMs: 1000, frameMs: 60 });
    expect(pacer.due(1000)).toEqual({ firstFrame: 0, count: 1, skipped: 0, nextMs: 1060 });
    expect(pacer.due(1030)).toEqual({ firstFrame: 1, count: 0, skipped: 0, nextMs: 1060 });
    expect(pacer.due(1061.5)).toEqual({ firstFrame: 1, count: 1, skipped: 0, nextMs: 1120 });
  });

  it('sends what it missed at once', () => {
    const pacer = createPacer({ startMs: 0, frameMs: 60 });
    pacer.due(0);
    expect(pacer.due(60 * 17)).toEqual({ firstFrame: 1, count: 17, skipped: 0, nextMs: 60 * 18 });
  });

  it('drops what is more than a second late', () => {
    const pacer = createPacer({ startMs: 0, frameMs: 60 });
    pacer.due(0);
    expect(pacer.due(60 * 18)).toEqual({ firstFrame: 18, count: 1, skipped: 17, nextMs: 60 * 19 });
  });

  it('never drifts, never repeats a frame, never goes back, whenever it is woken', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(20, 60),
        fc.array(fc.double({ min: 0, max: 3000, noNaN: true }), { maxLength: 100 }),
        (frameMs, steps) => {
          const pacer = createPacer({ startMs: 0, frameMs });
          let nowMs = 0;
          let expected = 0;
          for (const step of steps) {
            nowMs += step;
            const { firstFrame, count, skipped, nextMs } = pacer.due(nowMs);
            expect(firstFrame).toBe(expected + skipped);
            expected = firstFrame + count;
            expect(count * frameMs).toBeLessThanOrEqual(SKIP_AFTER_MS + 2 * frameMs);
            expect(nextMs).toBe(expected * frameMs);
            expect(nextMs).toBeGreaterThan(nowMs);
            expect(nextMs - nowMs).toBeLessThanOrEqual(frameMs);
          }
        },
      ),
    );
  });
});
