import { mkdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { run } from '../tools/child.js';
import { withLock } from '../tools/lock.js';
import { cacheDir, findOnPath, isExecutable } from '../tools/places.js';
import { SetupProblem } from '../tools/problem.js';
import { withProgress } from '../tools/progress.js';

/** Finds k6, or builds the pinned one with Go, for the listeners that k6 carries out. */

const K6_VERSION = '1.8.1';

function keptK6() {
  return join(cacheDir(), 'k6', K6_VERSION, 'k6');
}

/** @returns {string | null} */
export function findK6() {
  const named = process.env['ROOMRUSH_K6'];
  if (named && isExecutable(named)) return resolve(named);
  return isExecutable(keptK6()) ? keptK6() : findOnPath(['k6']);
}

/**
 * @param {{ logDir: string }} options
 * @returns {Promise<string>}
 */
export async function ensureK6({ logDir }) {
  return withLock(join(cacheDir(), 'locks', 'k6'), 'k6', async () => {
    const found = findK6();
    if (found) return found;
    const go = findOnPath(['go']);
    const half = join(cacheDir(), 'k6', `.building-${process.pid}`);
    mkdirSync(half, { recursive: true });
    if (go !== null) {
      await withProgress(`building k6 ${K6_VERSION} (about two minutes, once)`, () =>
        run(go, ['install', `go.k6.io/k6@v${K6_VERSION}`], {
          env: { ...process.env, GOBIN: half },
          logFile: join(logDir, 'k6-build.log'),
          timeoutMs: 1_200_000,
        }),
      );
    }
    if (!isExecutable(join(half, 'k6')))
      throw new SetupProblem('NO_K6', 'No k6 was found and none could be built.', 'Install Go or k6.');
    renameSync(half, join(cacheDir(), 'k6', K6_VERSION));
    return keptK6();
  });
}
