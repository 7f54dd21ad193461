/** A report on paper: `report.html` as A4 pages, printed by Chromium without a network. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer';
import { NotReadyError } from '../../errors.ts';
import { html } from './html.ts';

const START_MS_MAX = 30_000;
/** To load and draw the page, and to print it: a large report takes a few seconds. */
const STEP_MS_MAX = 60_000;
const CLOSE_MS_MAX = 5_000;
/** A4 between its margins, in CSS pixels (96 an inch): charts are drawn as wide as they will be printed. */
const MARGIN_MM = 14;
const PRINTED_PX = Math.round(((210 - 2 * MARGIN_MM) / 25.4) * 96);

export type PdfOptions = {
  readonly report: string;
  /** Where it goes. */
  readonly pdf: string;
  /** Stands at the foot of each page. */
  readonly name: string;
  /** The browser's program; null: there is none. */
  readonly chromium: string | null;
  /** Bound on loading and drawing the page, and on printing it; absent: one that large reports fit into. */
  readonly stepMsMax?: number;
};

/** @throws NotReadyError with what to do when there is no browser to print with. */
export function requireChromium(chromium: string | null): string {
  if (chromium !== null) return chromium;
  throw new NotReadyError(
    'no-chromium',
    'a PDF is printed by Chromium, and none was found',
    'node setup/bootstrap.js test finds or installs one; report.html can be printed by any browser',
  );
}

/**
 * Prints a report. The browser is closed whatever happens, and what was there before stays when printing fails.
 *
 * @throws NotReadyError when there is no browser, it does not start, or it does not print in time.
 */
export async function writePdf(options: PdfOptions): Promise<void> {
  const { report, pdf, name, chromium, stepMsMax = STEP_MS_MAX } = options;
  const browser = await launch(requireChromium(chromium));
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(stepMsMax);
    await open(page, report);
    writeWhole(pdf, await print(page, name, stepMsMax));
  } catch (error) {
    if (!isOfPrinting(error)) throw error;
    throw new NotReadyError(
      'not-printed',
      `${report} was to be printed, and Chromium did not: ${(error as Error).message}`,
      'report.html itself is whole: any browser can print it',
    );
  } finally {
    await close(browser);
  }
}

async function launch(program: string): Promise<Browser> {
  // Loading it takes as long as a small report, and only a PDF needs it.
  const { default: puppeteer } = await import('puppeteer');
  try {
    return await puppeteer.launch({
      executablePath: program,
      pipe: true,
      // Root, as in a container, may not use the sandbox; the only page that is opened is our own.
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
      defaultViewport: { width: PRINTED_PX, height: 1000, deviceScaleFactor: 2 },
      timeout: START_MS_MAX,
      protocolTimeout: STEP_MS_MAX,
    });
  } catch (error) {
    throw new NotReadyError(
      'chromium-does-not-start',
      `${program} was to start and did not: ${(error as Error).message}`,
      'ROOMRUSH_CHROMIUM=/path/to/another node setup/bootstrap.js test',
    );
  }
}

/** Charts take their colours from what the reader asks for: paper is light. */
async function open(page: Page, report: string): Promise<void> {
  await page.setOfflineMode(true);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  await page.goto(pathToFileURL(path.resolve(report)).href, { waitUntil: 'load' });
  await page.waitForSelector('html[data-charts]');
}

function print(page: Page, name: string, timeout: number): Promise<Uint8Array> {
  const style = `font: 8px system-ui, sans-serif; color: #5c6166; width: 100%; margin: 0 ${MARGIN_MM}mm; display: flex; justify-content: space-between`;
  const margin = `${MARGIN_MM}mm`;
  return page.pdf({
    format: 'A4',
    printBackground: true,
    displayHeaderFooter: true,
    headerTemplate: '<span></span>',
    footerTemplate:
      html`<div style="${style}"><bdi style="max-width: 85%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap">${name}</bdi><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>`
        .html,
    margin: { top: margin, right: margin, bottom: '18mm', left: margin },
    timeout,
  });
}

/** A time that ran out, or a browser that went away; anything else is a defect of ours, or of the disk. */
function isOfPrinting(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(TimeoutError|ProtocolError|TargetCloseError|ConnectionClosedError)$/.test(error.name)
  );
}

/** One that does not close in time is killed. */
async function close(browser: Browser): Promise<void> {
  const late = setTimeout(() => browser.process()?.kill('SIGKILL'), CLOSE_MS_MAX);
  try {
    await browser.close();
  } finally {
    clearTimeout(late);
  }
}

function writeWhole(file: string, content: Uint8Array): void {
  const part = `${file}.part`;
  try {
    writeFileSync(part, content);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
