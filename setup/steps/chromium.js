import { join, resolve } from 'node:path';
import process from 'node:process';
import { distribution, ensurePackages } from '../tools/distribution.js';
import { findOnPath, isExecutable } from '../tools/places.js';
import { SetupProblem } from '../tools/problem.js';

/** Finds a Chromium for the listeners that are real browser pages, or installs the distribution's. */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const MAC_PATH = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * @returns {string | null}
 * @throws {SetupProblem} when ROOMRUSH_CHROMIUM names something else than a program
 */
export function findChromium() {
  const named = process.env['ROOMRUSH_CHROMIUM'];
  if (named) {
    if (isExecutable(named)) return resolve(named);
    throw new SetupProblem(
      'CHROMIUM_NOT_THERE',
      `Expected ROOMRUSH_CHROMIUM to name a program; ${named} is none.`,
      'Set it to a Chromium, or unset it to have one looked for.',
    );
  }
  return findOnPath(NAMES) ?? (isExecutable(MAC_PATH) ? MAC_PATH : null);
}

/**
 * @param {{ logDir: string }} options
 * @returns {Promise<string>}
 */
export async function ensureChromium({ logDir }) {
  const found = findChromium();
  if (found) return found;
  // Ubuntu's package of that name is an empty one that asks for a snap.
  if (distribution().id !== 'ubuntu')
    await ensurePackages(['chromium'], 'to run a browser', join(logDir, 'apt.log'));
  const installed = findChromium();
  if (installed) return installed;
  throw new SetupProblem(
    'NO_CHROMIUM',
    `Expected one of ${NAMES.join(', ')} on PATH; none is there.`,
    'Install Chromium or Chrome, or set ROOMRUSH_CHROMIUM to the path of one.',
  );
}
