/** The live page as it is served: three files, made once a process. */
import { readFileSync } from 'node:fs';
import { bundleForBrowser } from '../../browser-script.ts';
import { stylesOf } from '../../reports/render/styles.ts';
import type { PageFile } from './stream.ts';

let made: readonly PageFile[] | null = null;

/** @throws Error of esbuild when a source is missing or wrong. */
export function livePageFiles(): readonly PageFile[] {
  made ??= [
    file('/', 'text/html', readFileSync(new URL('./page/index.html', import.meta.url), 'utf8')),
    file('/page.css', 'text/css', stylesOf(new URL('./page/style.css', import.meta.url))),
    file('/page.js', 'text/javascript', bundleForBrowser(new URL('./page/main.ts', import.meta.url))),
  ];
  return made;
}

function file(path: string, type: string, text: string): PageFile {
  return { path, type: `${type}; charset=utf-8`, body: Buffer.from(text) };
}
