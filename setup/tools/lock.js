import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { stopIfInterrupted } from './child.js';
import { readIfThere } from './places.js';
import { SetupProblem, systemCode } from './problem.js';
import { say } from './progress.js';

/**
 * One setup at a time for each lock file. The file names its owner by process id and start time, so that a
 * process id that was given out again after a crash or a reboot is not taken for the owner.
 */

const LOOK_EVERY_MS = 200;
const WAIT_AT_MOST_MS = 60 * 60 * 1000;

/**
 * @param {number} pid
 * @returns {string} when it started, in the kernel's ticks; empty where /proc does not tell (macOS)
 */
function startTimeOf(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The second field is the program's name and may hold spaces; the start time is the 20th after it.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** @param {string} owner a lock file's content: process id and start time */
function isAlive(owner) {
  const [pidText = '', startTime = ''] = owner.trim().split(' ');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM means that it runs and belongs to somebody else.
    if (systemCode(error) === 'ESRCH') return false;
    if (systemCode(error) !== 'EPERM') throw error;
  }
  return startTime === startTimeOf(pid);
}

/**
 * A hard link makes the lock appear with its content in it, so nobody ever reads a half-written owner.
 * @param {string} path
 * @param {string} owner
 */
function tryToTake(path, owner) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, owner);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/**
 * Moves a dead owner's lock away. Two waiters may both see it dead; the slower one can then have moved the
 * faster one's new lock, which it notices by the content and puts back.
 * @param {string} path
 * @param {string} deadOwner
 */
function removeStale(path, deadOwner) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') !== deadOwner) linkSync(aside, path);
  rmSync(aside);
}

/**
 * @template T
 * @param {string} path
 * @param {string} what what the lock guards, for the message of the one who waits
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, what, work) {
  mkdirSync(dirname(path), { recursive: true });
  const owner = `${process.pid} ${startTimeOf(process.pid)}\n`;
  const startedMs = Date.now();
  let told = '';
  while (!tryToTake(path, owner)) {
    stopIfInterrupted();
    const other = readIfThere(path);
    if (other === null) continue;
    if (!isAlive(other)) {
      removeStale(path, other);
      continue;
    }
    if (Date.now() - startedMs > WAIT_AT_MOST_MS) {
      throw new SetupProblem(
        'LOCK_HELD',
        `Another setup (process ${other.split(' ')[0]}) has held ${path} for an hour.`,
        'End that process, or wait for it, and run setup again.',
      );
    }
    if (told !== other) {
      told = other;
      say(`another setup (process ${other.split(' ')[0]}) is at work on ${what}; waiting for it`);
    }
    await wait(LOOK_EVERY_MS);
  }
  try {
    return await work();
  } finally {
    if (readIfThere(path) === owner) rmSync(path);
  }
}
