/** `npm run screenshot -- <report.html> <picture.png>`: the top of a report as a picture, for the docs. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../errors.ts';
import { withChromium } from './chromium.ts';
import { failWith } from './ending.ts';

const HEIGHT_PX = 1_400;

try {
  const [report, picture] = process.argv.slice(2);
  if (report === undefined || picture === undefined) {
    throw new UsageError(
      'bad-screenshot',
      'expected a report and a picture',
      'npm run screenshot -- runs/…/report.html docs/images/comparison.png',
    );
  }
  await withChromium(HEIGHT_PX, async (page) => {
    await page.goto(pathToFileURL(path.resolve(report)).href, { waitUntil: 'networkidle0' });
    await page.screenshot({ path: picture as `${string}.png` });
  });
} catch (error) {
  failWith(error);
}
