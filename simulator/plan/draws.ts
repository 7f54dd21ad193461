/**
 * Where every random number of a crowd comes from: a counter-based hash of (seed, person, purpose).
 *
 * A sequential generator (pure-rand) would need an object for each person and purpose, or an order in which
 * they are drawn; a hash needs neither, so any person's draw can be had alone, in any process, and a new
 * purpose changes no other one. Two rounds of MurmurHash3's finaliser (A. Appleby, public domain) mix 32 bits,
 * which is finer than any time here needs. This module imports nothing.
 */

/** What a draw is for. Numbers are part of the plan's identity: add new ones, never renumber. */
export const PURPOSE = {
  arrival: 1,
  startPatience: 2,
  queuePatience: 3,
  stay: 4,
  silent: 5,
  returns: 6,
  bodyRank: 7,
  night: 8,
  name: 9,
  hallway: 10,
  returnLate: 11,
  returnDelay: 12,
  opensParallel: 13,
  joinsParallel: 14,
  hand: 15,
  handAfter: 16,
  profile: 17,
  /** Plus the number of the cut. */
  cut: 1000,
} as const;

function mix(bits: number): number {
  let hash = bits | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The draws of one purpose: from a person's number to 32 evenly distributed bits. */
export function bitsFor(seed: number, purpose: number): (person: number) => number {
  const key = mix(mix(seed) ^ mix(Math.floor(seed / 2 ** 32) + 0x9e3779b9));
  const before = mix(key + Math.imul(purpose, 0x9e3779b1));
  const after = mix(before ^ 0x85a308d3);
  // The second key keeps two purposes from being one sequence that is shifted.
  return (person) => mix(mix(person + before) + after);
}

/** As `bitsFor`, in (0, 1): never 0 and never 1, so that its logarithm exists. */
export function unitFor(seed: number, purpose: number): (person: number) => number {
  const bits = bitsFor(seed, purpose);
  return (person) => toUnit(bits(person));
}

/** The draws that one person makes during the night, one after the other, in (0, 1). */
export function sequence(seed: number): () => number {
  let counter = seed | 0;
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    return toUnit(mix(mix(counter) + 0x7f4a7c15));
  };
}

/** An exponentially distributed value of the given mean. */
export function exponential(unit: number, mean: number): number {
  return -mean * Math.log(unit);
}

function toUnit(bits: number): number {
  return (bits + 0.5) / 2 ** 32;
}
