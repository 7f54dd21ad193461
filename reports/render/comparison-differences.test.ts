/** Two made-up nights laid side by side, in a real browser: every difference on the page is the one of comparison.json. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, violationsOf } from '../../server/page/testing/chromium.ts';
import type { BuildsCompared } from '../comparison/builds-schema.ts';
import { meanWords } from '../comparison/builds-words.ts';
import { signed } from '../comparison/words.ts';
import { renderComparison, summarise } from '../index.ts';
import { PLACE_COLOUR } from '../palette.ts';
import { removeRun, smallNight, writeHandRun } from '../testing/hand-log.ts';
import { colourShare } from '../testing/report-page.ts';
import { expectLikeSnapshot } from '../testing/snapshots.ts';
import { COLLAPSING, HOLDING, syntheticNight, syntheticSeconds } from '../testing/synthetic-night.ts';

const runDirs: string[] = [];
let dir: string;
let builds: BuildsCompared;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const scenario = smallNight({
    incumbents: { count: 60, model: { kind: 'even' } },
    waves: [{ id: 'inside', moment: 'reveal', count: 400, overMs: 9_900, model: { kind: 'even' } }],
  });
  for (const [profile, policy, manner] of [
    ['clubhouse-2021', 'cap-soft', COLLAPSING],
    ['guarded', 'waiting-room', HOLDING],
  ] as const) {
    const { people, rows } = syntheticNight(scenario, 3, manner);
    const runDir = await writeHandRun({
      ...{ scenario, people, healthy: false },
      rows: [...syntheticSeconds(scenario, manner), ...rows],
      record: { id: profile, profile, policy, features: {} },
    });
    runDirs.push(runDir);
    await summarise(runDir);
  }
  dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-differences-'));
  builds = (await renderComparison(dir, runDirs, { ablation: null })).builds!;
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(pathToFileURL(path.join(dir, 'report.html')).href);
  await page.waitForSelector('html[data-charts]');
});

afterAll(async () => {
  await browser?.close();
  for (const runDir of runDirs) removeRun(runDir);
  if (dir !== undefined) rmSync(dir, { recursive: true, force: true });
});

test('the choice leads, and the contents lead to it', async () => {
  expect(builds.choice).toHaveLength(1);
  expect(builds.choice[0]).toMatch(/^guarded rather than clubhouse-2021: 0 seats lost against \d+; /);
  const lead = await page.$eval('#differences .lead', ({ textContent }) => textContent);
  expect(lead).toBe(builds.choice[0]);
  expect(await page.$$eval('nav a[href="#differences"]', (links) => links.length)).toBe(1);
});

test('every figure and difference is on the page; those that tell nothing apart are folded', async () => {
  const rows = await page.$$eval('[data-difference]', (all) =>
    all.map((row) => ({
      path: (row as HTMLElement).dataset['difference']!,
      cells: [...row.querySelectorAll('td')].map((cell) => cell.firstChild!.textContent),
      isFolded: row.closest('details') !== null,
    })),
  );
  expect(rows).toHaveLength(builds.measures.length);
  for (const { path: measured, cells, isFolded } of rows) {
    const measure = builds.measures.find((one) => one.path === measured)!;
    const [naive, guarded] = measure.byBuild.map(({ mean }) => meanWords(measure, mean));
    const { mean, finding } = measure.differences[0]!;
    expect([measured, ...cells]).toEqual([
      measured,
      naive,
      guarded,
      mean === null ? '–' : signed(mean, measure.unit),
    ]);
    expect([measured, isFolded]).toEqual([measured, finding !== 'lower' && finding !== 'higher']);
  }
});

test.each(['light', 'dark'])('axe finds nothing in the section, %s', async (value) => {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
  await page.$eval('#differences details', (details) => {
    details.open = true;
  });
  expect(await violationsOf(page, '#differences')).toEqual([]);
});

test('where people sat is drawn for the run that had overflow, and said of the other', async () => {
  const drawn = await page.$$eval('#overflow canvas', (all) => all.map(({ id }) => id));
  expect(drawn).toEqual(['rooms-1']);
  expect(await colourShare(page, 'rooms-1', PLACE_COLOUR.overflow)).toBeGreaterThan(0.02);
  const leads = await page.$$eval('#overflow .lead', (all) => all.map(({ textContent }) => textContent));
  expect(leads[0]).toBe('clubhouse-2021 opened no overflow room.');
});

test.each(['light', 'dark'] as const)('two runs side by side look as they were kept, %s', async (value) => {
  const opened = await browser.newPage();
  await opened.setViewport({ width: 1_200, height: 900 });
  await opened.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
  await opened.goto(pathToFileURL(path.join(dir, 'report.html')).href);
  await opened.waitForSelector('html[data-charts]');
  for (const [name, shown] of [
    ['differences', '#verdict, #differences'],
    ['night', '#night, #overflow'],
  ] as const) {
    await opened.evaluate((selector) => {
      const hidden = document.createElement('style');
      hidden.id = 'only';
      document.getElementById('only')?.remove();
      hidden.textContent = selector;
      document.head.append(hidden);
    }, `header, nav, footer, main > section:not(${shown}) { display: none }`);
    await expectLikeSnapshot(
      opened,
      new URL(`../testing/snapshots/comparison-${name}-${value}.png`, import.meta.url),
    );
  }
  await opened.close();
});
