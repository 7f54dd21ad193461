/**
 * The one Chromium of a process, with a profile of its own. It is spoken to over a pipe, so it ends when this process
 * does, however that comes about.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import { NotReadyError } from '../../../errors.ts';
import { inTime } from './in-time.ts';

const START_MS_MAX = 30_000;
const CLOSE_MS_MAX = 5_000;
/** Nobody waits for an answer of the browser as long as this; each wait has its own bound. */
const PROTOCOL_MS_MAX = 60_000;

const FLAGS = [
  // Root, as in a container, may not use the sandbox; the only pages that are opened are the target's.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--mute-audio',
  '--autoplay-policy=no-user-gesture-required',
  '--no-first-run',
  '--disable-crash-reporter',
  // On loopback there may be no other address to connect from.
  '--allow-loopback-in-peer-connection',
];

export type Chromium = {
  readonly browser: Browser;
  /** Ends it and everything that it started, and removes its profile. Never throws. */
  close(): Promise<void>;
};

/** @throws NotReadyError when the program does not start. */
export async function startChromium(program: string): Promise<Chromium> {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'roomrush-chromium-'));
  const removeProfile = () =>
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  let browser: Browser;
  try {
    browser = await puppeteer.launch({
      executablePath: program,
      pipe: true,
      userDataDir: profile,
      args: FLAGS,
      defaultViewport: { width: 960, height: 720 },
      timeout: START_MS_MAX,
      protocolTimeout: PROTOCOL_MS_MAX,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    removeProfile();
    throw new NotReadyError(
      'chromium-does-not-start',
      `${program} was to start and did not: ${error instanceof Error ? error.message : error}`,
      'ROOMRUSH_CHROMIUM=/path/to/another node setup/bootstrap.js test',
    );
  }
  const group = browser.process()?.pid;
  return {
    browser,
    async close() {
      // Whether it ends by itself or not, what is left of it goes next: a page that hangs outlives its browser.
      await inTime('closing Chromium', browser.close(), CLOSE_MS_MAX).catch(() => {});
      if (group !== undefined) killGroup(group);
      removeProfile();
    },
  };
}

/** Chromium leads a process group of its own. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody is left in it.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
