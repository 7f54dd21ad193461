import process from 'node:process';
import { lastLines, run } from './child.js';
import { findOnPath, readIfThere } from './places.js';
import { SetupProblem } from './problem.js';
import { withProgress } from './progress.js';

/** What the distribution is, and its packages. */

const QUERY_AT_MOST_MS = 30_000;
// biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's own.
const PACKAGE_STATUS = '-f=${Package} ${db:Status-Status}\n';
const APT_AT_MOST_MS = 20 * 60 * 1000;

/** @returns {{ id: string, version: string, isDebianLike: boolean }} from os-release; empty on other systems */
export function distribution() {
  const text = readIfThere('/etc/os-release') ?? '';
  const field = (/** @type {string} */ name) =>
    new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  const id = field('ID');
  const family = [id, ...field('ID_LIKE').split(' ')];
  return { id, version: field('VERSION_ID'), isDebianLike: family.includes('debian') };
}

/**
 * @param {readonly string[]} names
 * @returns {Promise<string[]>} those of them that are not installed
 */
async function missingPackages(names) {
  // dpkg-query exits with 1 as soon as one name is unknown, and still prints the others.
  const { output, status } = await run('dpkg-query', ['-W', PACKAGE_STATUS, ...names], {
    timeoutMs: QUERY_AT_MOST_MS,
  });
  if (status !== 0 && status !== 1) return [...names];
  const lines = output.split('\n');
  return names.filter((name) => !lines.includes(`${name} installed`));
}

/** @returns {Promise<string[] | null>} what to put before a command to run it as root; null when we cannot */
async function wayToRoot() {
  if (process.getuid?.() === 0) return [];
  const sudo = findOnPath(['sudo']);
  if (!sudo) return null;
  const { status } = await run(sudo, ['-n', 'true'], { timeoutMs: QUERY_AT_MOST_MS });
  return status === 0 ? [sudo, '-n'] : null;
}

/**
 * @param {readonly string[]} names
 * @param {string} purpose
 */
function refuseWithoutApt(names, purpose) {
  const { id, isDebianLike } = distribution();
  if (isDebianLike && findOnPath(['apt-get'])) return;
  throw new SetupProblem(
    'NO_APT',
    `Packages are needed ${purpose}, and this system (${id || process.platform}) has no apt-get.`,
    `Install what corresponds to these packages of Debian's: ${names.join(' ')}`,
  );
}

/**
 * Puts the archive of one of the distribution's packages into a folder, without installing it.
 * @param {string} name
 * @param {string} purpose what needs it, e.g. `to test the metrics`
 * @param {string} dir
 * @param {string} logFile
 * @throws {SetupProblem} when it cannot be had
 */
export async function fetchPackage(name, purpose, dir, logFile) {
  refuseWithoutApt([name], purpose);
  await withProgress(`fetching the package ${name}`, async () => {
    const fetch = () => run('apt-get', ['download', name], { cwd: dir, logFile, timeoutMs: APT_AT_MOST_MS });
    let result = await fetch();
    const toRoot = result.status === 0 ? null : await wayToRoot();
    if (toRoot !== null) {
      // The lists may be missing, or older than the archive.
      const [command = 'apt-get', ...rest] = [...toRoot, 'apt-get', 'update'];
      await run(command, rest, { logFile, timeoutMs: APT_AT_MOST_MS });
      result = await fetch();
    }
    if (result.status === 0) return;
    throw new SetupProblem(
      'APT_FAILED',
      `apt-get could not fetch ${name} ${purpose}:\n${lastLines(result.output, 8)}`,
      `Mend what apt-get complains of (\`apt-get update\` as root), then run setup again. All of its output: ${logFile}`,
    );
  });
}

/**
 * Installs the distribution's packages, or says what an administrator has to run.
 * @param {readonly string[]} names
 * @param {string} purpose what needs them, e.g. `to build the media worker`
 * @param {string} logFile
 * @throws {SetupProblem} when it cannot be done by us
 */
export async function ensurePackages(names, purpose, logFile) {
  refuseWithoutApt(names, purpose);
  const missing = await missingPackages(names);
  if (missing.length === 0) return;
  const toRoot = await wayToRoot();
  if (!toRoot) {
    throw new SetupProblem(
      'PACKAGES_MISSING',
      `Packages are missing ${purpose}, and they cannot be installed without root: ${missing.join(' ')}`,
      `Have an administrator run:\n  apt-get update\n  apt-get install -y --no-install-recommends ${missing.join(' ')}`,
    );
  }
  await withProgress(`installing ${missing.join(' ')}`, async (report) => {
    const apt = (/** @type {string[]} */ ...args) => {
      const [command = 'apt-get', ...rest] = [
        ...toRoot,
        'env',
        'DEBIAN_FRONTEND=noninteractive',
        'apt-get',
        ...args,
      ];
      report(`apt-get ${args[0]}`);
      return run(command, rest, { logFile, timeoutMs: APT_AT_MOST_MS });
    };
    const install = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...missing];
    // The lists are fetched only when the first try fails: they may be missing, or older than the archive.
    let result = await apt(...install);
    if (result.status !== 0) {
      await apt('update');
      result = await apt(...install);
    }
    if (result.status !== 0) {
      throw new SetupProblem(
        'APT_FAILED',
        `apt-get could not install ${missing.join(' ')}:\n${lastLines(result.output, 8)}`,
        `Mend what apt-get complains of, then run setup again. All of its output: ${logFile}`,
      );
    }
  });
}
