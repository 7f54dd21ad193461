/** Definitions live where the query is: a SQL file's head comment is its section of a reference page. */

/**
 * The section of a reference page that a SQL file's head comment makes: its first line is the title.
 *
 * @param file path from the root of the tree, for the link.
 */
export function sectionOf(sql: string, file: string): string {
  const lines = sql.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const [title, , ...text] = lines.slice(0, end).map((line) => line.replace(/^-- ?/, ''));
  return `## ${title}\n\n${text.join('\n')}\n\nDefined in [\`${file}\`](../../${file}).\n`;
}
