/** The report as a reader has it: without a network, by keyboard and screen reader, in both themes, on a phone, on paper. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'puppeteer';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchChromium, violationsOf } from '../../server/page/testing/chromium.ts';
import { summarise } from '../index.ts';
import { causeColour, STATE_COLOUR } from '../palette.ts';
import { removeRun, smallNight, writeHandRun } from '../testing/hand-log.ts';
import { colourShare, coloursOf, openReport } from '../testing/report-page.ts';
import { expectLikeSnapshot, pictureOf, unlikeShare } from '../testing/snapshots.ts';
import { COLLAPSING, syntheticNight, syntheticSeconds } from '../testing/synthetic-night.ts';

const SIZE_MAX_BYTES = 3_000_000;
let browser: Browser;
let runDir: string;

function nightOf(title: string) {
  return smallNight({
    title,
    moments: [
      { id: 'reveal', afterSurgeStartMs: 0, title: 'ضيف لم ينتظره أحد' },
      { id: 'tweet', afterSurgeStartMs: 4_000, title: '<img src=x onerror=alert(1)>' },
    ],
    incumbents: { count: 12, model: { kind: 'even' } },
    waves: [{ id: 'inside', moment: 'reveal', count: 120, overMs: 9_000, model: { kind: 'even' } }],
  });
}

async function collapsingRun(title: string): Promise<string> {
  const scenario = nightOf(title);
  const { people, rows } = syntheticNight(scenario, 3, COLLAPSING);
  const dir = await writeHandRun({
    scenario,
    people: people.map((person, nth) => ({
      ...person,
      name: nth % 2 === 0 ? `<script>document.title="${nth}"</script>` : `مريم ${nth}`,
    })),
    rows: [...syntheticSeconds(scenario, COLLAPSING), ...rows],
    healthy: false,
    record: { id: 'collapsing', profile: 'clubhouse-2021', policy: 'cap-soft', features: {} },
  });
  await summarise(dir);
  return dir;
}

beforeAll(async () => {
  runDir = await collapsingRun('ليلة صغيرة');
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  if (runDir !== undefined) removeRun(runDir);
});

async function open(folder = runDir, width?: number) {
  const opened = await openReport(browser, folder, width);
  onTestFinished(() => opened.page.close());
  return opened;
}

const theme = (page: Page, value: 'light' | 'dark') =>
  page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);

test('one file under 3 MB that asks for nothing, and whose sections tell the night in order', async () => {
  const { page, requests, errors } = await open();
  expect(statSync(path.join(runDir, 'report.html')).size).toBeLessThan(SIZE_MAX_BYTES);
  const sections = await page.$$eval('main > section', (all) => all.map(({ id }) => id));
  expect(sections).toEqual([
    ...['verdict', 'night', 'promises', 'thrown-out', 'waits', 'origins', 'overflow', 'inside'],
    ...['server-time', 'cost', 'knee', 'trust', 'reproduce', 'figures'],
  ]);
  const links = await page.$$eval('nav a', (all) => all.map((link) => link.getAttribute('href')));
  expect(links).toEqual(sections.map((id) => `#${id}`));
  expect([requests, errors]).toEqual([[], []]);
});

test('charts show the colours of what they count, and a table with the same stands behind each', async () => {
  const { page } = await open();
  expect(await colourShare(page, 'crowd-0', STATE_COLOUR.ejected)).toBeGreaterThan(0.02);
  expect(await colourShare(page, 'losses-0', causeColour('pong-timeout'))).toBeGreaterThan(0.01);
  expect(await colourShare(page, 'load-0', '#0072b2')).toBeGreaterThan(0.05);
  const figures = await page.$$eval('figure:has(canvas)', (all) =>
    all.map((figure) => ({
      rows: figure.querySelectorAll('details table tbody tr').length,
      label: figure.querySelector('canvas')!.getAttribute('aria-label') ?? '',
      caption: figure.querySelector('figcaption')!.textContent,
    })),
  );
  expect(figures).toHaveLength(8);
  for (const { rows, label, caption } of figures) {
    expect(rows).toBeGreaterThan(2);
    expect(caption).toContain(label.replace(/\. The figures are in a table below\.$/, ''));
  }
  const { ejections } = JSON.parse(readFileSync(path.join(runDir, 'summary.json'), 'utf8'));
  const lost = await page.$eval('figure:has(#losses-0) tbody', (body) =>
    [...body.querySelectorAll('td')].reduce((sum, cell) => sum + Number(cell.textContent), 0),
  );
  expect(lost).toBe(ejections.involuntary);
});

test.each(['light', 'dark'] as const)('axe finds nothing wrong in the %s theme', async (value) => {
  const { page } = await open();
  await theme(page, value);
  await page.$$eval('details', (all) => {
    for (const details of all) details.open = true;
  });
  expect(await violationsOf(page)).toEqual([]);
});

test('names and titles in any script are text, and turn nothing around them', async () => {
  const { page, errors } = await open();
  expect(await page.title()).toMatch(/^ليلة صغيرة: clubhouse-2021 /);
  expect(await page.$eval('h1', (heading) => getComputedStyle(heading).direction)).toBe('rtl');
  expect(await page.$$eval('main img, main script', (all) => all.length)).toBe(0);
  expect(await page.$$eval('.moments bdi', (all) => all.map(({ textContent }) => textContent))).toEqual([
    'ضيف لم ينتظره أحد',
    '<img src=x onerror=alert(1)>',
  ]);
  expect(errors).toEqual([]);
});

test('at 320 px nothing but a table scrolls sideways, and the keyboard reaches what scrolls', async () => {
  const { page } = await open(runDir, 320);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  const unreachable = await page.$$eval(
    '.scroll, pre',
    (all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth && (one as HTMLElement).tabIndex !== 0).length,
  );
  expect(unreachable).toBe(0);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#verdict');
});

test('on paper: light, opened, drawn in ink, and put back afterwards', async () => {
  const { page } = await open();
  const drawn = () =>
    page.evaluate(() => {
      const canvas = document.getElementById('load-0') as HTMLCanvasElement;
      return canvas.toDataURL();
    });
  const light = await drawn();
  await theme(page, 'dark');
  // The page hears of the theme a little later.
  await expect.poll(async () => (await drawn()) === light).toBe(false);
  const dark = await drawn();
  const closed = await page.$$eval('details', (all) => all.filter(({ open }) => !open).length);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  const behind = await page.$$eval('details.behind', (all) => all.filter(({ open }) => open).length);
  const other = await page.$$eval('details:not(.behind)', (all) => all.filter(({ open }) => !open).length);
  expect([behind, other]).toEqual([0, 0]);
  expect((await drawn()) === dark).toBe(false);
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  expect(await page.$$eval('details', (all) => all.filter(({ open }) => !open).length)).toBe(closed);
  await expect.poll(async () => (await drawn()) === dark).toBe(true);
  await page.emulateMediaType('print');
  expect(await page.$eval('body', (body) => getComputedStyle(body).backgroundColor)).toBe(
    'rgb(255, 255, 255)',
  );
  await page.emulateMediaType('screen');
  const pdf = Buffer.from(await page.pdf({ format: 'A4' }));
  expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(3);
});

test('the beginning and the charts look as they were kept', async () => {
  const scene = await collapsingRun('A small night');
  onTestFinished(() => removeRun(scene));
  const { page } = await open(scene);
  for (const value of ['light', 'dark'] as const) {
    await theme(page, value);
    const only = (shown: string) =>
      page.evaluate((selector) => {
        const hidden = document.createElement('style');
        hidden.id = 'only';
        document.getElementById('only')?.remove();
        hidden.textContent = selector;
        document.head.append(hidden);
      }, shown);
    await only('main > section:not(#verdict, #night), footer { display: none }');
    await expectLikeSnapshot(page, new URL(`../testing/snapshots/report-top-${value}.png`, import.meta.url));
    await only(
      'header, nav, footer, #verdict, section:not(:has(canvas)), section > :not(figure, .grid), figcaption, .note, details { display: none } section { margin: 0 !important }',
    );
    await expectLikeSnapshot(
      page,
      new URL(`../testing/snapshots/report-charts-${value}.png`, import.meta.url),
    );
  }
  const before = await pictureOf(page);
  await page.$eval('#load-0', (canvas) => {
    (canvas as HTMLCanvasElement).style.visibility = 'hidden';
  });
  // The comparison is one that sees a chart go.
  expect(await unlikeShare(page, before, await pictureOf(page))).toBeGreaterThan(0.02);
});

test('a night to which nobody came', async () => {
  const empty = await writeHandRun({ people: [], rows: [] });
  onTestFinished(() => removeRun(empty));
  await summarise(empty);
  const { page, errors } = await open(empty);
  expect(Object.keys(await coloursOf(page))).toEqual(['crowd-0']);
  const text = await page.$eval('main', (main) => main.textContent);
  for (const words of [
    'Nobody was thrown out, so nobody had to come back',
    'Nobody arrived in the surge, so nobody waited',
    'On guarded nobody was inside when the surge began',
    'what 1,000 listeners cost cannot be told from this night',
  ]) {
    expect(text).toContain(words);
  }
  expect(await violationsOf(page)).toEqual([]);
  expect(errors).toEqual([]);
});

test('half of a run says which half is missing', async () => {
  const scenario = nightOf('Half a night');
  const { people, rows } = syntheticNight(scenario, 3, COLLAPSING);
  const half = await writeHandRun({
    scenario,
    people,
    rows: [...syntheticSeconds(scenario, COLLAPSING), ...rows].filter(
      ([ms, side, type]) => side === 'listener' && ms < 9_000 && type !== 'media',
    ),
    healthy: false,
    record: { status: 'running' },
  });
  onTestFinished(() => removeRun(half));
  await summarise(half);
  const { page } = await open(half);
  const missing = await page.$$eval('#verdict .doubts li', (all) =>
    all.map(({ textContent }) => textContent),
  );
  expect(missing).toEqual([
    'guarded: the run is partial: the night never started',
    "guarded: the run is partial: the server's side of the log is missing",
    'guarded: the run was killed, or is still on: it is told as far as its log goes',
    "guarded: figures of the server: the server's side of the log is missing",
    expect.stringMatching(/^guarded: \d+ of \d+ planned people: the log does not say that they set out$/),
    'guarded: what those already inside heard: nobody counted their packets',
  ]);
  expect(await page.$eval('#verdict .badge', (badge) => badge.textContent)).toContain('void');
});

test('pictures of browsers become part of the file; those that are too large are named', async () => {
  const dir = await writeHandRun({
    people: [{ intendedMs: 5_000, body: 'browser' }],
    rows: [[5_000, 'listener', 'arrive', 0, { value: 0 }]],
  });
  onTestFinished(() => removeRun(dir));
  mkdirSync(path.join(dir, 'screens'));
  for (const [nth, bytes] of [290_000, 310_000, 1_000].entries()) {
    writeFileSync(path.join(dir, 'screens', `0${nth}-surge-person-0.png`), Buffer.alloc(bytes));
  }
  await summarise(dir);
  const page = readFileSync(path.join(dir, 'report.html'), 'utf8');
  expect(page.match(/<img src="data:image\/png;base64,/g)).toHaveLength(2);
  expect(page).toContain('it lies beside it: <code>screens/01-surge-person-0.png</code>');
  expect(page).toContain('pictures that are too large for this file: screens/01-surge-person-0.png');
});
