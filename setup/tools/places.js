import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemCode } from './problem.js';

/** Where things lie: the clone, the cache outside it, and tools on PATH. */

export const CLONE_DIR = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const MODULES_DIR = join(CLONE_DIR, 'node_modules');
export const NODE_24_BIN = join(MODULES_DIR, 'node/bin/node');
export const RECIPE_DIR = join(CLONE_DIR, 'setup/worker');
export const BODIES_DIR = join(CLONE_DIR, 'simulator/bodies');
/** What setup found, read by the TypeScript code through setup/paths.ts. */
export const SETUP_FILE = join(MODULES_DIR, '.roomrush-setup.json');

/** The cache is outside the clone because `npm ci` empties node_modules and a worker takes minutes to build. */
export function cacheDir() {
  const own = process.env['ROOMRUSH_CACHE_DIR'];
  if (own) return resolve(own);
  const xdg = process.env['XDG_CACHE_HOME'];
  return join(xdg ? resolve(xdg) : join(homedir(), '.cache'), 'roomrush');
}

/** @param {string} path */
export function isFile(path) {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    if (!isFile(path)) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    // The program or, where PATH names somebody else's folder, the folder is closed to this user.
    if (systemCode(error) === 'EACCES') return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {string | null} the file's text, null when there is no such file
 */
export function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Looks the names up on PATH without starting a process, which is what keeps the second run fast.
 * @param {readonly string[]} names in order of preference
 * @returns {string | null} an absolute path
 */
export function findOnPath(names) {
  for (const name of names) {
    const [first] = findAllOnPath(name);
    if (first) return first;
  }
  return null;
}

/**
 * @param {string} name
 * @returns {string[]} absolute paths of all programs of that name on PATH, first ones first
 */
export function findAllOnPath(name) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => resolve(folder, name)).filter(isExecutable);
}

/** @returns {string | null} the C compiler, null when there is none */
export function findCompiler() {
  return findOnPath(['cc', 'gcc', 'clang']);
}
