/** What real browsers saw, in a report that a real browser reads: pictures lie beside it and are found. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchChromium } from '../../server/page/testing/chromium.ts';
import { renderComparison, summarise } from '../index.ts';
import { type HandRow, joins, removeRun, writeHandRun } from '../testing/hand-log.ts';

/** One pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let chromium: Browser;
beforeAll(async () => {
  chromium = await launchChromium();
});
afterAll(() => chromium?.close());

const rows: HandRow[] = [
  [3_000, 'listener', 'page-loaded', 0, { value: 321 }],
  ...joins(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
  [5_080, 'listener', 'in', 0, { attempt: 1, room: 'main' }],
];

async function run(body: 'browser' | 'signal', pictures: readonly string[], id: string): Promise<string> {
  const runDir = await writeHandRun({ people: [{ intendedMs: 5_000, body }], rows, record: { id } });
  onTestFinished(() => removeRun(runDir));
  if (pictures.length > 0) mkdirSync(path.join(runDir, 'screens'));
  for (const name of pictures) writeFileSync(path.join(runDir, 'screens', name), PICTURE);
  await summarise(runDir);
  return runDir;
}

/** Of the section about browsers: its figures and its pictures; `width` 0 is a picture that was not found. */
async function read(folder: string) {
  const page = await chromium.newPage();
  const errors: string[] = [];
  page.on('console', (message) => errors.push(message.text()));
  await page.goto(pathToFileURL(path.join(folder, 'report.html')).href);
  const pictures = await page.evaluate(() =>
    Promise.all(
      [...document.querySelectorAll('img')].map(async (image) => {
        image.loading = 'eager';
        await image.decode().catch(() => {});
        return { alt: image.alt, width: image.naturalWidth };
      }),
    ),
  );
  const headings = await page.$$eval('h2', (all) => all.map((one) => one.textContent));
  const load = await page
    .$eval('[data-measure="browsers.pageLoadMs.p50"]', (cell) => cell.textContent)
    .catch(() => null);
  await page.close();
  return { pictures, hasSection: headings.includes('Browsers'), load, errors };
}

const SHOTS = ['01-surge-person-0.png', '02-dotcom-tweet-person-0.png'];
const SHOWN = [
  { alt: 'surge, person 0', width: 1 },
  { alt: 'dotcom-tweet, person 0', width: 1 },
];

test('figures and pictures of a run, and nothing else that lies there', async () => {
  const runDir = await run('browser', [...SHOTS, 'note.txt'], 'one');
  expect(await read(runDir)).toEqual({ pictures: SHOWN, hasSection: true, load: '321 ms', errors: [] });
});

test('a comparison finds the pictures in the folders of its runs', async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-comparison-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  await renderComparison(dir, [await run('browser', SHOTS, 'one'), await run('browser', [], 'two')], {
    ablation: null,
  });
  expect(await read(dir)).toMatchObject({ pictures: SHOWN, hasSection: true, errors: [] });
});

test('a run without browsers says nothing of them', async () => {
  expect(await read(await run('signal', [], 'one'))).toEqual({
    ...{ pictures: [], hasSection: false, load: null, errors: [] },
  });
});
