/** The style of a page as one text: the inks that all pages share, and its own files after them. */
import { readFileSync } from 'node:fs';

const INKS = new URL('./inks.css', import.meta.url);

export function stylesOf(...own: readonly URL[]): string {
  return [INKS, ...own].map((file) => readFileSync(file, 'utf8')).join('\n');
}
