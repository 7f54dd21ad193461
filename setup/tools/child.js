import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { Interrupted } from './problem.js';

/**
 * Runs programs so that Ctrl-C ends all of them. Each gets a process group of its own, because npm, ninja
 * and apt start further processes and a group can be ended as one.
 */

const OUTPUT_KEPT_CHARACTERS = 64 * 1024;
const GRACE_BEFORE_KILL_MS = 3_000;

/** @type {Set<number>} the process groups that are running */
const groups = new Set();
let interrupted = false;

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment; the parent's when left out
 * @property {string} [logFile] gets everything the program writes
 * @property {(line: string) => void} [onLine]
 * @property {number} timeoutMs every wait has an end
 */

/**
 * @typedef {object} RunResult
 * @property {number | null} status the exit status; 127 when the program could not be started, null when a
 *   signal ended it
 * @property {string} output the end of what it wrote, both streams
 * @property {boolean} timedOut
 */

/** @param {number} group @param {NodeJS.Signals} signal */
function signalGroup(group, signal) {
  try {
    process.kill(-group, signal);
  } catch (error) {
    // The group ended between our look and the signal: what was wanted has happened.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** Ends every running program; the second call does not wait for them to tidy up. */
export function interruptAll() {
  const signal = interrupted ? 'SIGKILL' : 'SIGTERM';
  interrupted = true;
  for (const group of groups) signalGroup(group, signal);
  setTimeout(() => {
    for (const group of groups) signalGroup(group, 'SIGKILL');
  }, GRACE_BEFORE_KILL_MS).unref();
}

/** Throws when Ctrl-C came: called between two pieces of work that start no program. */
export function stopIfInterrupted() {
  if (interrupted) throw new Interrupted();
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<RunResult>}
 * @throws {Interrupted} when setup was interrupted before or while the program ran
 */
export async function run(command, args, options) {
  stopIfInterrupted();
  const { logFile } = options;
  if (logFile) {
    mkdirSync(dirname(logFile), { recursive: true });
    writeFileSync(logFile, `$ ${[command, ...args].join(' ')}\n`, { flag: 'a' });
  }
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  let output = '';
  let unfinishedLine = '';
  let timedOut = false;
  const take = (/** @type {string} */ text) => {
    output = (output + text).slice(-OUTPUT_KEPT_CHARACTERS);
    if (logFile) appendFileSync(logFile, text);
    if (!options.onLine) return;
    const lines = (unfinishedLine + text).split('\n');
    unfinishedLine = lines.pop() ?? '';
    for (const line of lines) options.onLine(line);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const timer = setTimeout(() => {
    timedOut = true;
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
  }, options.timeoutMs);
  /** @type {number | null} */
  const status = await new Promise((done) => {
    child.once('error', (error) => {
      take(`${error.message}\n`);
      done(127);
    });
    child.once('close', (code) => done(code));
  });
  clearTimeout(timer);
  if (pid !== undefined) groups.delete(pid);
  stopIfInterrupted();
  return { status, output, timedOut };
}

/**
 * @param {string} output
 * @param {number} count
 * @returns {string} its last lines, indented for a message
 */
export function lastLines(output, count) {
  return output
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map((line) => `  | ${line}`)
    .join('\n');
}
