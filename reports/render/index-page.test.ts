/** The list of runs in a real browser: everything is in it, it sorts, and whatever stands in it is text. */
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible, launchChromium } from '../../server/page/testing/chromium.ts';
import { listFolder } from '../listing/list-folder.ts';
import { fullFolder, HOSTILE, type RunsFolder } from '../listing/testing/runs-folder.ts';
import { writeIndex } from '../listing/write-index.ts';
import { expectLikeSnapshot } from '../testing/snapshots.ts';

let runs: RunsFolder;
let browser: Browser;
beforeAll(async () => {
  runs = await fullFolder();
  writeIndex(runs.dir);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  runs?.remove();
});

async function openIndex(width = 1_200) {
  const page = await browser.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  const address = pathToFileURL(`${runs.dir}/index.html`).href;
  page.on('request', (request) => {
    if (request.url() !== address) requests.push(request.url());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => errors.push(message.text()));
  await page.setViewport({ width, height: 900 });
  await page.goto(address);
  await page.waitForSelector('html[data-sortable]');
  return { page, requests, errors };
}

const foldersOn = (page: Page) =>
  page.$$eval('tbody tr', (rows) => rows.map((row) => row.dataset['folder']!));

test('a row for everything that lies there, and nothing is fetched', async () => {
  const { page, requests, errors } = await openIndex();
  expect(await foldersOn(page)).toEqual(listFolder(runs.dir).entries.map(({ folder }) => folder));
  const cells = await page.$eval('tr[data-folder="first"]', (row) =>
    [...row.cells].map(({ textContent }) => textContent),
  );
  expect(cells).toEqual([
    '2021-02-01 22:00',
    'run',
    'A small night',
    '✓ pass',
    'guarded, waiting-room',
    '1',
    '1',
    '1',
    'first',
  ]);
  expect(requests).toEqual([]);
  expect(errors).toEqual([]);
  await page.close();
});

test('a heading sorts, and once more the other way; what has no value stays last', async () => {
  const { page } = await openIndex();
  const seeds = () => page.$$eval('tbody tr', (rows) => rows.map((row) => row.cells[5]!.dataset['sort']!));
  const press = (title: string) =>
    page.$$eval(
      'thead button',
      (buttons, wanted) => buttons.find(({ textContent }) => textContent === wanted)!.click(),
      title,
    );
  const sorting = () => page.$$eval('thead th', (heads) => heads.map((head) => head.ariaSort));
  await press('Seed');
  expect(await seeds()).toEqual(['1', '1', '1', '1', '7', '11', '', '']);
  expect((await sorting()).filter((one) => one !== null)).toEqual(['ascending']);
  await press('Seed');
  expect(await seeds()).toEqual(['11', '7', '1', '1', '1', '1', '', '']);
  expect((await sorting()).filter((one) => one !== null)).toEqual(['descending']);
  await press('Folder');
  expect((await foldersOn(page))[1]).toBe('capacity');
  await page.close();
});

test('a name that is a script is text, and its link leads to its report', async () => {
  const { page, errors } = await openIndex();
  const folder = HOSTILE.replaceAll('/', '-');
  expect(await page.title()).toBe('Runs – roomrush');
  const row = await page.$$eval(
    'tbody tr',
    (rows, wanted) => {
      const found = rows.find((one) => one.dataset['folder'] === wanted)!;
      return [found.cells[2]!.textContent, found.querySelector('a')!.href];
    },
    folder,
  );
  expect(row[0]).toBe(HOSTILE);
  await page.goto(row[1]!);
  expect(await page.$eval('h1', (heading) => heading.textContent)).toBe(HOSTILE);
  expect(errors).toEqual([]);
  await page.close();
});

test.each(['light', 'dark'] as const)('it looks as it was kept, %s', async (value) => {
  const { page } = await openIndex();
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
  await expectLikeSnapshot(page, new URL(`../testing/snapshots/index-${value}.png`, import.meta.url));
  await page.close();
});

test('axe finds nothing, light and dark, and it fits a small telephone', async () => {
  const { page } = await openIndex(320);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  // Why a verdict came about is folded until it is asked for, and is looked at too.
  await page.$$eval('details', (all) => {
    for (const one of all) one.open = true;
  });
  await expectAccessible(page);
  await page.close();
});
