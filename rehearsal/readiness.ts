/** What this machine must have for the bodies of a night, each said before anything starts with what mends it. */
import { readFileSync } from 'node:fs';
import { NotReadyError, UsageError } from '../errors.ts';
import type { Setup } from '../setup/paths.ts';
import type { BodyName } from '../simulator/plan/bodies.ts';
import type { Fault } from './faults.ts';

/** Open files that a process needs beside one or two for each listener. */
const FILES_BESIDE = 200;
const BROWSERS_MAX = 64;

/**
 * Checks that the crowd can be carried out here.
 *
 * @param people of the whole plan.
 * @throws UsageError when a body cannot do what is asked; NotReadyError when something is missing.
 */
export function checkReady(
  people: number,
  counts: Readonly<Record<BodyName, number>>,
  faults: readonly Fault[],
  setup: Setup,
): void {
  checkOpenFiles(Math.max(2 * counts.webrtc, people));
  if (counts.rtp > 0 && setup.rtpSink === null) {
    throw new NotReadyError(
      'no-rtp-sink',
      `${counts.rtp} listeners of this night have the body rtp, whose sink could not be compiled here`,
      'npx roomrush doctor, which says what is missing; or --bodies without rtp',
    );
  }
  checkBrowsers(counts.browser, setup);
  if (counts.k6 > 0) checkK6(counts.k6, setup.k6, faults);
}

/**
 * Real pages are heavy, and there is one Chromium to run them.
 *
 * @throws UsageError when there are too many; NotReadyError when there is none.
 */
export function checkBrowsers(browsers: number, { chromium }: Setup): void {
  if (browsers > BROWSERS_MAX) {
    throw new UsageError(
      'too-many-browsers',
      `expected at most ${BROWSERS_MAX} browsers, got ${browsers}`,
      `each takes a twentieth of the crowd's core, and half a second of it to join: --bodies webrtc=1 has real audio for hundreds`,
    );
  }
  if (browsers > 0 && chromium === null) {
    throw new NotReadyError(
      'no-chromium',
      `${browsers} people of this night are real browsers, and no Chromium was found here`,
      'node setup/bootstrap.js test, which installs one; or ROOMRUSH_CHROMIUM=/path/to/chromium before it',
    );
  }
}

/** k6 must be there, and it has no way to cut a connection off without a word. */
function checkK6(people: number, k6: string | null, faults: readonly Fault[]): void {
  if (faults.some(({ kind }) => kind === 'cut')) {
    throw new UsageError(
      'cut-without-reset',
      `${people} listeners of this night are carried out by k6, which ends every connection with a closing handshake: it cannot cut one off`,
      'leave out --fault cut, or give those people another body',
    );
  }
  if (k6 === null) {
    throw new NotReadyError(
      'no-k6',
      `${people} listeners of this night have the body k6, and no k6 was found`,
      'node setup/bootstrap.js k6, which finds, downloads or builds it; or --bodies without k6',
    );
  }
}

/**
 * Says before the start when a process may not open as many files as the crowd needs. Node raises its soft
 * limit to the hard one by itself, so the hard limit is what counts.
 */
function checkOpenFiles(listeners: number): void {
  if (process.platform !== 'linux') return;
  const line = readFileSync('/proc/self/limits', 'utf8').match(/^Max open files\s+(\S+)\s+(\S+)/m);
  const hard = line?.[2] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line?.[2]);
  const needed = listeners + FILES_BESIDE;
  if (hard < needed) {
    throw new NotReadyError(
      'open-files',
      `this night needs ${needed} open files a process, and the limit here is ${hard}`,
      `ulimit -Hn ${needed} (as root; permanently in /etc/security/limits.conf), or a smaller --scale`,
    );
  }
}
