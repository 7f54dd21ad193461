/**
 * Makes the host's voice: `node server/media/voice/make-voice.ts` writes voice-20ms.opus and voice-60ms.opus
 * beside itself. Needs `opusenc` (Debian: opus-tools), which nothing needs at run time: the made files are kept.
 *
 * The signal is synthetic and deterministic: two speakers who take turns by the conversation model of ITU-T P.59
 * (states single talk, double talk and mutual silence with exponential durations), each a train of glottal
 * pulses through three formant resonators that glide from vowel to vowel at a syllable's pace, with a noisy
 * onset now and then. It says nothing, but it has the rhythm, the spectrum and the pauses of speech.
 *
 * Constant bit rate and no DTX: frames continue through pauses at the same size, so that a missing packet is
 * always a loss and never a silence.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const RATE_HZ = 48_000;
const DURATION_S = 30;
/** The encoder puts so many samples in front; with them the file ends on a whole frame of either length. */
const PRE_SKIP_SAMPLES = 312;
const BIT_RATE_KBPS = 20;

/** Means of ITU-T P.59: single talk, double talk, mutual silence; and the chance of interrupting. */
const SINGLE_TALK_S = 0.854;
const DOUBLE_TALK_S = 0.226;
const MUTUAL_SILENCE_S = 0.456;
const INTERRUPT_SHARE = 0.4;

type Voice = { readonly pitchHz: number; readonly tract: number; readonly gain: number };

/** tract: formants of a shorter vocal tract lie higher. */
const VOICES: readonly Voice[] = [
  { pitchHz: 118, tract: 1, gain: 0.5 },
  { pitchHz: 196, tract: 1.16, gain: 0.42 },
];

/** First three formants in Hz of five vowels. */
const VOWELS: readonly (readonly [number, number, number])[] = [
  [730, 1090, 2440],
  [530, 1840, 2480],
  [270, 2290, 3010],
  [570, 840, 2410],
  [300, 870, 2240],
];

/** mulberry32: small, seeded, good enough for a sound. */
function randomSource(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Who talks, in seconds: one list of [from, to) for each of the two speakers. */
function talkSpurts(random: () => number): [number, number][][] {
  const spurts: [number, number][][] = [[], []];
  const draw = (meanS: number) => -meanS * Math.log(1 - random());
  let atS = 0;
  let speaker = 0;
  while (atS < DURATION_S) {
    const single = draw(SINGLE_TALK_S);
    spurts[speaker]?.push([atS, atS + single]);
    atS += single;
    if (random() < INTERRUPT_SHARE) {
      const both = draw(DOUBLE_TALK_S);
      spurts[0]?.push([atS, atS + both]);
      spurts[1]?.push([atS, atS + both]);
      atS += both;
    } else {
      atS += draw(MUTUAL_SILENCE_S);
    }
    speaker = random() < 0.5 ? 0 : 1;
  }
  return spurts;
}

/** A resonator of two poles at `hz`; returns its next output for an input. */
function resonator(bandwidthHz: number): (input: number, hz: number) => number {
  const radius = Math.exp((-Math.PI * bandwidthHz) / RATE_HZ);
  let last = 0;
  let beforeLast = 0;
  return (input, hz) => {
    const output =
      input * (1 - radius) +
      2 * radius * Math.cos((2 * Math.PI * hz) / RATE_HZ) * last -
      radius ** 2 * beforeLast;
    beforeLast = last;
    last = output;
    return output;
  };
}

/** Adds one speaker's spurts to the signal. */
function speak(
  signal: Float64Array,
  voice: Voice,
  spurts: readonly [number, number][],
  random: () => number,
) {
  const formants = [resonator(70), resonator(100), resonator(140)];
  for (const [fromS, toS] of spurts) {
    let vowel = VOWELS[0] as readonly [number, number, number];
    let target = vowel;
    let syllableLeft = 0;
    let syllableLength = 1;
    let noisy = 0;
    let phase = 0;
    const end = Math.min(signal.length, Math.floor(toS * RATE_HZ));
    for (let index = Math.floor(fromS * RATE_HZ); index < end; index += 1) {
      if (syllableLeft <= 0) {
        vowel = target;
        target = VOWELS[Math.floor(random() * VOWELS.length)] ?? vowel;
        syllableLength = Math.floor(RATE_HZ * (0.14 + 0.14 * random()));
        syllableLeft = syllableLength;
        noisy = random() < 0.4 ? Math.floor(0.05 * RATE_HZ) : 0;
      }
      const glide = 1 - syllableLeft / syllableLength;
      syllableLeft -= 1;
      const fade = Math.min(1, (end - index) / (0.04 * RATE_HZ));
      const loudness = Math.sin(Math.PI * glide) ** 0.6 * fade * voice.gain;
      // Declination over the spurt and a little jitter keep the pitch from sounding like a siren.
      phase +=
        (voice.pitchHz * (1.1 - (0.2 * (index / RATE_HZ - fromS)) / (toS - fromS)) * (1 + 0.02 * random())) /
        RATE_HZ;
      const pulse = phase >= 1 ? 40 : 0;
      phase %= 1;
      const hiss = noisy > 0 ? 0.25 * (random() - 0.5) : 0.01 * (random() - 0.5);
      noisy -= 1;
      let output = hiss * loudness;
      for (const [which, formant] of formants.entries()) {
        const hz = ((vowel[which] ?? 0) * (1 - glide) + (target[which] ?? 0) * glide) * voice.tract;
        output += (formant(pulse + hiss, hz) * loudness) / (which + 1);
      }
      signal[index] = (signal[index] ?? 0) + output;
    }
  }
}

function makePcm(seed: number): Buffer {
  const random = randomSource(seed);
  const signal = new Float64Array(RATE_HZ * DURATION_S - PRE_SKIP_SAMPLES);
  const spurts = talkSpurts(random);
  for (const [index, voice] of VOICES.entries()) {
    speak(signal, voice, spurts[index] ?? [], random);
  }
  const peak = signal.reduce((highest, value) => Math.max(highest, Math.abs(value)), 1e-9);
  const pcm = Buffer.alloc(signal.length * 2);
  for (const [index, value] of signal.entries()) {
    // A room is never digitally silent: a faint noise floor lies under the pauses.
    pcm.writeInt16LE(Math.round((value / peak) * 22_000 + (random() - 0.5) * 12), index * 2);
  }
  return pcm;
}

const pcm = makePcm(2021);
for (const frameMs of [20, 60]) {
  const target = fileURLToPath(new URL(`voice-${frameMs}ms.opus`, import.meta.url));
  const encoding = spawnSync(
    'opusenc',
    // biome-ignore format: one option with its value a line reads best
    [
      '--quiet', '--raw', '--raw-rate', String(RATE_HZ), '--raw-chan', '1', '--raw-bits', '16',
      '--bitrate', String(BIT_RATE_KBPS), '--hard-cbr', '--speech',
      '--framesize', String(frameMs), '--serial', '1', '--padding', '0',
      '-', target,
    ],
    { input: pcm, stdio: ['pipe', 'inherit', 'inherit'], maxBuffer: 2 ** 20 },
  );
  if (encoding.error !== undefined || encoding.status !== 0) {
    throw new Error(
      `opusenc must encode ${target}, but ${encoding.error?.message ?? `it exited with ${encoding.status}`}. Install it: apt-get install opus-tools`,
    );
  }
  process.stdout.write(`${target}\n`);
}
