/** For tests: the live page in a real Chromium, looked at from outside. */
import type { Browser, Page } from 'puppeteer';
import { expect, onTestFinished } from 'vitest';
import { complaintsOf } from '../../../server/page/testing/chromium.ts';
import type { LiveFrame } from '../frames.ts';
import { livePageFiles } from '../page.ts';
import { type LiveStream, openLiveStream } from '../stream.ts';

/** A stream that was told these frames, on any free port unless one is given. */
export async function streamOf(frames: readonly LiveFrame[], port = 0): Promise<LiveStream> {
  const stream = await openLiveStream({ files: livePageFiles(), port });
  onTestFinished(() => stream.close());
  for (const frame of frames) stream.tell(frame);
  return stream;
}

export type Look = { readonly width?: number; readonly scheme?: 'light' | 'dark' };

export class WatchedPage {
  readonly page: Page;
  /** What went wrong in the page, or was forbidden by its policy. */
  readonly complaints: readonly string[];

  private constructor(page: Page) {
    this.page = page;
    // That a server is gone is what some tests are about.
    this.complaints = complaintsOf(page, /ERR_CONNECTION|ERR_INCOMPLETE|net::/);
  }

  static async open(browser: Browser, url: string, { width = 1_200, scheme = 'light' }: Look = {}) {
    const context = await browser.createBrowserContext();
    onTestFinished(() => context.close());
    const watched = new WatchedPage(await context.newPage());
    await watched.page.setViewport({ width, height: 900 });
    await watched.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await watched.page.goto(url);
    await watched.says('#link', 'live');
    return watched;
  }

  /** Once the page shows a night as it is at that second. */
  async shows(second: number): Promise<void> {
    await this.page.waitForFunction(
      (ms) => document.documentElement.dataset['shownMs'] === ms,
      {},
      String(1000 * second),
    );
  }

  async says(selector: string, text: string): Promise<void> {
    await this.page.waitForFunction(
      (where, words) => document.querySelector(where)?.textContent?.includes(words),
      {},
      selector,
      text,
    );
  }

  /** Opens the table behind a figure. */
  async open(figure: string): Promise<void> {
    await this.page.$eval(`${figure} summary`, (summary) => (summary as HTMLElement).click());
  }

  text(selector: string): Promise<string> {
    return this.page.$eval(selector, (element) => element.textContent ?? '');
  }

  visibleText(): Promise<string> {
    // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not said
    return this.page.$eval('main', (main) => main.innerText);
  }

  attribute(selector: string, name: string): Promise<string | null> {
    return this.page.$eval(selector, (element, of) => element.getAttribute(of), name);
  }

  /** Dots of exactly that colour in each column of a figure's chart; a legend of one line is left out. */
  columns(figure: string, colour: string): Promise<readonly number[]> {
    return this.page.$eval(
      `#${figure} canvas`,
      (element, wanted) => {
        const canvas = element as HTMLCanvasElement;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(wanted.slice(at, at + 2), 16));
        const dots = new Array<number>(canvas.width).fill(0);
        const legendPx = 60;
        for (let at = 0; at < data.length - 4 * canvas.width * legendPx; at += 4)
          if (data[at] === red && data[at + 1] === green && data[at + 2] === blue)
            dots[(at / 4) % canvas.width]!++;
        return dots;
      },
      colour,
    );
  }

  /** All that the page says and draws, as one text. */
  everything(): Promise<string> {
    return this.page.evaluate(() => {
      const canvases = [...document.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL());
      const labels = [...document.querySelectorAll('[aria-label]')].map((one) =>
        one.getAttribute('aria-label'),
      );
      const said = document.querySelector('main')!.cloneNode(true) as HTMLElement;
      said.querySelector('#news')!.remove();
      return [said.textContent, ...labels, ...canvases].join('\n');
    });
  }

  expectNoComplaints(): void {
    expect(this.complaints).toEqual([]);
  }
}
