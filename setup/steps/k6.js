import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { lastLines, run } from '../tools/child.js';
import { withLock } from '../tools/lock.js';
import { cacheDir, findAllOnPath, findOnPath, isExecutable } from '../tools/places.js';
import { SetupProblem } from '../tools/problem.js';
import { say, withProgress } from '../tools/progress.js';
import { downloadK6 } from './k6-release.js';

/**
 * Finds k6 for the listeners that k6 carries out, or gets the pinned one: its official release where that can be
 * downloaded, otherwise built with Go. Nothing else needs it, so only those who ask for it wait for it.
 */

const K6_VERSION = '1.8.1';
/** The first with a stable `k6/websockets` and TypeScript without a flag. */
const MAJOR_MIN = 1;
const ANSWER_AT_MOST_MS = 20_000;
const BUILD_AT_MOST_MS = 20 * 60_000;

function keptK6() {
  return join(cacheDir(), 'k6', K6_VERSION, 'k6');
}

/**
 * @param {string} program
 * @returns {Promise<string | null>} its version, null when it is no k6
 */
async function versionOf(program) {
  const { status, output } = await run(program, ['version'], { timeoutMs: ANSWER_AT_MOST_MS });
  return (status === 0 && /^k6(?:\.exe)? v(\d+\.\d+\.\d+)/m.exec(output)?.[1]) || null;
}

/** @param {string | null} version */
function isNewEnough(version) {
  return version !== null && Number(version.split('.')[0]) >= MAJOR_MIN;
}

/**
 * @returns {Promise<string | null>} the one that ROOMRUSH_K6 names, that we keep, or that is on PATH and new enough
 * @throws {SetupProblem} when ROOMRUSH_K6 names something else than such a k6
 */
export async function findK6() {
  const named = process.env['ROOMRUSH_K6'];
  if (named) {
    const version = isExecutable(named) ? await versionOf(named) : null;
    if (isNewEnough(version)) return resolve(named);
    throw new SetupProblem(
      'K6_NOT_USABLE',
      `Expected ROOMRUSH_K6 to name a k6 of version ${MAJOR_MIN}.0 or newer; ${named} is ${version === null ? 'none' : `version ${version}`}.`,
      'Set it to such a k6, or unset it to have one looked for.',
    );
  }
  if (isExecutable(keptK6())) return keptK6();
  for (const candidate of findAllOnPath('k6')) {
    if (isNewEnough(await versionOf(candidate))) return candidate;
  }
  return null;
}

/**
 * @param {{ logDir: string }} options
 * @returns {Promise<string>}
 * @throws {SetupProblem} when there is none and none can be had
 */
export async function ensureK6({ logDir }) {
  return withLock(join(cacheDir(), 'locks', 'k6'), 'k6', async () => {
    const found = await findK6();
    if (found) return found;
    const half = join(cacheDir(), 'k6', `.getting-${process.pid}`);
    try {
      mkdirSync(half, { recursive: true });
      await getInto(half, logDir);
      const got = await versionOf(join(half, 'k6'));
      if (got !== K6_VERSION)
        throw noK6(`Expected k6 ${K6_VERSION}, got ${got ?? 'a program that does not run'}.`);
      rmSync(dirname(keptK6()), { recursive: true, force: true });
      renameSync(half, dirname(keptK6()));
    } finally {
      rmSync(half, { recursive: true, force: true });
    }
    return keptK6();
  });
}

/** @param {string} dir an empty folder, where the program is put @param {string} logDir */
async function getInto(dir, logDir) {
  const problem = await withProgress(`downloading k6 ${K6_VERSION}`, () => downloadK6(K6_VERSION, dir));
  if (problem === null) return;
  say(`k6 was not downloaded: ${problem}`);
  const go = findOnPath(['go']);
  if (!go) throw noK6('No k6 of version 1.0 or newer was found, and there is no Go to build one with.');
  const logFile = join(logDir, 'k6-build.log');
  const { status, output } = await withProgress(`building k6 ${K6_VERSION} (about two minutes, once)`, () =>
    run(go, ['install', `go.k6.io/k6@v${K6_VERSION}`], {
      // Settings of somebody's Go project would make it another build, or none.
      env: { ...process.env, GOBIN: dir, GOFLAGS: '', GOWORK: 'off', GOOS: '', GOARCH: '' },
      logFile,
      timeoutMs: BUILD_AT_MOST_MS,
    }),
  );
  if (status !== 0) {
    throw noK6(`Go could not build k6 ${K6_VERSION}:\n${lastLines(output, 8)}\n  All of it: ${logFile}`);
  }
}

/** @param {string} message */
function noK6(message) {
  return new SetupProblem(
    'NO_K6',
    message,
    `Do one of these, then run node setup/bootstrap.js k6 again:\n` +
      `  install k6 ${MAJOR_MIN}.0 or newer from its distributor, and have it on PATH\n` +
      `  install Go, and: go install go.k6.io/k6@v${K6_VERSION}\n` +
      `  set ROOMRUSH_K6 to the path of one`,
  );
}
