/** The report in a real browser: charts are drawn, figures are those of summary.json, and nothing is fetched. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, violationsOf } from '../../server/page/testing/chromium.ts';
import { renderComparison, summarise } from '../index.ts';
import { valueAt } from '../measures/paths.ts';
import type { Summary } from '../summary-schema.ts';
import { removeRun, smallNight, writeHandRun } from '../testing/hand-log.ts';
import { coloursOf, openReport as openIn } from '../testing/report-page.ts';
import { COLLAPSING, HOLDING, syntheticNight, syntheticSeconds } from '../testing/synthetic-night.ts';
import { intervalText } from './objectives.ts';

const TITLE = 'A <script>document.title="broken"</script> night & "more"';
const runDirs: string[] = [];
const summaries: Summary[] = [];
let comparison: string;
let browser: Browser;

beforeAll(async () => {
  const scenario = smallNight({
    title: TITLE,
    incumbents: { count: 12, model: { kind: 'even' } },
    waves: [{ id: 'inside', moment: 'reveal', count: 120, overMs: 9_000, model: { kind: 'even' } }],
  });
  for (const [profile, manner] of [
    ['clubhouse-2021', COLLAPSING],
    ['guarded', HOLDING],
  ] as const) {
    const { people, rows } = syntheticNight(scenario, 3, manner);
    const runDir = await writeHandRun({
      scenario,
      people,
      rows: [...syntheticSeconds(scenario, manner), ...rows],
      healthy: false,
      record: {
        id: profile,
        profile,
        features: {},
        policy: profile === 'guarded' ? 'waiting-room' : 'cap-soft',
      },
    });
    runDirs.push(runDir);
    summaries.push(await summarise(runDir));
  }
  comparison = mkdtempSync(path.join(os.tmpdir(), 'roomrush-comparison-'));
  await renderComparison(comparison, runDirs, { ablation: null });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  for (const runDir of runDirs) removeRun(runDir);
  if (comparison !== undefined) rmSync(comparison, { recursive: true, force: true });
});

const openReport = (folder: string, width?: number) => openIn(browser, folder, width);

test('the comparison: every chart is drawn, nothing is fetched, nothing goes wrong', async () => {
  const { page, requests, errors } = await openReport(comparison);
  const colours = await coloursOf(page);
  expect(Object.keys(colours)).toEqual([
    ...['crowd-0', 'crowd-1', 'losses-0', 'causes', 'comebacks', 'join-curve', 'phases'],
    ...['rooms-1', 'inside-loss', 'inside-gap', 'load-0', 'load-1'],
  ]);
  for (const [id, count] of Object.entries(colours)) expect([id, count > 10]).toEqual([id, true]);
  expect(requests).toEqual([]);
  expect(errors).toEqual([]);
  await page.close();
});

test('every figure on the page is the one of summary.json', async () => {
  const { page } = await openReport(comparison);
  const figures = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-measure]')].map(({ dataset, textContent }) => ({
      measure: dataset['measure']!,
      run: dataset['run']!,
      value: dataset['value']!,
      text: textContent,
    })),
  );
  expect(figures.length).toBeGreaterThan(100);
  for (const { measure, run, value, text } of figures) {
    const summary = summaries.find((one) => one.run.id === run)!;
    expect([measure, value]).toEqual([measure, String(valueAt(summary, measure))]);
    if (measure === 'ejections.involuntary')
      expect(text).toBe(summary.ejections.involuntary.toLocaleString('en-US'));
  }
  expect(new Set(figures.map(({ measure }) => measure))).toContain('ejections.stranded');
  await page.close();
});

test('every check of each run is on the page, with what it found', async () => {
  const { page } = await openReport(comparison);
  const found = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-oracle]')].map(({ dataset }) => [
      dataset['run'],
      dataset['oracle'],
      Number(dataset['violations']),
    ]),
  );
  const expected = summaries.flatMap(({ run, oracles }) =>
    oracles.map(({ name, violations }) => [run.id, name, violations]),
  );
  expect(found.sort()).toEqual(expected.sort());
  await page.close();
});

test('an objective has its interval beside it, and names whom it was broken by', async () => {
  const { page } = await openReport(comparison);
  const objectives = summaries.flatMap(({ run, verdict }) =>
    verdict.objectives.map((one) => ({ run, ...one })),
  );
  const textOf = (kind: string, run: string, id: string) =>
    page.$eval(`[data-${kind}="${id}"][data-run="${run}"]`, (element) => element.textContent);
  const withInterval = objectives.filter(({ interval }) => interval !== null);
  const broken = objectives.filter(({ pass, brokenBy }) => pass === false && brokenBy.count > 0);
  expect([withInterval.length > 0, broken.length > 0]).toEqual([true, true]);
  for (const objective of withInterval) {
    const text = await textOf('objective', objective.run.id, objective.id);
    expect(text).toContain(`${intervalText(objective)} within this run`);
  }
  for (const { run, id, brokenBy } of broken) {
    const text = await textOf('broken', run.id, id);
    for (const { name, personId } of brokenBy.listeners) expect(text).toContain(`${name} #${personId}`);
  }
  const [worst] = broken[0]!.brokenBy.listeners;
  expect(await page.$eval('details code', (code) => code.textContent)).toBe(
    `npx roomrush report <run folder> --listener ${worst!.personId}`,
  );
  await page.close();
});

test('axe finds nothing wrong in a comparison, in either theme', async () => {
  const { page } = await openReport(comparison);
  await page.$$eval('details', (all) => {
    for (const details of all) details.open = true;
  });
  for (const value of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
    expect(await violationsOf(page)).toEqual([]);
  }
  await page.close();
});

test("a night's title is text, whatever it holds", async () => {
  const { page, errors } = await openReport(comparison);
  expect(await page.$eval('h1', (heading) => heading.textContent)).toBe(TITLE);
  expect(await page.title()).toContain(TITLE);
  expect(errors).toEqual([]);
  await page.close();
});

test('one run has a report of its own, which fits a phone', async () => {
  const { page, errors } = await openReport(runDirs[0]!, 390);
  const colours = await coloursOf(page);
  expect(Object.keys(colours)).toEqual([
    ...['crowd-0', 'losses-0', 'comebacks', 'join-curve', 'phases', 'inside-loss', 'inside-gap', 'load-0'],
  ]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(errors).toEqual([]);
  await page.close();
});

test('where nobody was thrown out, no chart is empty', async () => {
  const { page, errors } = await openReport(runDirs[1]!);
  const colours = await coloursOf(page);
  expect(Object.keys(colours)).toEqual([
    ...['crowd-0', 'join-curve', 'phases', 'rooms-0', 'inside-loss', 'inside-gap', 'load-0'],
  ]);
  expect(await page.$eval('main', (main) => main.textContent)).toContain('Nobody was thrown out');
  expect(errors).toEqual([]);
  await page.close();
});

test('the report draws in the colours that the reader asks for', async () => {
  const { page } = await openReport(comparison);
  const background = () => page.$eval('body', (body) => getComputedStyle(body).backgroundColor);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  const light = await background();
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
  expect(await background()).not.toBe(light);
  for (const count of Object.values(await coloursOf(page))) expect(count).toBeGreaterThan(10);
  await page.close();
});

test('the page says what it must, and is small', () => {
  const file = path.join(comparison, 'report.html');
  const text = readFileSync(file, 'utf8');
  for (const words of [
    'network time, loss and distance are excluded',
    'square of scale',
    'What nobody knows',
    'How many people tried to join either night',
    'npx roomrush compare',
    'assumption',
  ]) {
    expect(text).toContain(words);
  }
  expect(statSync(file).size).toBeLessThan(3_000_000);
});

test('comparison.json holds the summaries as they are', () => {
  const { schema, runs } = JSON.parse(readFileSync(path.join(comparison, 'comparison.json'), 'utf8'));
  expect(schema).toBe('roomrush/comparison@3');
  expect(runs.map(({ name }: { name: string }) => name)).toEqual(['clubhouse-2021', 'guarded']);
  expect(runs.map(({ summary }: { summary: Summary }) => summary)).toEqual(summaries);
});
