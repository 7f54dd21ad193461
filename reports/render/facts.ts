/** The rows of `docs/reference/facts.md`, so that a report can say what a cited id stands for. */
import { readFileSync } from 'node:fs';

export type Facts = {
  readonly rows: ReadonlyMap<string, string>;
  /** The statement of what nobody knows. */
  readonly notKnown: string;
};

const FACTS_FILE = new URL('../../docs/reference/facts.md', import.meta.url);

export function readFacts(): Facts {
  return parseFacts(readFileSync(FACTS_FILE, 'utf8'));
}

/** Reads tables whose first column is an id, and list items that begin with one. */
export function parseFacts(markdown: string): Facts {
  const rows = new Map<string, string>();
  const notKnown: string[] = [];
  let heading = '';
  for (const line of markdown.split('\n')) {
    if (line.startsWith('#')) heading = line;
    const item = /^- ([A-Z]\d+) (.+)$/.exec(line);
    if (item !== null) rows.set(item[1]!, item[2]!.trim());
    const cells = line.startsWith('|') ? line.split('|').map((cell) => cell.trim()) : [];
    if (/^[A-Z]\d+$/.test(cells[1] ?? '')) {
      rows.set(
        cells[1]!,
        cells
          .slice(2)
          .filter((cell) => cell !== '')
          .join('; '),
      );
    }
    if (/^## Not known/.test(heading) && line !== heading && line.trim() !== '') notKnown.push(line.trim());
  }
  return { rows, notKnown: notKnown.join(' ') };
}
