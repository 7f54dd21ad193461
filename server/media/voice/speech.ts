/**
 * The sound of somebody who talks: a source and a filter after Klatt (Software for a cascade/parallel formant
 * synthesizer, JASA 67, 1980), as small as it can be and still sound like speech. It says nothing, but it has the
 * rhythm, the pitch, the spectrum and the pauses of speech, which is what a codec and a listener's meter react to.
 *
 * A syllable is an onset (none, a hiss, or a closure and its burst) and a vowel that glides to the next one. The voice is
 * a train of glottal pulses (Rosenberg, JASA 49, 1971) with breath in it, through four formants one behind the other.
 */
import type { Spurt } from './talk-spurts.ts';

export const RATE_HZ = 48_000;

/** tract: formants of a shorter vocal tract lie higher. syllableS: mean length of a syllable. */
export type Voice = { readonly pitchHz: number; readonly tract: number; readonly syllableS: number };

/** First three formants of nine vowels of a man, Hz (Peterson and Barney, JASA 24, 1952). */
const VOWELS: readonly (readonly number[])[] = [
  [270, 2290, 3010],
  [390, 1990, 2550],
  [530, 1840, 2480],
  [660, 1720, 2410],
  [730, 1090, 2440],
  [570, 840, 2410],
  [440, 1020, 2240],
  [300, 870, 2240],
  [640, 1190, 2390],
];
const FOURTH_FORMANT_HZ = 3500;
const BANDWIDTHS_HZ = [60, 90, 150, 200];

type Onset = 'none' | 'hiss' | 'stop';
/** Where the hiss of s, sh and f lies, Hz. */
const HISSES_HZ = [5500, 2800, 7000];
/** What an onset lasts, s; its burst is the end of a stop's closure. */
const ONSET_S: Readonly<Record<Onset, number>> = { none: 0, hiss: 0.08, stop: 0.07 };
const BURST_S = 0.012;
/** Of a hiss beside the voice: it is heard, and lies well below the vowels. */
const HISS_GAIN = 0.06;
/** How the voice begins and ends, s. */
const ATTACK_S = 0.02;
const RELEASE_S = 0.06;
/** Share of its period in which the glottis opens, and in which it closes. */
const OPENING = 0.4;
const CLOSING = 0.16;

/** Two poles at `hz`, with a gain of 1 at 0 Hz as in a cascade of formants. */
function resonator(bandwidthHz: number): (input: number, hz: number) => number {
  const radius = Math.exp((-Math.PI * bandwidthHz) / RATE_HZ);
  const back = -(radius ** 2);
  let last = 0;
  let beforeLast = 0;
  return (input, hz) => {
    const forth = 2 * radius * Math.cos((2 * Math.PI * hz) / RATE_HZ);
    const output = (1 - forth - back) * input + forth * last + back * beforeLast;
    beforeLast = last;
    last = output;
    return output;
  };
}

/** Flow through the glottis in its period, 0 to 1. */
function glottalFlow(phase: number): number {
  if (phase < OPENING) return 0.5 * (1 - Math.cos((Math.PI * phase) / OPENING));
  if (phase < OPENING + CLOSING) return Math.cos((Math.PI * (phase - OPENING)) / (2 * CLOSING));
  return 0;
}

type Syllable = {
  readonly onset: Onset;
  readonly hissHz: number;
  readonly accent: number;
  readonly lengthS: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
};

function drawSyllable({ syllableS }: Voice, from: readonly number[], random: () => number): Syllable {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return {
    onset: pick<Onset>(['none', 'none', 'hiss', 'stop', 'stop']),
    hissHz: pick(HISSES_HZ),
    // An accent is higher and longer.
    accent: random() < 0.25 ? 1.18 : 0.95 + 0.08 * random(),
    lengthS: syllableS * (0.7 + 0.6 * random()),
    from,
    to: pick(VOWELS),
  };
}

/**
 * What one speaker says, as loud (RMS over their spurts) as 1.
 *
 * @param samples length at RATE_HZ; what lies beyond is left out.
 * @param random uniform in [0, 1).
 */
export function speak(
  samples: number,
  voice: Voice,
  spurts: readonly Spurt[],
  random: () => number,
): Float64Array {
  const signal = new Float64Array(samples);
  let talkSamples = 0;
  const formants = BANDWIDTHS_HZ.map(resonator);
  const hiss = resonator(900);
  let vowel = VOWELS[4] as readonly number[];
  for (const { fromS, toS } of spurts) {
    const begin = Math.round(fromS * RATE_HZ);
    const end = Math.min(samples, Math.round(toS * RATE_HZ));
    talkSamples += Math.max(0, end - begin);
    let syllable = drawSyllable(voice, vowel, random);
    let syllableFrom = begin;
    let phase = 0;
    let flow = 0;
    for (let index = begin; index < end; index += 1) {
      let inS = (index - syllableFrom) / RATE_HZ;
      if (inS >= syllable.lengthS) {
        vowel = syllable.to;
        syllable = drawSyllable(voice, vowel, random);
        syllableFrom = index;
        inS = 0;
      }
      const leftS = (end - index) / RATE_HZ;
      const edge = Math.min(1, (index - begin) / RATE_HZ / ATTACK_S, leftS / RELEASE_S);
      const { voiced, noisy } = loudnessOf(syllable, inS);
      const through = (index - begin) / (end - begin);
      // The pitch falls over a spurt; a little jitter keeps it from sounding like a siren.
      const pitchHz =
        voice.pitchHz * syllable.accent * (1.12 - 0.24 * through) * (1 + 0.03 * (random() - 0.5));
      phase = (phase + pitchHz / RATE_HZ) % 1;
      const before = flow;
      flow = glottalFlow(phase);
      const noise = random() - 0.5;
      // What leaves the lips is the change of the flow; breath is in it while the glottis is open.
      let output = voiced * ((flow - before) * 12 + noise * (0.01 + 0.03 * flow));
      const glide = Math.min(1, inS / syllable.lengthS / 0.7);
      for (const [nth, formant] of formants.entries()) {
        const from = syllable.from[nth] ?? FOURTH_FORMANT_HZ;
        const to = syllable.to[nth] ?? FOURTH_FORMANT_HZ;
        output = formant(output, (from + (to - from) * glide) * voice.tract);
      }
      output += HISS_GAIN * hiss(noisy * noise, syllable.hissHz * voice.tract);
      signal[index] = output * edge;
    }
  }
  const energy = signal.reduce((sum, value) => sum + value * value, 0);
  const rms = Math.sqrt(energy / Math.max(1, talkSamples));
  return rms === 0 ? signal : signal.map((value) => value / rms);
}

/** How much voice and how much hiss there is at an instant of a syllable. */
function loudnessOf({ onset, lengthS }: Syllable, inS: number): { voiced: number; noisy: number } {
  const onsetS = ONSET_S[onset];
  if (inS < onsetS) {
    if (onset === 'hiss') return { voiced: 0, noisy: Math.sin((Math.PI * inS) / onsetS) };
    return { voiced: 0, noisy: inS > onsetS - BURST_S ? 1 : 0 };
  }
  const through = (inS - onsetS) / Math.max(0.01, lengthS - onsetS);
  return { voiced: Math.min(1, (inS - onsetS) / ATTACK_S) * (1 - 0.6 * through ** 3), noisy: 0 };
}
