/**
 * Visual snapshots: a picture of a page is kept in the repository, reduced to a quarter, and what the page looks like
 * later may differ from it in two cells of a hundred.
 *
 *     await expectLikeSnapshot(page, new URL('./testing/snapshots/report-light.png', import.meta.url));
 *
 * The page has a fixed width and fixed data. `UPDATE_SNAPSHOTS=1 npx vitest run <file>` keeps what is seen. Machines have
 * different fonts, so that the picture is taken with every text in a monospaced one, whose letters are equally wide
 * nearly everywhere, and compared as blurred cells: what counts is where things are, and in which colours. A chart that
 * is missing is seen; a line that is a little lower is not. Where it fails, the error says where the new picture lies.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer';

/** Side of the square of the page that becomes one dot of the kept picture. */
const CELL_PX = 4;

/** Two dots are unlike when one of their colours differs by more, of 255, after each was blurred with its neighbours. */
const CHANNEL_DIFFERENCE_MAX = 32;

const UNLIKE_SHARE_MAX = 0.02;

/** No motion, no caret, and letters that are equally wide on most machines. */
const STILL =
  '*, ::before, ::after { font-family: monospace !important; animation: none !important; transition: none !important; caret-color: transparent !important; }';

/**
 * The whole page looks as it was kept.
 *
 * @param file the kept picture; written when UPDATE_SNAPSHOTS is 1.
 * @throws Error that names the share of the page which is unlike and where the new picture lies.
 */
export async function expectLikeSnapshot(page: Page, file: URL): Promise<void> {
  const name = path.basename(fileURLToPath(file));
  const seen = await pictureOf(page);
  if (process.env['UPDATE_SNAPSHOTS'] === '1') {
    mkdirSync(new URL('./', file), { recursive: true });
    writeFileSync(file, seen);
    return;
  }
  const share = await unlikeShare(page, seen, keptPicture(file));
  if (share <= UNLIKE_SHARE_MAX) return;
  const beside = path.join(mkdtempSync(path.join(os.tmpdir(), 'roomrush-snapshot-')), name);
  writeFileSync(beside, seen);
  throw new Error(
    `expected the page to look like ${name}; ${(100 * share).toFixed(1)} % of it is unlike, ` +
      `${100 * UNLIKE_SHARE_MAX} % may be. What was seen: ${beside}. UPDATE_SNAPSHOTS=1 keeps it.`,
  );
}

/** The whole page as a PNG, each dot the mean of a cell. */
export async function pictureOf(page: Page): Promise<Buffer> {
  await page.evaluate(async (css) => {
    // A sheet of the page's own content policy would be refused as an element; not so as an object.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets.push(sheet);
    // Charts follow their boxes a frame later.
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  }, STILL);
  const picture = await page.screenshot({ fullPage: true, encoding: 'base64' });
  await page.evaluate(() => {
    document.adoptedStyleSheets.pop();
  });
  return inBlankPage(page, (blank) => blank.evaluate(reduced, picture, CELL_PX));
}

/** Share of two reduced pictures that is unlike; where one is larger, what only it has is unlike. */
export async function unlikeShare(page: Page, one: Buffer, other: Buffer): Promise<number> {
  const [first, second] = [one.toString('base64'), other.toString('base64')];
  const blank = await page.browser().newPage();
  try {
    return await blank.evaluate(compared, first, second, CHANNEL_DIFFERENCE_MAX);
  } finally {
    await blank.close();
  }
}

function keptPicture(file: URL): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`expected a kept picture at ${fileURLToPath(file)}: UPDATE_SNAPSHOTS=1 makes it`, {
      cause: error,
    });
  }
}

/** The page under test may forbid what reading a picture needs. */
async function inBlankPage(page: Page, make: (blank: Page) => Promise<string>): Promise<Buffer> {
  const blank = await page.browser().newPage();
  try {
    return Buffer.from(await make(blank), 'base64');
  } finally {
    await blank.close();
  }
}

/** Runs in a page: a PNG in base64 to a smaller one. */
async function reduced(png: string, cellPx: number): Promise<string> {
  const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const { width, height } = bitmap;
  const whole = new OffscreenCanvas(width, height).getContext('2d')!;
  whole.drawImage(bitmap, 0, 0);
  const from = whole.getImageData(0, 0, width, height).data;
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width / cellPx);
  canvas.height = Math.ceil(height / cellPx);
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let row = 0; row < canvas.height; row++) {
    for (let column = 0; column < canvas.width; column++) {
      const sums = [0, 0, 0];
      let count = 0;
      for (let y = row * cellPx; y < Math.min(height, (row + 1) * cellPx); y++) {
        for (let x = column * cellPx; x < Math.min(width, (column + 1) * cellPx); x++) {
          for (let channel = 0; channel < 3; channel++)
            sums[channel]! += from[4 * (y * width + x) + channel]!;
          count++;
        }
      }
      const at = 4 * (row * canvas.width + column);
      for (let channel = 0; channel < 3; channel++) image.data[at + channel] = sums[channel]! / count;
      image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL('image/png').split(',')[1]!;
}

/** Runs in a page: the share of dots that are unlike. */
async function compared(one: string, other: string, differenceMax: number): Promise<number> {
  const [first, second] = await Promise.all(
    [one, other].map(async (png) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
      const { width, height } = bitmap;
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, width, height);
    }),
  );
  const { width, height } = {
    width: Math.max(first!.width, second!.width),
    height: Math.max(first!.height, second!.height),
  };
  const blurred = (image: ImageData, column: number, row: number, channel: number): number => {
    let sum = 0;
    let count = 0;
    for (let y = Math.max(0, row - 1); y <= Math.min(image.height - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(image.width - 1, column + 1); x++) {
        sum += image.data[4 * (y * image.width + x) + channel]!;
        count++;
      }
    }
    return sum / count;
  };
  const has = (image: ImageData, column: number, row: number) => column < image.width && row < image.height;
  let unlike = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const isInBoth = has(first!, column, row) && has(second!, column, row);
      const isLike =
        isInBoth &&
        [0, 1, 2].every(
          (channel) =>
            Math.abs(blurred(first!, column, row, channel) - blurred(second!, column, row, channel)) <=
            differenceMax,
        );
      if (!isLike) unlike++;
    }
  }
  return unlike / (width * height);
}
