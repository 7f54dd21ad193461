/** The list of a page's sections with links to them, made from the page itself: a section needs an id and a heading. */
import { type Html, html, raw } from './html.ts';

const SECTION = /<section id="([a-z0-9-]+)"[^>]*>\s*<h2>(.*?)<\/h2>/gs;

/** @param page its body as HTML, in which headings are escaped already. */
export function contentsOf(page: Html): Html {
  const items = [...page.html.matchAll(SECTION)].map(
    ([, id, heading]) => html`<li><a href="#${id}">${raw(heading!)}</a></li>`,
  );
  return html`<nav class="contents" aria-label="Contents"><ol>${items}</ol></nav>`;
}
