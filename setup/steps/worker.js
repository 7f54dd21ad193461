import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { run } from '../tools/child.js';
import { distribution } from '../tools/distribution.js';
import { withLock } from '../tools/lock.js';
import {
  cacheDir,
  isExecutable,
  MODULES_DIR,
  NODE_24_BIN,
  RECIPE_DIR,
  readIfThere,
} from '../tools/places.js';
import { SetupProblem } from '../tools/problem.js';
import { say, withProgress } from '../tools/progress.js';
import { buildWorker } from '../worker/build.js';

/**
 * Finds or makes the media worker, in this order: the one that MEDIASOUP_WORKER_BIN names, the one in our
 * cache, upstream's prebuilt one, our own build. The last two end in the cache.
 */

const PACKAGE_DIR = join(MODULES_DIR, 'mediasoup');
const ANSWER_AT_MOST_MS = 10_000;
/** Upstream's download has no time limit of its own. */
const DOWNLOAD_AT_MOST_MS = 60_000;
/** What a worker exits with when it can load its libraries and sees that no mediasoup started it. */
const EXIT_STATUS_OF_A_LONE_WORKER = 41;
const RECIPE_FILES = [
  'CMakeLists.txt',
  'build.js',
  'libsrtp-source.js',
  'compat/srtp.h',
  'compat/ankerl/unordered_dense.h',
];

/** @typedef {'environment' | 'prebuilt' | 'built'} WorkerOrigin where the binary came from at first */
/** @typedef {{ bin: string, origin: WorkerOrigin }} Worker */

/** @param {string} bin */
export async function workerAnswers(bin) {
  if (!isExecutable(bin)) return false;
  const { status } = await run(bin, [], { env: {}, timeoutMs: ANSWER_AT_MOST_MS });
  return status === EXIT_STATUS_OF_A_LONE_WORKER;
}

/** @returns {string} a digest of the files that decide how the worker is built */
export function recipeDigest() {
  const digest = createHash('sha256');
  for (const name of RECIPE_FILES)
    digest
      .update(name)
      .update(readFileSync(join(RECIPE_DIR, name)))
      .update('\0');
  return digest.digest('hex');
}

/** @returns {string} the version of the installed npm package */
export function mediasoupVersion() {
  return JSON.parse(readFileSync(join(PACKAGE_DIR, 'package.json'), 'utf8')).version;
}

/** A binary is tied to the libraries of the distribution it was built on, hence the key. */
function workerKey() {
  const { id, version } = distribution();
  const system = [id || process.platform, version, process.arch].filter(Boolean).join('-');
  return `${mediasoupVersion()}-${system}-${recipeDigest().slice(0, 12)}`;
}

/** @returns {Promise<Worker | null>} */
async function fromEnvironment() {
  const named = process.env['MEDIASOUP_WORKER_BIN'];
  if (!named) return null;
  const bin = resolve(named);
  if (await workerAnswers(bin)) return { bin, origin: 'environment' };
  say(
    `MEDIASOUP_WORKER_BIN names ${bin}, which did not exit with ${EXIT_STATUS_OF_A_LONE_WORKER} when started alone, as a worker does; looking further`,
  );
  return null;
}

/** @param {string} keptDir @returns {Promise<Worker | null>} */
async function fromCache(keptDir) {
  const bin = join(keptDir, 'mediasoup-worker');
  const origin = readIfThere(join(keptDir, 'origin'))?.trim();
  if ((origin !== 'prebuilt' && origin !== 'built') || !(await workerAnswers(bin))) return null;
  return { bin, origin };
}

/** @param {string} logDir @returns {Promise<string | null>} the path of upstream's binary */
async function fetchPrebuilt(logDir) {
  const bin = join(PACKAGE_DIR, 'worker/out/Release/mediasoup-worker');
  if (await workerAnswers(bin)) return bin;
  const { MEDIASOUP_WORKER_BIN: _, ...env } = process.env;
  await withProgress("asking for mediasoup's prebuilt worker", () =>
    run(NODE_24_BIN, ['npm-scripts.mjs', 'postinstall'], {
      cwd: PACKAGE_DIR,
      // Without Python upstream's own build, which needs downloads too, ends at its first step.
      env: { ...env, PYTHON: '/bin/false' },
      logFile: join(logDir, 'worker-prebuilt.log'),
      timeoutMs: DOWNLOAD_AT_MOST_MS,
    }),
  );
  return (await workerAnswers(bin)) ? bin : null;
}

/**
 * Puts a binary into the cache in one step: it appears there complete or not at all.
 * @param {string} from
 * @param {string} keptDir
 * @param {'prebuilt' | 'built'} origin
 * @returns {Promise<Worker>}
 */
async function keep(from, keptDir, origin) {
  const halfDir = `${keptDir}.half`;
  rmSync(halfDir, { recursive: true, force: true });
  mkdirSync(halfDir, { recursive: true });
  const bin = join(halfDir, 'mediasoup-worker');
  copyFileSync(from, bin);
  chmodSync(bin, 0o755);
  writeFileSync(join(halfDir, 'origin'), `${origin}\n`);
  if (!(await workerAnswers(bin))) {
    throw new SetupProblem(
      'WORKER_DOES_NOT_START',
      `The media worker (${origin}) did not exit with ${EXIT_STATUS_OF_A_LONE_WORKER} when started alone, as a worker does.`,
      `Run it to see why: env -i ${bin}`,
    );
  }
  rmSync(keptDir, { recursive: true, force: true });
  renameSync(halfDir, keptDir);
  return { bin: join(keptDir, 'mediasoup-worker'), origin };
}

/**
 * @param {{ force: boolean, logDir: string }} options
 * @returns {Promise<Worker>}
 */
export async function ensureWorker({ force, logDir }) {
  const named = await fromEnvironment();
  if (named) return named;
  const key = workerKey();
  const keptDir = join(cacheDir(), 'worker', key);
  const cached = force ? null : await fromCache(keptDir);
  if (cached) return cached;
  return withLock(join(cacheDir(), 'locks', `worker-${key}`), 'the media worker', async () => {
    // Whoever held the lock before us may have made it.
    const made = force ? null : await fromCache(keptDir);
    if (made) return made;
    const prebuilt = await fetchPrebuilt(logDir);
    if (prebuilt) return keep(prebuilt, keptDir, 'prebuilt');
    if (process.platform !== 'linux') {
      throw new SetupProblem(
        'NO_PREBUILT_WORKER',
        `mediasoup's prebuilt worker could not be downloaded, and roomrush builds its own only on Linux, not on ${process.platform}.`,
        'Set MEDIASOUP_WORKER_BIN to a mediasoup worker that runs on this machine.',
      );
    }
    const buildDir = join(cacheDir(), 'worker-build', key);
    if (force) rmSync(buildDir, { recursive: true, force: true });
    say("mediasoup's prebuilt worker cannot be had here; building it from the package's sources");
    const built = await buildWorker({ packageDir: PACKAGE_DIR, buildDir, logDir });
    const worker = await keep(built, keptDir, 'built');
    rmSync(buildDir, { recursive: true, force: true });
    return worker;
  });
}
