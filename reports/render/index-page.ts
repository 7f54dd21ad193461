/** `index.html` of a folder of runs: one file with everything in it, a table of all that lies there. Nothing is fetched. */
import { inlineForBrowser } from '../../browser-script.ts';
import type { Listing } from '../listing/list-folder.ts';
import type { Listed } from '../listing/listed.ts';
import { countWords, dateText } from '../listing/words.ts';
import { format, NONE } from './format.ts';
import { type Html, html, raw } from './html.ts';
import { stylesOf } from './styles.ts';
import { scrollTable } from './table.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
const MARK = { pass: '✓', fail: '✕', void: '?' } as const;

type Column = {
  readonly title: string;
  /** Of its cells; the heading of a column of numbers stands over their ends. */
  readonly kind: 'word' | 'words' | 'number';
  readonly cell: (entry: Listed) => Html | string;
  /** Empty: it comes last. */
  readonly sort: (entry: Listed) => string;
};

const COLUMNS: readonly Column[] = [
  {
    title: 'When',
    kind: 'word',
    cell: ({ startedAt }) => (startedAt === null ? NONE : dateText(startedAt)),
    sort: ({ startedAt }) => startedAt ?? '',
  },
  { title: 'What', kind: 'word', cell: ({ kind }) => kind, sort: ({ kind }) => kind },
  {
    title: 'Night',
    kind: 'words',
    cell: ({ night }) => html`<bdi>${night ?? NONE}</bdi>`,
    sort: ({ night }) => night ?? '',
  },
  { title: 'Verdict', kind: 'words', cell: verdictCell, sort: ({ verdict }) => verdict },
  { title: 'Build', kind: 'words', cell: ({ build }) => build ?? NONE, sort: ({ build }) => build ?? '' },
  numberColumn('Seed', ({ seed }) => seed, String),
  numberColumn('Scale', ({ scale }) => scale, String),
  numberColumn(
    'People',
    ({ people }) => people,
    (people) => format(people, 'people'),
  ),
  { title: 'Folder', kind: 'words', cell: folderCell, sort: ({ folder }) => folder },
];

function numberColumn(
  title: string,
  of: (entry: Listed) => number | null,
  text: (value: number) => string,
): Column {
  return {
    title,
    kind: 'number',
    cell: (entry) => {
      const value = of(entry);
      return value === null ? NONE : text(value);
    },
    sort: (entry) => String(of(entry) ?? ''),
  };
}

/** The page of a listed folder, for `index.html` in it: addresses are from there. */
export function renderIndex({ entries, isCut }: Listing): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>Runs – roomrush</title>
<style>${raw(stylesOf(new URL('./style.css', import.meta.url), new URL('./index-page.css', import.meta.url)))}</style>
</head>
<body><main>
<header><h1>Runs</h1>
<p>${countWords(entries)}</p>${isCut && html`<p>There are more folders than are looked at: this list is not whole.</p>`}</header>
<section>${
    entries.length === 0
      ? html`<p>Nothing was played here yet: <code>npx roomrush run zuckerberg</code></p>`
      : html`<p class="note">A heading sorts by its column.</p>${raw(sortableTable(entries).html)}`
  }</section>
<footer>Made by roomrush from what lies in the folder; <code>npx roomrush report --list</code> makes it again.</footer>
</main>
<script>${raw(inlineForBrowser(new URL('./page/sort-table.ts', import.meta.url)))}</script>
</body></html>
`;
  return page.html;
}

function sortableTable(entries: readonly Listed[]): Html {
  const heads = COLUMNS.map(
    ({ title, kind }) => html`<th scope="col" class="${kind}"><button type="button">${title}</button></th>`,
  );
  const table = scrollTable(
    'All runs',
    html`<thead><tr>${heads}</tr></thead><tbody>${entries.map(entryRow)}</tbody>`,
  );
  return raw(table.html.replace('<table>', '<table class="sortable">'));
}

function entryRow(entry: Listed): Html {
  return html`<tr data-kind="${entry.kind}" data-folder="${entry.folder}">${COLUMNS.map(
    ({ cell, sort, kind }) => html`<td class="${kind}" data-sort="${sort(entry)}">${cell(entry)}</td>`,
  )}</tr>`;
}

function verdictCell(entry: Listed): Html {
  const { verdict, tone } = entry;
  const said = tone === null ? html`${verdict}` : html`<span class="${tone}">${MARK[tone]} ${verdict}</span>`;
  return html`${said}${details(entry)}`;
}

function folderCell({ folder, page }: Listed): Html {
  const name = html`<bdi>${folder}</bdi>`;
  return page === null ? name : html`<a href="${address(page)}">${name}</a>`;
}

/** Folded, as a void run may have many reasons, each a sentence. */
function details({ kind, reasons, missing }: Listed): Html {
  const lines = [...reasons, ...(missing.length === 0 ? [] : [`missing: ${missing.join(', ')}`])];
  if (lines.length === 0) return html``;
  return html`<details><summary>${kind === 'comparison' ? 'what to choose' : 'why'}</summary><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></details>`;
}

/** A folder may have any name: none of its signs may mean anything in an address. */
function address(page: string): string {
  return page.split('/').map(encodeURIComponent).join('/');
}
