/** Intervals of what 1,000 listeners cost: on seconds that cost what their people are said to cost, and on noisy ones. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { type CostSeconds, costFigure } from './costs.ts';
import { watched } from './figures-of.ts';
import { intervalOf } from './interval.ts';
import { drawResamples } from './resample.ts';

const CORES = 'server.unitCosts.perThousand.cores.signalling';
const PER_JOIN = 'server.unitCosts.cpuMsPerJoin.server';
const LISTENER_MS = 0.5;
const JOIN_MS = 3;
const IDLE_MS = 40;

/** A baseline, joining and a steady end of so many seconds; `noiseMs` is what a second costs besides. */
function secondsOf(
  [quiet, joining, steady]: readonly [number, number, number],
  noiseMs: (second: number) => number = () => 0,
): CostSeconds {
  const length = quiet + joining + steady;
  const listeners = Array.from({ length }, (_, nth) =>
    nth < quiet ? 100 : nth < quiet + joining ? 100 + (nth - quiet) * 10 : 400 + (nth % 3),
  );
  const joins = listeners.map((_, nth) => (nth >= quiet && nth < quiet + joining ? 5 + (nth % 4) : 0));
  const serverMs = listeners.map(
    (people, nth) => IDLE_MS + LISTENER_MS * people + JOIN_MS * joins[nth]! + noiseMs(nth),
  );
  const column = (of: (nth: number) => number) => Float64Array.from({ length }, (_, nth) => of(nth));
  return {
    windows: {
      quiet: { first: 0, length: quiet },
      joining: { first: quiet, length: joining },
      steady: { first: quiet + joining, length: steady },
    },
    parts: [quiet, joining, steady].map((seconds) => new Array<number>(seconds).fill(1)),
    columns: {
      ...{ seconds: column(() => 1), server_ms: column((nth) => serverMs[nth]!), worker_ms: column(() => 0) },
      ...{ listeners: column((nth) => listeners[nth]!), joins: column((nth) => joins[nth]!) },
      ...{ audio: column(() => 0), packets: column(() => 0), packet_rows: column(() => 0) },
      ...{ bytes_out: column(() => Number.NaN), bytes: column(() => 0), messages: column(() => 0) },
    },
    packetBytes: 100,
  };
}

const intervalIn = (seconds: CostSeconds, measure: string, seed = 1, resamples = 500) =>
  intervalOf(
    watched(costFigure(seconds, measure), seconds.parts).figure,
    drawResamples(seconds.parts, { seed, resamples }),
  );

test('seconds that cost exactly what their people do: the cost, and an interval without width', () => {
  const seconds = secondsOf([15, 30, 10]);
  for (const [measure, cost] of [
    [CORES, LISTENER_MS],
    ['server.unitCosts.cpuMsPerListenerMinute.server', 60 * LISTENER_MS],
    [PER_JOIN, JOIN_MS],
  ] as const) {
    const { interval } = intervalIn(seconds, measure);
    expect([measure, interval?.low, interval?.high]).toEqual([
      measure,
      expect.closeTo(cost, 9),
      expect.closeTo(cost, 9),
    ]);
  }
});

test('a window that is too short is named, and only where the figure stands on it', () => {
  const seconds = secondsOf([7, 30, 10]);
  const reason = 'the baseline has 7 seconds, and blocks need at least 8';
  expect(intervalIn(seconds, CORES)).toEqual({ interval: null, reason });
  expect(intervalIn(seconds, 'server.unitCosts.messagesPerJoin').interval).toMatchObject({ low: 0 });
  expect(intervalIn(secondsOf([15, 30, 5]), PER_JOIN).reason).toBe(
    'the steady end has 5 seconds, and blocks need at least 8',
  );
});

test('what nobody wrote has no interval, nor has media where nobody more receives audio', () => {
  const seconds = secondsOf([15, 30, 10]);
  for (const name of ['egressMbit.signalling', 'withMedia.mediaCores']) {
    expect(intervalIn(seconds, `server.unitCosts.perThousand.${name}`)).toEqual({
      interval: null,
      reason: 'in some resamples nobody is left to take it from',
    });
  }
});

test('how often the interval holds the true cost, where neighbouring seconds share a mood', () => {
  const nights = 400;
  const held = (seconds: readonly [number, number, number]) => {
    let count = 0;
    for (let seed = 1; seed <= nights; seed++) {
      const generator = xoroshiro128plus(seed);
      const draw = () => uniformFloat64(generator) - 0.5;
      let mood = draw();
      const night = secondsOf(seconds, () => {
        mood = 0.3 * mood + 0.7 * draw();
        return 60 * mood;
      });
      const { low, high } = intervalIn(night, CORES, seed).interval!;
      if (low <= LISTENER_MS && LISTENER_MS <= high!) count++;
    }
    return count;
  };
  // Counted with these seeds, and the same wherever they are drawn.
  expect({ short: held([15, 30, 10]), long: held([60, 30, 60]), nights }).toMatchInlineSnapshot(`
    {
      "long": 374,
      "nights": 400,
      "short": 379,
    }
  `);
});
