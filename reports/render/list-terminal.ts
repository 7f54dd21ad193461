/** The list of a folder of runs on a terminal: a block an entry, in at most 80 columns. */
import path from 'node:path';
import type { Listing } from '../listing/list-folder.ts';
import type { Listed } from '../listing/listed.ts';
import { countWords, dateText } from '../listing/words.ts';
import { COLUMNS_MAX, type Paint, paintFor, wrap } from './columns.ts';
import { NONE, people } from './format.ts';

const COLOUR = { pass: 'green', fail: 'red', void: 'yellow' } as const;

/**
 * Ends with a line break. The words say what the colours say.
 *
 * @param root as the user named it, so that a folder can be copied from the list.
 * @param stream where it will stand: whether there are colours is this one's affair.
 */
export function listTable(
  root: string,
  { entries, isCut }: Listing,
  stream: NodeJS.WritableStream = process.stdout,
): string {
  const paint = paintFor(stream);
  const lines = [
    ...entries.flatMap((entry) => blockOf(root, entry, paint)),
    ...(isCut ? wrap('There are more folders than are looked at: this list is not whole.', COLUMNS_MAX) : []),
    ...wrap(countWords(entries), COLUMNS_MAX),
  ];
  return `${lines.join('\n')}\n`;
}

function blockOf(root: string, entry: Listed, paint: Paint): string[] {
  const { kind, night, startedAt, verdict, tone, build, reasons, missing, folder } = entry;
  const when = startedAt === null ? NONE.padEnd(16) : dateText(startedAt).padEnd(16);
  const first = [night ?? '', ...sizeWords(entry)].filter((text) => text !== '').join(', ');
  const said = tone === null ? verdict : verdict.toUpperCase();
  const [reason, ...others] = reasons;
  const why =
    reason === undefined ? '' : `${reason}${others.length === 0 ? '' : ` (and ${others.length} more)`}`;
  return [
    ...wrap(`${kind}${first === '' ? '' : `: ${first}`}`, COLUMNS_MAX, `${when}  `, '    '),
    ...wrap(build === null ? said : `${said}: ${build}`, COLUMNS_MAX, '    ').map((line) =>
      tone === null ? line : paint(COLOUR[tone], line),
    ),
    ...(why === '' ? [] : wrap(why, COLUMNS_MAX, '    ', '      ')),
    ...(missing.length === 0 ? [] : wrap(`missing: ${missing.join(', ')}`, COLUMNS_MAX, '    ', '      ')),
    ...wrap(path.join(root, folder), COLUMNS_MAX, '    ').map((line) => paint('dim', line)),
    '',
  ];
}

function sizeWords({ seed, scale, people: planned }: Listed): string[] {
  return [
    seed === null ? '' : `seed ${seed}`,
    scale === null ? '' : `scale ${scale}`,
    planned === null ? '' : people(planned),
  ];
}
