import { expect, it } from 'vitest';
import { randomSource } from './random.ts';
import { RATE_HZ, speak, type Voice } from './speech.ts';

const VOICE: Voice = { pitchHz: 120, tract: 1, syllableS: 0.2 };
const SPURTS = [
  { fromS: 0.5, toS: 1.5 },
  { fromS: 2, toS: 2.6 },
];
const said = (seed: number) => speak(3 * RATE_HZ, VOICE, SPURTS, randomSource(seed));

/** Sum of the squares from one instant to another, s. */
function energy(signal: Float64Array, fromS: number, toS: number): number {
  return signal
    .subarray(Math.round(fromS * RATE_HZ), Math.round(toS * RATE_HZ))
    .reduce((sum, value) => sum + value * value, 0);
}

it('is as loud as one over its spurts, and silent beside them', () => {
  const signal = said(1);
  expect(signal.length).toBe(3 * RATE_HZ);
  expect(energy(signal, 0, 3) / (1.6 * RATE_HZ)).toBeCloseTo(1, 9);
  for (const [fromS, toS] of [
    [0, 0.5],
    [1.5, 2],
    [2.6, 3],
  ] as const) {
    expect(energy(signal, fromS, toS)).toBe(0);
  }
});

it.each([1, 2, 3, 4, 5])('is heard within 300 ms of a spurt’s beginning (seed %d)', (seed) => {
  const signal = said(seed);
  for (const { fromS } of SPURTS) {
    expect(energy(signal, fromS, fromS + 0.3) / (0.3 * RATE_HZ)).toBeGreaterThan(0.1);
  }
});

it('beats at its pitch: in most of a spurt a stretch repeats after a period of the voice', () => {
  const signal = said(1);
  /** How like the 40 ms from an instant on are those that follow `lag` samples later, -1 to 1. */
  const likeness = (fromS: number, lag: number) => {
    const from = Math.round(fromS * RATE_HZ);
    const length = 0.04 * RATE_HZ;
    let product = 0;
    for (let index = from; index < from + length; index += 1)
      product += signal[index]! * signal[index + lag]!;
    const later = fromS + lag / RATE_HZ;
    return product / Math.sqrt(energy(signal, fromS, fromS + 0.04) * energy(signal, later, later + 0.04));
  };
  // Accents raise the pitch, and it falls over a spurt: 96 to 160 Hz for a voice of 120.
  const lags = Array.from({ length: 51 }, (_, nth) => RATE_HZ / 160 + 4 * nth);
  const starts = Array.from({ length: 18 }, (_, nth) => 0.52 + 0.05 * nth);
  const voiced = starts.filter((fromS) => Math.max(...lags.map((lag) => likeness(fromS, lag))) > 0.8);
  expect(voiced.length).toBeGreaterThan(starts.length / 2);
});

it('is the same for the same seed, and another for another', () => {
  expect(said(1)).toEqual(said(1));
  expect(said(1)).not.toEqual(said(2));
});

it('leaves out what lies beyond the end', () => {
  const signal = speak(RATE_HZ, VOICE, [...SPURTS, { fromS: 0.9, toS: 4 }], randomSource(1));
  expect(signal.length).toBe(RATE_HZ);
  expect(signal.every(Number.isFinite)).toBe(true);
  expect(speak(RATE_HZ, VOICE, [], randomSource(1)).every((value) => value === 0)).toBe(true);
});
