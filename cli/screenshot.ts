/** `npm run screenshot -- <report.html> <picture.png>`: the top of a report as a picture, for the docs. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer';
import { NotReadyError, UsageError } from '../errors.ts';
import { readSetup } from '../setup/paths.ts';
import { failWith } from './ending.ts';

try {
  const [report, picture] = process.argv.slice(2);
  if (report === undefined || picture === undefined) {
    throw new UsageError(
      'bad-screenshot',
      'expected a report and a picture',
      'npm run screenshot -- runs/…/report.html docs/images/comparison.png',
    );
  }
  const { chromium } = readSetup();
  if (chromium === null)
    throw new NotReadyError('no-chromium', 'no Chromium was found', 'node setup/bootstrap.js test');
  const browser = await puppeteer.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1200, height: 1400 });
    await page.goto(pathToFileURL(path.resolve(report)).href, { waitUntil: 'networkidle0' });
    await page.screenshot({ path: picture as `${string}.png` });
  } finally {
    await browser.close();
  }
} catch (error) {
  failWith(error);
}
