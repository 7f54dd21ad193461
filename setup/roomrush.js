#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { prepare } from './prepare.js';
import { CLONE_DIR, isExecutable, NODE_24_BIN } from './tools/places.js';
import { EXIT } from './tools/problem.js';

/**
 * The `roomrush` command. It runs on any Node from 18 on, makes sure that the clone is set up, and hands
 * over to the command line proper, which needs Node 24.
 */

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGWINCH', 'SIGCONT']);
const args = process.argv.slice(2);

/** @returns {string} a Node that runs TypeScript as it is */
function nodeToRunOn() {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 24 ? process.execPath : NODE_24_BIN;
}

/**
 * Runs the command line in a session of its own. Ctrl-C on a terminal then reaches only this process, as
 * `kill` does, and so each signal reaches the child exactly once, whichever way it came.
 * @returns {Promise<number>} the exit code
 */
function handOver() {
  const child = spawn(nodeToRunOn(), [join(CLONE_DIR, 'cli/main.ts'), ...args], {
    stdio: 'inherit',
    detached: true,
  });
  let interrupted = false;
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      if (signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP') interrupted = true;
      child.kill(signal);
    });
  }
  // Ctrl-Z has to stop both, or the shell would come back while the night goes on behind it.
  process.on('SIGTSTP', () => {
    child.kill('SIGSTOP');
    process.kill(process.pid, 'SIGSTOP');
  });
  return new Promise((done) => {
    child.once('error', (error) => {
      process.stderr.write(`roomrush: Node 24 could not be started: ${error.message}\n`);
      process.stderr.write('  node setup/bootstrap.js start --force\n');
      done(EXIT.notReady);
    });
    child.once('exit', (code, signal) => {
      if (code !== null) return done(code);
      if (interrupted) return done(EXIT.interrupted);
      process.stderr.write(`roomrush: ended by ${signal}\n`);
      done(128 + constants.signals[signal ?? 'SIGTERM']);
    });
  });
}

const notReady = await prepare({ purpose: 'start', force: false });
// The doctor is there to say what is missing, so it gets its turn as soon as it can run at all.
const canStillExamine = args[0] === 'doctor' && notReady === EXIT.notReady && isExecutable(NODE_24_BIN);
process.exitCode = notReady === EXIT.ok || canStillExamine ? await handOver() : notReady;
