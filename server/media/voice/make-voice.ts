/**
 * Makes the host's voice: `node server/media/voice/make-voice.ts` writes voice-20ms.opus and voice-60ms.opus
 * beside itself. Needs `opusenc` (Debian: opus-tools), which nothing needs at run time: the made files are kept.
 *
 * A host and two guests take turns as ITU-T P.59 says (talk-spurts.ts), each with a voice of their own (speech.ts).
 * The same seed makes the same conversation, so that a listener's meter sees the same pauses in every run.
 *
 * Constant bit rate and no DTX: frames continue through pauses at the same size, so that a missing packet is
 * always a loss and never a silence.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { randomSource } from './random.ts';
import { RATE_HZ, speak, type Voice } from './speech.ts';
import { spurtsOf, talkStates } from './talk-spurts.ts';

const DURATION_S = 60;
/** The encoder puts so many samples in front; with them the file ends on a whole frame of either length. */
const PRE_SKIP_SAMPLES = 312;
const BIT_RATE_KBPS = 20;
const SEED = 2021;
/** Loudness of talk, RMS below full scale: about what a broadcast has, so that a listener's meter rises at once. */
const LOUDNESS_DBFS = -20;
/** Peaks near this are bent, as a limiter does; the codec adds a little to them. */
const PEAK = 0.7;
/** A room is never digitally silent: a faint noise lies under the pauses. */
const NOISE_FLOOR = 0.0004;

/** The host and two guests. */
const VOICES: readonly Voice[] = [
  { pitchHz: 112, tract: 1, syllableS: 0.21 },
  { pitchHz: 204, tract: 1.17, syllableS: 0.19 },
  { pitchHz: 138, tract: 1.06, syllableS: 0.24 },
];

function makePcm(): Buffer {
  const random = randomSource(SEED);
  const samples = RATE_HZ * DURATION_S - PRE_SKIP_SAMPLES;
  const states = talkStates(VOICES.length, DURATION_S, random);
  const said = VOICES.map((voice, speaker) => speak(samples, voice, spurtsOf(states, speaker), random));
  const gain = 10 ** (LOUDNESS_DBFS / 20);
  const pcm = Buffer.alloc(samples * 2);
  for (let index = 0; index < samples; index += 1) {
    const sum = gain * said.reduce((all, one) => all + (one[index] ?? 0), 0);
    const limited = PEAK * Math.tanh(sum / PEAK) + NOISE_FLOOR * (random() - 0.5);
    pcm.writeInt16LE(Math.round(limited * 32_767), index * 2);
  }
  return pcm;
}

const pcm = makePcm();
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
