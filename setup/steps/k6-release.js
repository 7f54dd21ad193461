import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { run } from '../tools/child.js';

/** k6's official release for this platform: downloaded, compared with the release's checksums, unpacked. */

const OFFICIAL = 'https://github.com/grafana/k6/releases/download';
const DOWNLOAD_AT_MOST_MS = 60_000;
/** The list of checksums is small: whoever does not get it in this time will not get the rest. */
const LIST_AT_MOST_MS = 15_000;
const UNPACK_AT_MOST_MS = 30_000;

/** @type {Readonly<Record<string, { name: string, ending: string }>>} */
const SYSTEMS = {
  linux: { name: 'linux', ending: 'tar.gz' },
  darwin: { name: 'macos', ending: 'zip' },
};
/** @type {Readonly<Record<string, string>>} */
const MACHINES = { x64: 'amd64', arm64: 'arm64' };

/**
 * @param {string} version
 * @param {string} dir where the program `k6` is put
 * @returns {Promise<string | null>} null: it is there; otherwise why not
 */
export async function downloadK6(version, dir) {
  const base = process.env['ROOMRUSH_K6_RELEASES'] || OFFICIAL;
  const system = SYSTEMS[process.platform];
  const machine = MACHINES[process.arch];
  if (!system || !machine) return `there is no release for ${process.platform} on ${process.arch}`;
  const name = `k6-v${version}-${system.name}-${machine}`;
  const archive = `${name}.${system.ending}`;
  try {
    const deadline = AbortSignal.timeout(DOWNLOAD_AT_MOST_MS);
    const listDeadline = AbortSignal.timeout(LIST_AT_MOST_MS);
    const list = (
      await fetchBytes(`${base}/v${version}/k6-v${version}-checksums.txt`, listDeadline)
    ).toString();
    const expected = new RegExp(`^([0-9a-f]{64})\\s+\\*?${archive.replaceAll('.', '\\.')}$`, 'm').exec(
      list,
    )?.[1];
    if (!expected) return `its list of checksums has none for ${archive}`;
    const bytes = await fetchBytes(`${base}/v${version}/${archive}`, deadline);
    const got = createHash('sha256').update(bytes).digest('hex');
    if (got !== expected) return `expected ${archive} with the SHA-256 ${expected}, got ${got}`;
    writeFileSync(join(dir, archive), bytes);
  } catch (error) {
    // No network, no such file, or too slow: k6 can be had in another way.
    if (!(error instanceof Error)) throw error;
    return error.cause instanceof Error ? error.cause.message : error.message;
  }
  // The tar of macOS reads zip too.
  const { status, output } = await run('tar', ['-xf', join(dir, archive), '-C', dir], {
    timeoutMs: UNPACK_AT_MOST_MS,
  });
  if (status !== 0) return `${archive} could not be unpacked: ${output.trim()}`;
  renameSync(join(dir, name, 'k6'), join(dir, 'k6'));
  return null;
}

/** @param {string} url @param {AbortSignal} signal */
async function fetchBytes(url, signal) {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
