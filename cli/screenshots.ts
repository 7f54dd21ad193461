/**
 * `npm run screenshots`: the pictures of the docs, made of a real night. The naive build plays the Zuckerberg night, two
 * minutes long; the live page is taken while the server collapses, and the report when it is written.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'puppeteer';
import { EXIT, RoomrushError } from '../errors.ts';
import { findScenario } from '../scenarios/index.ts';
import { nightTimes } from '../scenarios/schema.ts';
import { PICTURE_WIDTH_PX, withChromium } from './chromium.ts';
import { failWith } from './ending.ts';

const NIGHT = 'zuckerberg';
const SCALE = 1;
const TIME_SCALE = 1;
/** In lengths of the surge, from its start: late enough for what comes of it to be seen. */
const SURGE_SHARE = 1.2;
/** What it takes to load the page and draw all that was. */
const LOAD_MS = 2_000;
const HEIGHT_PX = 1_400;
/** The live picture ends with the part of the page that has this, and a margin. */
const LAST_SHOWN = '#losses';
const MARGIN_PX = 24;
const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));

try {
  const scenario = await findScenario(NIGHT);
  const { surgeStartMs, surgeEndMs } = nightTimes(scenario);
  const surgeMs = TIME_SCALE * (surgeEndMs - surgeStartMs);
  // A browser that starts in the midst of a night, or draws beside all of it, takes what the night needs: it is there
  // before, opens the page late, and is told everything.
  await withChromium(HEIGHT_PX, async (page) => {
    const night = playNight();
    try {
      const url = after('live: ', await night.line((line) => line.startsWith('live: ')));
      await night.line((line) => line.includes(scenario.moments[0]!.title));
      await delay(SURGE_SHARE * surgeMs - LOAD_MS);
      await takeLive(page, url, TIME_SCALE * surgeStartMs + SURGE_SHARE * surgeMs);
      await page.goto('about:blank');
      const report = after('report: ', await night.line((line) => line.startsWith('report: ')));
      await night.ended;
      await page.goto(pathToFileURL(path.resolve(report)).href, { waitUntil: 'networkidle0' });
      await page.screenshot({ path: path.join(IMAGES, 'report.png') as `${string}.png` });
    } finally {
      night.child.kill('SIGTERM');
    }
  });
  process.stdout.write('docs/images/live.png\ndocs/images/report.png\n');
} catch (error) {
  failWith(error);
}

async function takeLive(page: Page, url: string, atMs: number): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(
    (ms) => Number(document.documentElement.dataset['shownMs'] ?? 0) >= ms,
    {},
    atMs,
  );
  const bottom = await page.$eval(
    LAST_SHOWN,
    (part) => part.closest('section')!.getBoundingClientRect().bottom,
  );
  await page.screenshot({
    path: path.join(IMAGES, 'live.png') as `${string}.png`,
    clip: { x: 0, y: 0, width: PICTURE_WIDTH_PX, height: Math.ceil(bottom) + MARGIN_PX },
  });
}

function after(prefix: string, line: string): string {
  return line.slice(prefix.length).trim();
}

type PlayedNight = {
  readonly child: ChildProcess;
  /** Resolves with the first line that is wanted, once it was printed. */
  readonly line: (isWanted: (line: string) => boolean) => Promise<string>;
  readonly ended: Promise<void>;
};

function playNight(): PlayedNight {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const args = ['run', NIGHT, '--profile', 'clubhouse-2021', '--scale', SCALE, '--time-scale', TIME_SCALE];
  const child = spawn(process.execPath, [main, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const read = createInterface({ input: child.stdout });
  read.on('line', (line) => {
    lines.push(line);
    process.stderr.write(`${line}\n`);
  });
  const ended = once(child, 'close').then(([code]) => {
    // What its audience went through is what the pictures show: a failed objective is no failure here.
    if (code !== EXIT.ok && code !== EXIT.failed && code !== EXIT.void)
      throw new RoomrushError('no-night', `the night ended with ${code}`, 'its own words are above');
  });
  // Whoever waits for a line or for the end is told.
  ended.catch(() => {});
  return {
    child,
    ended,
    async line(isWanted) {
      for (;;) {
        const found = lines.find(isWanted);
        if (found !== undefined) return found;
        const more = await Promise.race([once(read, 'line'), ended.then(() => null)]);
        if (more === null && !lines.some(isWanted))
          throw new RoomrushError(
            'no-line',
            'the night ended without a line that it always says',
            'its words are above',
          );
      }
    },
  };
}
