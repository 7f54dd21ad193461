/** A page in Chromium that can be driven: opened, asked for answers, looked at and closed, each wait with its bound. */
import type { Browser, BrowserContext, Page } from 'puppeteer';
import { PAGE, type PageOrders, TELL, toText } from './crossing.ts';
import { inTime } from './in-time.ts';
import { measureClock, type PageClock } from './page-clock.ts';

const LOAD_MS_MAX = 30_000;
const ANSWER_MS_MAX = 5_000;
const PICTURE_MS_MAX = 5_000;

type RoomPageOptions = {
  readonly browser: Browser;
  readonly url: string;
  /** The script of `in-page/`. */
  readonly script: string;
  /** BCP 47; null: the browser's own. */
  readonly locale: string | null;
  /** The page has told something. */
  readonly onReport: (text: string) => void;
  /** Its program ended, or it was closed. */
  readonly onCrash: (why: string) => void;
  /** An exception in it that nobody caught. */
  readonly onError: (error: unknown) => void;
};

export class RoomPage {
  readonly #options: RoomPageOptions;
  #context: BrowserContext | null = null;
  #page: Page | null = null;
  #isClosed = false;

  constructor(options: RoomPageOptions) {
    this.#options = options;
  }

  /**
   * Loads the page, in a context of its own: nobody shares a cache or a renderer.
   *
   * @returns its clock, when it can be driven.
   * @throws Error when it is not there, TooLateError when it takes half a minute.
   */
  load(): Promise<PageClock> {
    return inTime('loading the page', this.#open(), LOAD_MS_MAX);
  }

  async #open(): Promise<PageClock> {
    const { browser, url, script, locale, onReport, onCrash, onError } = this.#options;
    this.#context = await browser.createBrowserContext();
    if (this.#isClosed) this.close();
    const page = await this.#context.newPage();
    this.#page = page;
    page.on('error', (error) => onCrash(error.message));
    page.on('close', () => onCrash('the page was closed'));
    page.on('pageerror', onError);
    await page.exposeFunction(TELL, onReport);
    await page.evaluateOnNewDocument(script);
    await speak(page, locale);
    // A bar that moves for nobody is half of what a page costs; who wants less motion has none.
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    const response = await page.goto(url, { waitUntil: 'domcontentloaded', timeout: LOAD_MS_MAX });
    if (response?.ok() !== true) throw new Error(`expected a page at ${url}, got ${response?.status()}`);
    await page.evaluate(`${PAGE}.ready()`);
    return measureClock(page);
  }

  /** @throws TooLateError, as each of these, when the page does not answer within five seconds. */
  async begin(orders: PageOrders): Promise<void> {
    await this.#evaluate(`${PAGE}.begin(${JSON.stringify(toText(orders))})`);
  }

  /** Resolves when the last report has come. */
  async end(): Promise<void> {
    await this.#evaluate(`${PAGE}.end()`);
  }

  /** Is it there? */
  async answer(): Promise<void> {
    await this.#evaluate('0');
  }

  /** PNG. */
  async picture(): Promise<Uint8Array> {
    const session = await this.#page!.createCDPSession();
    const shot = session.send('Page.captureScreenshot', { format: 'png' });
    const { data } = await inTime('a picture', shot, PICTURE_MS_MAX);
    // The page may have gone in the meantime, and the session with it.
    session.detach().catch(() => {});
    return Buffer.from(data, 'base64');
  }

  /** Waits for nothing: a page that does not answer may not even close, and ends with the browser then. */
  close(): void {
    this.#isClosed = true;
    this.#context?.close().catch(() => {});
  }

  #evaluate(expression: string): Promise<unknown> {
    return inTime('an answer of the page', this.#page!.evaluate(expression), ANSWER_MS_MAX);
  }
}

/**
 * The language that the page is asked for in, and that its script sees. Chromium can do both at once, but only with a user
 * agent of our making, by which no page knows it for Chromium any more.
 */
async function speak(page: Page, locale: string | null): Promise<void> {
  if (locale === null) return;
  await page.setExtraHTTPHeaders({ 'accept-language': locale });
  const text = JSON.stringify(locale);
  await page.evaluateOnNewDocument(
    `Object.defineProperties(navigator, { language: { get: () => ${text} }, languages: { get: () => [${text}] } })`,
  );
}
