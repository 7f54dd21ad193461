/** For tests: a person's page in Chromium against a server. */
import type { Browser, Page } from 'puppeteer';
import { expect, onTestFinished } from 'vitest';
import type { Scene } from '../room.ts';
import { complaintsOf, expectAccessible } from './chromium.ts';

declare global {
  interface Window {
    /** `first connected`, `second connected`, `first closed`: the transports that carried audio, in order. */
    transports: string[];
  }
}

/** Runs in the page, before its own script. */
function noteTransports(): void {
  window.transports = [];
  const names = ['first', 'second'];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    #name: string | undefined;
    constructor(...parameters: ConstructorParameters<typeof RTCPeerConnection>) {
      super(...parameters);
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState !== 'connected') return;
        this.#name = names.shift();
        window.transports.push(`${this.#name} connected`);
      });
    }
    override close(): void {
      if (this.#name !== undefined) window.transports.push(`${this.#name} closed`);
      super.close();
    }
  };
}

/** One tab of one person; a person's tabs share nothing but the browser's name for them. */
export class RoomPage {
  readonly page: Page;
  /** What went wrong in the page, or was forbidden by its policy. */
  readonly complaints: readonly string[];

  private constructor(page: Page) {
    this.page = page;
    this.complaints = complaintsOf(page, /ERR_CONNECTION_REFUSED|WebSocket/);
  }

  static async open(browser: Browser, port: number): Promise<RoomPage> {
    const context = await browser.createBrowserContext();
    onTestFinished(() => context.close());
    return RoomPage.openIn(await context.newPage(), port);
  }

  static async openIn(page: Page, port: number): Promise<RoomPage> {
    const room = new RoomPage(page);
    await page.evaluateOnNewDocument(noteTransports);
    await page.setViewport({ width: 375, height: 760 });
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction(() => document.querySelectorAll('#rooms li').length > 0);
    return room;
  }

  async join(name: string): Promise<void> {
    await this.page.$eval(
      '#name',
      (input, text) => {
        (input as HTMLInputElement).value = text;
      },
      name,
    );
    await this.page.click('#join button');
  }

  async scene(scene: Scene): Promise<void> {
    await this.page.waitForSelector(`main[data-scene=${scene}]`);
  }

  /** The host can be heard. */
  async hears(): Promise<void> {
    await this.page.waitForSelector('#sound[data-sound=audible]');
  }

  async press(selector: string): Promise<void> {
    await this.page.$eval(selector, (element) => (element as HTMLElement).click());
  }

  text(selector: string): Promise<string> {
    return this.page.$eval(selector, (element) => element.textContent ?? '');
  }

  /** Once an element says this. */
  async says(selector: string, text: string): Promise<void> {
    await this.page.waitForFunction(
      (where, words) => document.querySelector(where)?.textContent?.includes(words),
      {},
      selector,
      text,
    );
  }

  /** axe finds nothing, light and dark, and nothing is wider than a small telephone. */
  async isAccessible(): Promise<void> {
    await this.page.setViewport({ width: 320, height: 640 });
    expect(await this.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await expectAccessible(this.page);
  }
}
