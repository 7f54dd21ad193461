import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { run } from '../tools/child.js';
import { cacheDir, findCompiler, isFile, METER_SOURCE_DIR } from '../tools/places.js';
import { say } from '../tools/progress.js';

/**
 * Compiles the packet meter, a small library that is preloaded into the swarm and counts what a WebRTC
 * listener receives. Without it a permanent callback counts, later and for fewer listeners, so that a
 * missing compiler is a note here and not an error.
 */

const COMPILE_AT_MOST_MS = 60_000;
const SOURCE = join(METER_SOURCE_DIR, 'packet-meter.c');

/** @returns {string | null} a digest of the meter's source, null when this clone has none or it cannot be used */
export function meterDigest() {
  // LD_PRELOAD, which carries it, is Linux's.
  if (process.platform !== 'linux' || !isFile(SOURCE)) return null;
  return createHash('sha256').update(process.arch).update(readFileSync(SOURCE)).digest('hex');
}

/**
 * @param {{ force: boolean, logDir: string }} options
 * @returns {Promise<string | null>} the library, null when the product has to do without
 */
export async function ensurePacketMeter({ force, logDir }) {
  const digest = meterDigest();
  if (!digest) return null;
  const library = join(cacheDir(), `packet-meter-${digest.slice(0, 16)}.so`);
  if (!force && isFile(library)) return library;
  const compiler = findCompiler();
  if (!compiler) {
    say(
      'no C compiler: the packet meter is left out, and fewer WebRTC listeners are counted packet by packet',
    );
    return null;
  }
  mkdirSync(cacheDir(), { recursive: true });
  const logFile = join(logDir, 'packet-meter.log');
  const half = `${library}.${process.pid}`;
  const { status } = await run(compiler, ['-O2', '-shared', '-fPIC', '-o', half, SOURCE, '-ldl'], {
    logFile,
    timeoutMs: COMPILE_AT_MOST_MS,
  });
  if (status === 0) {
    renameSync(half, library);
    return library;
  }
  rmSync(half, { force: true });
  say(`the packet meter does not compile and is left out; the compiler's words: ${logFile}`);
  return null;
}
