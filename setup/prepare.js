import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { isSetUp, RECORD_VERSION, setupStamp, writeRecord } from './record.js';
import { ensureChromium, findChromium } from './steps/chromium.js';
import { ensureK6, findK6 } from './steps/k6.js';
import { ensureNpmPackages } from './steps/packages.js';
import { ensurePacketMeter } from './steps/packet-meter.js';
import { ensurePrometheus } from './steps/prometheus.js';
import { ensureWorker, mediasoupVersion } from './steps/worker.js';
import { interruptAll } from './tools/child.js';
import { withLock } from './tools/lock.js';
import { CLONE_DIR, cacheDir, MODULES_DIR } from './tools/places.js';
import { EXIT, Interrupted, SetupProblem, systemCode } from './tools/problem.js';
import { say } from './tools/progress.js';

/**
 * Makes a clone ready: npm packages, Node 24, the media worker, the packet meter, the rtp sink and, for
 * the tests, a k6, a Chromium and a Prometheus. Every step looks first whether its result is there, so that it can be run before every start,
 * twice at once, and again after Ctrl-C.
 */

const INTERRUPTIONS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/** @type {Readonly<Record<string, string>>} what a file system refuses for reasons that a person can mend */
const DISK_REASONS = {
  EACCES: 'A file or folder may not be used by this user',
  EPERM: 'A file or folder may not be used by this user',
  EROFS: 'The disk is read-only',
  ENOSPC: 'The disk is full',
  EDQUOT: 'The disk quota is used up',
};

/** @typedef {'start' | 'test' | 'k6'} Purpose what the clone is to be ready for */

/** @param {{ purpose: Purpose, force: boolean }} options */
async function runSteps({ purpose, force }) {
  const logDir = join(cacheDir(), 'logs');
  await ensureNpmPackages({ force, logDir });
  const worker = await ensureWorker({ force, logDir });
  const { packetMeter, rtpSink } = await ensurePacketMeter({ force, logDir });
  const k6 = purpose === 'start' ? await findK6() : await ensureK6({ logDir });
  const chromium = purpose === 'test' ? await ensureChromium({ logDir }) : findChromium();
  if (purpose === 'test') await ensurePrometheus({ logDir });
  const node = JSON.parse(readFileSync(join(MODULES_DIR, 'node/package.json'), 'utf8')).version;
  writeRecord({
    version: RECORD_VERSION,
    stamp: setupStamp(),
    cacheDir: cacheDir(),
    workerBin: worker.bin,
    workerOrigin: worker.origin,
    packetMeter,
    rtpSink,
    k6,
    chromium,
    versions: { node, mediasoup: mediasoupVersion() },
  });
}

/** @param {unknown} error @returns {number} the exit code; everything else that is thrown is a defect */
function explain(error) {
  if (error instanceof Interrupted) {
    say(error.message);
    return EXIT.interrupted;
  }
  if (error instanceof SetupProblem) {
    say(`${error.message}\n  ${error.hint.replaceAll('\n', '\n  ')}`);
    return error.exitCode;
  }
  const reason = DISK_REASONS[systemCode(error) ?? ''];
  if (reason && error instanceof Error) {
    say(
      `${reason}: ${error.message}\n  Make room or give access there, or set ROOMRUSH_CACHE_DIR to another folder.`,
    );
    return EXIT.notReady;
  }
  throw error;
}

/**
 * @param {{ purpose: Purpose, force: boolean }} options
 * @returns {Promise<number>} an exit code; what is wrong has been said on stderr
 */
export async function prepare(options) {
  for (const signal of INTERRUPTIONS) process.on(signal, interruptAll);
  try {
    if (!options.force && isSetUp(options.purpose)) return EXIT.ok;
    // The lock is outside the clone because `npm ci` empties node_modules; its name tells the clones apart.
    const clone = createHash('sha256').update(CLONE_DIR).digest('hex').slice(0, 16);
    await withLock(join(cacheDir(), 'locks', `clone-${clone}`), 'this clone', async () => {
      if (options.force || !isSetUp(options.purpose)) await runSteps(options);
    });
    return EXIT.ok;
  } catch (error) {
    return explain(error);
  } finally {
    for (const signal of INTERRUPTIONS) process.off(signal, interruptAll);
  }
}
