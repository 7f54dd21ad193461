/** HTML with everything escaped unless it was made here: a night's title is somebody else's text. */

export type Html = { readonly html: string };
type Part = Html | string | number | null | undefined | false | readonly Part[];

/** Template tag: text is escaped, `Html` is not, lists are joined, null and false are left out. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.reduce((text, string, nth) => text + rendered(parts[nth - 1]) + string) };
}

function rendered(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  if ('html' in part) return part.html;
  return part.map(rendered).join('');
}

/** For text that is known to be safe where it goes: a stylesheet, a script of our own. */
export function raw(text: string): Html {
  return { html: text };
}

/** JSON inside a script element: no `<` may stand in it, or a string could end the element. */
export function jsonScript(id: string, value: unknown): Html {
  const json = JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return raw(`<script type="application/json" id="${escapeHtml(id)}">${json}</script>`);
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
