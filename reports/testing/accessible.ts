/** For tests: what axe finds wrong with a page, and whether it fits a telephone. */
import { readFileSync } from 'node:fs';
import type { Page } from 'puppeteer';
import { expect } from 'vitest';

const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** As wide as the smallest telephone in use. */
const NARROW_PX = 320;

type AxeViolation = { readonly id: string; readonly nodes: readonly { readonly html: string }[] };

/** axe finds nothing wrong, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  // Not as a script in the page, which its content policy would refuse.
  await page.evaluate(AXE);
  for (const value of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
    const found = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } };
      const { violations } = await axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(found, value).toEqual([]);
  }
}

/** Nothing in the page is wider than a small telephone. */
export async function expectNarrow(page: Page): Promise<void> {
  await page.setViewport({ width: NARROW_PX, height: 640 });
  const width = await page.evaluate(async () => {
    // Charts follow their boxes a frame later.
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    return document.documentElement.scrollWidth;
  });
  expect(width).toBeLessThanOrEqual(NARROW_PX);
}
