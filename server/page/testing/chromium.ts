/** For tests: a real Chromium, what a page in it complains of, and what axe finds wrong with it. */
import { readFileSync } from 'node:fs';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { expect } from 'vitest';
import { readSetup } from '../../../setup/paths.ts';

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

export function launchChromium(): Promise<Browser> {
  const { chromium } = readSetup();
  if (chromium === null) throw new Error('expected a Chromium: node setup/bootstrap.js test installs one');
  return puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox'] });
}

/**
 * What goes wrong in the page from now on, or is forbidden by its policy; the list grows.
 *
 * @param expected what its console may say: what some tests are about.
 */
export function complaintsOf(page: Page, expected: RegExp): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}

/** What axe finds wrong, as `rule: element`. @param where a part of the page; absent: all of it. */
export async function violationsOf(page: Page, where = ':root'): Promise<string[]> {
  // Not as a script in the page, which its content policy would refuse.
  await page.evaluate(AXE);
  return page.evaluate(async (selector) => {
    type Found = {
      readonly violations: { readonly id: string; readonly nodes: { readonly html: string }[] }[];
    };
    const { axe } = window as unknown as { axe: { run(where: string): Promise<Found> } };
    const { violations } = await axe.run(selector);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  }, where);
}

/** axe finds nothing wrong, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const value of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
    expect(await violationsOf(page), value).toEqual([]);
  }
}
