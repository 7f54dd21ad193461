/** A Chromium for the scripts that make pictures for the docs. */
import puppeteer, { type Page } from 'puppeteer';
import { NotReadyError } from '../errors.ts';
import { readSetup } from '../setup/paths.ts';

/** The pictures of the docs are as wide as this, and as high as what they show first. */
export const PICTURE_WIDTH_PX = 1_200;

/**
 * Hands over an empty page, and closes its browser whatever happens.
 *
 * @throws NotReadyError no-chromium.
 */
export async function withChromium(heightPx: number, work: (page: Page) => Promise<void>): Promise<void> {
  const { chromium } = readSetup();
  if (chromium === null)
    throw new NotReadyError('no-chromium', 'no Chromium was found', 'node setup/bootstrap.js test');
  const browser = await puppeteer.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: PICTURE_WIDTH_PX, height: heightPx });
    await work(page);
  } finally {
    await browser.close();
  }
}
