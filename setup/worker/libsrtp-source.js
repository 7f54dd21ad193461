import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, run } from '../tools/child.js';
import { readIfThere } from '../tools/places.js';
import { SetupProblem } from '../tools/problem.js';

/**
 * Fetches the source package of libsrtp 2 with apt, as any user and without touching the system's own
 * lists: all of apt's state is pointed at a folder of ours, and its sources are those of the system asked
 * for source packages instead of binary ones.
 */

const FETCH_AT_MOST_MS = 5 * 60 * 1000;
const SYSTEM_PARTS_DIR = '/etc/apt/sources.list.d';
const DISTRIBUTION_FILES = ['debian.sources', 'ubuntu.sources'];

/** @param {string} partsDir */
function writeSourceParts(partsDir) {
  mkdirSync(partsDir, { recursive: true });
  let written = 0;
  for (const name of DISTRIBUTION_FILES) {
    const text = readIfThere(join(SYSTEM_PARTS_DIR, name));
    if (text === null) continue;
    writeFileSync(join(partsDir, name), text.replaceAll(/^Types:.*$/gm, 'Types: deb-src'));
    written += 1;
  }
  // Only the distribution's own lines: a third party's archive may have no source packages and fail.
  const lines = (readIfThere('/etc/apt/sources.list') ?? '')
    .split('\n')
    .filter((line) => /^deb\s.*(debian|ubuntu)/.test(line))
    .map((line) => line.replace(/^deb\s/, 'deb-src '));
  if (lines.length > 0) {
    writeFileSync(join(partsDir, 'from-sources.list'), `${lines.join('\n')}\n`);
    written += 1;
  }
  if (written > 0) return;
  throw new SetupProblem(
    'NO_APT_SOURCES',
    `Expected the distribution's package sources in ${DISTRIBUTION_FILES.join(' or ')} or sources.list; found none.`,
    'Set MEDIASOUP_WORKER_BIN to a mediasoup worker that runs on this machine.',
  );
}

/**
 * @param {string} workDir a folder of ours, for apt's state and the download
 * @param {string} intoDir gets the unpacked source
 * @param {string} logFile
 */
export async function fetchLibsrtp(workDir, intoDir, logFile) {
  const partsDir = join(workDir, 'parts');
  const downloadDir = join(workDir, 'download');
  writeSourceParts(partsDir);
  for (const dir of ['lists/partial', 'cache/archives/partial', 'download']) {
    mkdirSync(join(workDir, dir), { recursive: true });
  }
  mkdirSync(intoDir, { recursive: true });
  const settings = [
    'Dir::Etc::SourceList=/dev/null',
    `Dir::Etc::SourceParts=${partsDir}`,
    `Dir::State::lists=${join(workDir, 'lists')}`,
    `Dir::Cache=${join(workDir, 'cache')}`,
    // apt drops to a user who may not write into our folder.
    'APT::Sandbox::User=root',
  ].flatMap((setting) => ['-o', setting]);
  const step = async (/** @type {string} */ command, /** @type {string[]} */ ...args) => {
    const result = await run(command, args, { cwd: downloadDir, logFile, timeoutMs: FETCH_AT_MOST_MS });
    if (result.status === 0) return;
    throw new SetupProblem(
      'NO_LIBSRTP_SOURCE',
      `The source of libsrtp 2 could not be fetched (${command}):\n${lastLines(result.output, 6)}`,
      `Check that apt-get reaches the distribution's archive, then run setup again. All of the output: ${logFile}`,
    );
  };
  await step('apt-get', ...settings, 'update', '-qq');
  await step('apt-get', ...settings, 'source', '--download-only', '--tar-only', 'libsrtp2');
  const archive = readdirSync(downloadDir).find((name) => name.includes('.orig.tar.'));
  if (!archive) {
    throw new SetupProblem(
      'NO_LIBSRTP_SOURCE',
      `Expected an .orig.tar archive of libsrtp2 in ${downloadDir}; apt-get left none.`,
      `All of its output: ${logFile}`,
    );
  }
  await step('tar', '-xf', archive, '--strip-components=1', '-C', intoDir);
}
