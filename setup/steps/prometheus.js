import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { run } from '../tools/child.js';
import { fetchPackage } from '../tools/distribution.js';
import { withLock } from '../tools/lock.js';
import { cacheDir, findOnPath, isExecutable } from '../tools/places.js';
import { SetupProblem } from '../tools/problem.js';

/**
 * Finds a Prometheus and its promtool, which only the tests of the metrics need, or unpacks the distribution's
 * package into the cache. It is not installed: that would start a service on port 9090 and needs root.
 */

const UNPACK_AT_MOST_MS = 5 * 60_000;

function keptDir() {
  return join(cacheDir(), 'prometheus');
}

/** @param {string} dir */
function pairIn(dir) {
  const [prometheus, promtool] = [join(dir, 'prometheus'), join(dir, 'promtool')];
  return isExecutable(prometheus) && isExecutable(promtool) ? { prometheus, promtool } : null;
}

/**
 * @returns {{ prometheus: string, promtool: string } | null} the pair in the folder that ROOMRUSH_PROMETHEUS names,
 *   that is on PATH, or that we keep
 * @throws {SetupProblem} when ROOMRUSH_PROMETHEUS names a folder without them
 */
export function findPrometheus() {
  const named = process.env['ROOMRUSH_PROMETHEUS'];
  if (named) {
    const pair = pairIn(resolve(named));
    if (pair) return pair;
    throw new SetupProblem(
      'PROMETHEUS_NOT_THERE',
      `Expected ROOMRUSH_PROMETHEUS to name a folder with the programs prometheus and promtool; ${named} is none.`,
      'Set it to such a folder, or unset it to have them looked for.',
    );
  }
  const [prometheus, promtool] = [findOnPath(['prometheus']), findOnPath(['promtool'])];
  if (prometheus && promtool) return { prometheus, promtool };
  return pairIn(join(keptDir(), 'usr/bin'));
}

/**
 * @param {{ logDir: string }} options
 * @throws {SetupProblem} when there is none and none can be had
 */
export async function ensurePrometheus({ logDir }) {
  await withLock(join(cacheDir(), 'locks', 'prometheus'), 'Prometheus', async () => {
    if (findPrometheus()) return;
    const half = join(cacheDir(), `.prometheus-${process.pid}`);
    try {
      mkdirSync(half, { recursive: true });
      await unpackInto(half, join(logDir, 'prometheus.log'));
      rmSync(keptDir(), { recursive: true, force: true });
      renameSync(half, keptDir());
    } finally {
      rmSync(half, { recursive: true, force: true });
    }
  });
}

/**
 * @param {string} dir
 * @param {string} logFile
 */
async function unpackInto(dir, logFile) {
  await fetchPackage('prometheus', 'to test the metrics', dir, logFile);
  const archive = readdirSync(dir).find((name) => name.endsWith('.deb'));
  const unpacked =
    archive !== undefined &&
    (await run('dpkg-deb', ['-x', join(dir, archive), dir], { logFile, timeoutMs: UNPACK_AT_MOST_MS }))
      .status === 0;
  if (!unpacked || !pairIn(join(dir, 'usr/bin'))) {
    throw new SetupProblem(
      'NO_PROMETHEUS',
      `Expected the package prometheus to hold usr/bin/prometheus and usr/bin/promtool; ${unpacked ? 'it does not' : 'it could not be unpacked'}.`,
      `Put both on PATH, or set ROOMRUSH_PROMETHEUS to their folder. All output: ${logFile}`,
    );
  }
  rmSync(join(dir, archive));
}
