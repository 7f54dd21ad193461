import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { run } from '../tools/child.js';
import { BODIES_DIR, cacheDir, findCompiler, isFile } from '../tools/places.js';
import { say } from '../tools/progress.js';

/**
 * Compiles what counts packets: the packet meter, a small library that is preloaded into the swarm and counts what a
 * WebRTC listener receives, and the sink that receives for rtp listeners. Without the first a permanent callback
 * counts, later and for fewer listeners; without the second there are no rtp listeners. A missing compiler is
 * therefore a note here and not an error.
 */

const COMPILE_AT_MOST_MS = 60_000;
const METER = join(BODIES_DIR, 'meter/packet-meter.c');
const SINK = join(BODIES_DIR, 'rtp/rtp-sink.c');
const SOURCES = [METER, SINK, join(BODIES_DIR, 'meter/counting.h')];

/** @returns {string | null} a digest of the sources, null when this clone has none or they cannot be used */
export function meterDigest() {
  // LD_PRELOAD, epoll and recvmmsg are Linux's.
  if (process.platform !== 'linux' || !SOURCES.every(isFile)) return null;
  const digest = createHash('sha256').update(process.arch);
  for (const source of SOURCES) digest.update(readFileSync(source));
  return digest.digest('hex');
}

/**
 * @param {{ force: boolean, logDir: string }} options
 * @returns {Promise<{ packetMeter: string | null, rtpSink: string | null }>} library and program, null when the
 *   product has to do without
 */
export async function ensurePacketMeter({ force, logDir }) {
  const digest = meterDigest();
  if (!digest) return { packetMeter: null, rtpSink: null };
  const packetMeter = join(cacheDir(), `packet-meter-${digest.slice(0, 16)}.so`);
  const rtpSink = join(cacheDir(), `rtp-sink-${digest.slice(0, 16)}`);
  if (!force && isFile(packetMeter) && isFile(rtpSink)) return { packetMeter, rtpSink };
  const compiler = findCompiler();
  if (!compiler) {
    say(
      'no C compiler: packet meter and rtp sink are left out, so that fewer WebRTC listeners are counted packet by packet and there are no rtp listeners',
    );
    return { packetMeter: null, rtpSink: null };
  }
  mkdirSync(cacheDir(), { recursive: true });
  const compile = { compiler, logFile: join(logDir, 'packet-meter.log') };
  return {
    packetMeter: await compileTo(packetMeter, ['-shared', '-fPIC', METER, '-ldl'], compile),
    rtpSink: await compileTo(rtpSink, [SINK], compile),
  };
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ compiler: string, logFile: string }} options
 * @returns {Promise<string | null>} the file, null when it does not compile
 */
async function compileTo(file, args, { compiler, logFile }) {
  const half = `${file}.${process.pid}`;
  const { status } = await run(compiler, ['-O2', '-o', half, ...args], {
    logFile,
    timeoutMs: COMPILE_AT_MOST_MS,
  });
  if (status === 0) {
    renameSync(half, file);
    return file;
  }
  rmSync(half, { force: true });
  say(`${file} does not compile and is left out; the compiler's words: ${logFile}`);
  return null;
}
