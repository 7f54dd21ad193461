import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { lastLines, run, stopIfInterrupted } from '../tools/child.js';
import { ensurePackages } from '../tools/distribution.js';
import { isFile, RECIPE_DIR } from '../tools/places.js';
import { EXIT, SetupProblem } from '../tools/problem.js';
import { withProgress } from '../tools/progress.js';
import { fetchLibsrtp } from './libsrtp-source.js';

/** Builds mediasoup's worker from the npm package's own sources with the distribution's libraries. */

const BUILD_PACKAGES = [
  'g++',
  'cmake',
  'ninja-build',
  'pkg-config',
  'libuv1-dev',
  'libssl-dev',
  'libflatbuffers-dev',
  'flatbuffers-compiler',
];
const CONFIGURE_AT_MOST_MS = 5 * 60 * 1000;
const COMPILE_AT_MOST_MS = 90 * 60 * 1000;

/**
 * A distribution's OpenSSL has kernel TLS, and asks the worker's BIO callback about it. Upstream's
 * comparison takes only the bare "after any call" value for an answer to pass on, never a value combined
 * with the operation, so it answers "yes, kernel TLS" by accident and the first DTLS handshake crashes.
 */
const KERNEL_TLS_PATCH = {
  file: 'src/RTC/DtlsTransport.cpp',
  from: '(operationType == BIO_CB_RETURN)',
  to: '(operationType & BIO_CB_RETURN)',
};

/** @param {string} workerDir our copy of the package's worker folder */
function patchKernelTls(workerDir) {
  const path = join(workerDir, KERNEL_TLS_PATCH.file);
  const parts = readFileSync(path, 'utf8').split(KERNEL_TLS_PATCH.from);
  if (parts.length !== 2) {
    throw new SetupProblem(
      'PATCH_DOES_NOT_FIT',
      `Expected \`${KERNEL_TLS_PATCH.from}\` once in mediasoup's ${KERNEL_TLS_PATCH.file}; found it ${parts.length - 1} times.`,
      "Compare setup/worker/build.js with this version of mediasoup; the worker's source has changed.",
      EXIT.defect,
    );
  }
  writeFileSync(path, parts.join(KERNEL_TLS_PATCH.to));
}

/**
 * Lays copy, patch and libsrtp beside each other. It is renamed into place when it is complete, so that a
 * build that goes on after Ctrl-C never compiles half a copy.
 * @param {string} packageDir
 * @param {string} buildDir
 * @param {string} logFile
 */
async function stageSources(packageDir, buildDir, logFile) {
  const sourcesDir = join(buildDir, 'sources');
  if (isFile(join(sourcesDir, 'complete'))) return sourcesDir;
  const halfDir = join(buildDir, 'sources.half');
  rmSync(halfDir, { recursive: true, force: true });
  for (const name of ['src', 'include', 'fbs']) {
    stopIfInterrupted();
    cpSync(join(packageDir, 'worker', name), join(halfDir, 'worker', name), { recursive: true });
  }
  patchKernelTls(join(halfDir, 'worker'));
  await fetchLibsrtp(join(buildDir, 'apt'), join(halfDir, 'libsrtp2'), logFile);
  writeFileSync(join(halfDir, 'complete'), '');
  rmSync(sourcesDir, { recursive: true, force: true });
  renameSync(halfDir, sourcesDir);
  return sourcesDir;
}

/**
 * @param {object} options
 * @param {string} options.packageDir the npm package mediasoup
 * @param {string} options.buildDir kept when the build is interrupted, so that the next one goes on from there
 * @param {string} options.logDir
 * @returns {Promise<string>} the stripped binary, inside the build folder
 * @throws {SetupProblem} when a package is missing or a step fails
 */
export async function buildWorker({ packageDir, buildDir, logDir }) {
  const logFile = join(logDir, 'worker-build.log');
  await ensurePackages(BUILD_PACKAGES, 'to build the media worker', join(logDir, 'apt.log'));
  mkdirSync(buildDir, { recursive: true });
  const jobs = typeof availableParallelism === 'function' ? availableParallelism() : cpus().length;
  const binary = join(buildDir, 'out/mediasoup-worker');

  await withProgress('building the media worker (about three minutes on two cores)', async (report) => {
    const step = async (
      /** @type {string} */ command,
      /** @type {string[]} */ args,
      /** @type {number} */ timeoutMs,
      /** @type {(line: string) => void} */ onLine = () => {},
    ) => {
      const env = { ...process.env, NINJA_STATUS: '[%f/%t] ' };
      const result = await run(command, args, { env, logFile, timeoutMs, onLine });
      if (result.status === 0) return;
      throw new SetupProblem(
        'WORKER_BUILD_FAILED',
        `The media worker could not be built (${command}):\n${lastLines(result.output, 15)}`,
        `All of the output: ${logFile}\nA worker that was built elsewhere can be named by MEDIASOUP_WORKER_BIN.`,
      );
    };
    report('fetching and copying sources');
    const sourcesDir = await stageSources(packageDir, buildDir, logFile);
    report('configuring');
    await step(
      'cmake',
      [
        ...['-G', 'Ninja', '-S', RECIPE_DIR, '-B', join(buildDir, 'out')],
        ...['-DCMAKE_BUILD_TYPE=Release', `-DSOURCES=${sourcesDir}`],
      ],
      CONFIGURE_AT_MOST_MS,
    );
    await step(
      'ninja',
      ['-C', join(buildDir, 'out'), '-j', String(jobs), 'mediasoup-worker'],
      COMPILE_AT_MOST_MS,
      (line) => {
        const count = /^\[(\d+)\/(\d+)\]/.exec(line);
        if (count) report(`${count[1]} of ${count[2]}`);
      },
    );
    await step('strip', [binary], CONFIGURE_AT_MOST_MS);
  });
  return binary;
}
