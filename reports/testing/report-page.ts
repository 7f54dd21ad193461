/** For tests: a report in a real browser, which may fetch nothing. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer';

type OpenReport = {
  readonly page: Page;
  /** Whatever the page asked for beside itself. */
  readonly requests: readonly string[];
  /** Whatever went wrong in it, or was said on its console. */
  readonly errors: readonly string[];
};

/** Opens the report of a folder as a reader without a network does. */
export async function openReport(browser: Browser, folder: string, width = 1_200): Promise<OpenReport> {
  const page = await browser.newPage();
  const requests: string[] = [];
  const errors: string[] = [];
  const address = pathToFileURL(path.join(folder, 'report.html')).href;
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => errors.push(message.text()));
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (request.url() === address || request.url().startsWith('data:')) {
      void request.continue();
      return;
    }
    requests.push(request.url());
    void request.abort();
  });
  await page.setOfflineMode(true);
  await page.setViewport({ width, height: 900 });
  await page.goto(address);
  await page.waitForSelector('html[data-charts]');
  return { page, requests, errors };
}

/** How many different colours a canvas shows; a blank one shows one. */
export function coloursOf(page: Page): Promise<Record<string, number>> {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('canvas')].map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return [canvas.id, new Set(new Uint32Array(data.buffer)).size];
      }),
    ),
  );
}

/** Share of a canvas that is of a colour such as `#d55e00`, by its id. */
export function colourShare(page: Page, id: string, colour: string): Promise<number> {
  return page.evaluate(
    (canvasId, wanted) => {
      const canvas = document.getElementById(canvasId) as HTMLCanvasElement;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const channels = [1, 3, 5].map((at) => Number.parseInt(wanted.slice(at, at + 2), 16));
      let same = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (channels.every((channel, nth) => Math.abs(data[at + nth]! - channel) <= 2)) same++;
      }
      return same / (data.length / 4);
    },
    id,
    colour,
  );
}
