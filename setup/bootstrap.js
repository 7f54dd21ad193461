#!/usr/bin/env node
import process from 'node:process';
import { prepare } from './prepare.js';
import { EXIT } from './tools/problem.js';

/**
 * The command line of setup, which npm runs before `npm start` and `npm test`. Plain JavaScript without a
 * dependency, for any Node from 18 on: it is what installs the dependencies and the newer Node.
 */

const HELP = `Usage: node setup/bootstrap.js <start|test|k6> [--force]

Makes this clone ready, and does nothing when it is.

  start     what a night needs: npm packages, Node 24, the media worker, the packet meter
  test      the same, and a k6, a Chromium and a Prometheus, which the tests use
  k6        what a night needs, and a k6 for \`roomrush run --driver k6\`
  --force   install and build everything again
  --help    this text

Environment:
  ROOMRUSH_CACHE_DIR     where built parts are kept (otherwise in roomrush under XDG_CACHE_HOME or ~/.cache)
  MEDIASOUP_WORKER_BIN   a mediasoup worker to use in place of a downloaded or built one
  ROOMRUSH_CHROMIUM      a Chromium to use in place of the one on PATH
  ROOMRUSH_PROMETHEUS    a folder with a prometheus and a promtool to use in place of those on PATH
  ROOMRUSH_K6_RELEASES   where k6's releases are mirrored, if not to be had from their own place
  ROOMRUSH_K6            a k6 of version 1.0 or newer to use in place of the one found, downloaded or built

Exit codes: 0 ready, 1 a defect, 2 wrong use, 5 the machine lacks something (it says what), 130 interrupted.
`;

const args = process.argv.slice(2);
const force = args.includes('--force');
const purposes = args.filter((arg) => arg !== '--force');
const [purpose] = purposes;

if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(HELP);
} else if (purposes.length === 1 && (purpose === 'start' || purpose === 'test' || purpose === 'k6')) {
  process.exitCode = await prepare({ purpose, force });
} else {
  const unknown = purposes.find((arg) => !['start', 'test', 'k6'].includes(arg));
  const what =
    unknown === undefined ? 'Expected `start`, `test` or `k6`, one of them.' : `Unknown argument: ${unknown}`;
  process.stderr.write(`setup: ${what}\n\n${HELP}`);
  process.exitCode = EXIT.usage;
}
