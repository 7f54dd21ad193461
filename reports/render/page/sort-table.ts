/** The script of the list of runs: a heading is a button that sorts by its column, and once more the other way round. */

/** What a cell is sorted by: its `data-sort`, as a number where it is one; nothing comes last either way. */
function keyOf(row: HTMLTableRowElement, column: number): string | number | null {
  const text = row.cells[column]?.dataset['sort'] ?? '';
  if (text === '') return null;
  return Number.isNaN(Number(text)) ? text : Number(text);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), undefined, { numeric: true });
}

function sortBy(table: HTMLTableElement, head: HTMLTableCellElement): void {
  const isUp = head.getAttribute('aria-sort') !== 'ascending';
  for (const other of table.tHead?.rows[0]?.cells ?? []) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', isUp ? 'ascending' : 'descending');
  const body = table.tBodies[0];
  if (body === undefined) return;
  const rows = [...body.rows].map((row) => ({ row, key: keyOf(row, head.cellIndex) }));
  rows.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
    return isUp ? compare(a.key, b.key) : compare(b.key, a.key);
  });
  body.append(...rows.map(({ row }) => row));
}

for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) {
  for (const button of table.querySelectorAll<HTMLButtonElement>('thead button')) {
    button.addEventListener('click', () => {
      const head = button.closest('th');
      if (head !== null) sortBy(table, head);
    });
  }
}
document.documentElement.dataset['sortable'] = 'true';
