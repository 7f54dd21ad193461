import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { lastLines, run } from '../tools/child.js';
import {
  CLONE_DIR,
  findOnPath,
  isExecutable,
  isFile,
  MODULES_DIR,
  NODE_24_BIN,
  readIfThere,
} from '../tools/places.js';
import { SetupProblem } from '../tools/problem.js';
import { say, withProgress } from '../tools/progress.js';

/** Installs the npm packages as package-lock.json says, and the Node 24 that is one of them. */

const INSTALL_AT_MOST_MS = 30 * 60 * 1000;
const ANSWER_AT_MOST_MS = 20_000;
/** Holds the digest of what is installed; written last, so that an interrupted install has none. */
const STAMP_FILE = join(MODULES_DIR, '.roomrush-packages');
/** npm's own record of what it put into node_modules, written when an install is complete. */
const INSTALLED_LOCK_FILE = join(MODULES_DIR, '.package-lock.json');
const DEPENDENCY_FIELDS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
];

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockedPackage */
/** @typedef {{ packages?: Record<string, LockedPackage & Record<string, unknown>> }} Lock */

/** @param {string} name */
function cloneFile(name) {
  const text = readIfThere(join(CLONE_DIR, name));
  if (text !== null) return text;
  throw new SetupProblem(
    'CLONE_INCOMPLETE',
    `Expected ${name} in ${CLONE_DIR}; it is not there.`,
    `git checkout ${name}`,
  );
}

/** @returns {string} a digest of everything that decides what is installed */
export function packagesDigest() {
  const manifest = JSON.parse(cloneFile('package.json'));
  const wanted = DEPENDENCY_FIELDS.map((field) => manifest[field] ?? null);
  return createHash('sha256')
    .update(JSON.stringify([wanted, process.platform, process.arch]))
    .update(cloneFile('package-lock.json'))
    .digest('hex');
}

/**
 * Compares the tree that npm recorded with the lock file, so that a tree which somebody installed by hand
 * is taken as it is and not installed a second time.
 */
function treeFollowsLock() {
  const installedText = readIfThere(INSTALLED_LOCK_FILE);
  if (installedText === null) return false;
  const manifest = JSON.parse(cloneFile('package.json'));
  const locked = /** @type {Lock} */ (JSON.parse(cloneFile('package-lock.json'))).packages ?? {};
  const installed = /** @type {Lock} */ (JSON.parse(installedText)).packages ?? {};
  const root = locked[''] ?? {};
  for (const field of DEPENDENCY_FIELDS.slice(0, 4)) {
    if (JSON.stringify(root[field] ?? {}) !== JSON.stringify(manifest[field] ?? {})) return false;
  }
  for (const [path, entry] of Object.entries(locked)) {
    if (path === '') continue;
    const found = installed[path];
    if (found ? found.version !== entry.version : !entry.optional) return false;
    if (found && !isFile(join(CLONE_DIR, path, 'package.json'))) return false;
  }
  return Object.keys(installed).every((path) => path in locked);
}

async function nodeAnswers() {
  if (!isExecutable(NODE_24_BIN)) return false;
  const { status, output } = await run(NODE_24_BIN, ['--version'], { timeoutMs: ANSWER_AT_MOST_MS });
  return status === 0 && output.startsWith('v24.');
}

/**
 * The package `node` fetches the binary of this platform in an install script. A newer npm runs no install
 * script that was not approved, so the script is run here when its result is not there.
 * @param {string} logFile
 */
async function ensureNode24(logFile) {
  if (await nodeAnswers()) return;
  const result = await withProgress('installing the Node 24 that roomrush runs on', () =>
    run(process.execPath, ['installArchSpecificPackage.js'], {
      cwd: join(MODULES_DIR, 'node'),
      logFile,
      timeoutMs: INSTALL_AT_MOST_MS,
    }),
  );
  if (await nodeAnswers()) return;
  throw new SetupProblem(
    'NO_NODE_24',
    `Expected ${NODE_24_BIN} to run and be Node 24; it does not run:\n${lastLines(result.output, 8)}`,
    `Check that npm reaches its registry, then: node setup/bootstrap.js start --force\nAll of the output: ${logFile}`,
  );
}

/** @param {string} logFile */
async function installTree(logFile) {
  const npm = findOnPath(['npm']);
  if (!npm) {
    throw new SetupProblem(
      'NO_NPM',
      'Expected npm on PATH; it is not there.',
      'Install npm, e.g.: apt-get install -y npm',
    );
  }
  // Without npm's record an interrupted install can never be taken for a complete one.
  rmSync(INSTALLED_LOCK_FILE, { force: true });
  const env = {
    ...process.env,
    // Any value makes mediasoup's install script leave the worker to us: its own build takes a minute and a
    // half to fail where nothing can be downloaded, and then the whole install fails with it.
    MEDIASOUP_WORKER_BIN: 'skip',
    PUPPETEER_SKIP_DOWNLOAD: '1',
  };
  const install = (/** @type {string[]} */ ...args) =>
    withProgress(`installing the npm packages (npm ${args[0]})`, () =>
      run(npm, [...args, '--no-audit', '--no-fund', '--include=dev'], {
        cwd: CLONE_DIR,
        env,
        logFile,
        timeoutMs: INSTALL_AT_MOST_MS,
      }),
    );
  let result = await install('ci');
  if (result.output.includes('npm error code EUSAGE')) {
    // A lock file that was written behind a registry without some platforms' packages lacks their entries,
    // and npm ci refuses it. npm install takes the locked versions of all others and writes nothing back.
    say('npm ci refuses package-lock.json as incomplete; npm install takes the versions it does lock');
    result = await install('install', '--no-save');
  }
  if (result.status === 0) return;
  throw new SetupProblem(
    'NPM_FAILED',
    result.timedOut
      ? `npm did not end within ${INSTALL_AT_MOST_MS / 60_000} minutes.`
      : `npm failed:\n${lastLines(result.output, 12)}`,
    `Check that npm reaches its registry and that the disk has room, then run setup again. All of its output: ${logFile}`,
  );
}

/**
 * @param {{ force: boolean, logDir: string }} options
 */
export async function ensureNpmPackages({ force, logDir }) {
  const logFile = join(logDir, 'packages.log');
  const digest = packagesDigest();
  const isStamped = readIfThere(STAMP_FILE) === digest;
  if (!force && isStamped && isExecutable(NODE_24_BIN) && treeFollowsLock()) return;
  rmSync(STAMP_FILE, { force: true });
  if (force || !treeFollowsLock()) await installTree(logFile);
  else say('the npm packages are installed as package-lock.json says');
  await ensureNode24(logFile);
  writeFileSync(STAMP_FILE, digest);
}
