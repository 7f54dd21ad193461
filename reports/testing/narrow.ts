/** For tests: whether a page fits a telephone. */
import type { Page } from 'puppeteer';
import { expect } from 'vitest';

/** As wide as the smallest telephone in use. */
const NARROW_PX = 320;

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
