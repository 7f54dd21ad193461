/**
 * The table behind a figure: a row each five seconds. It is made when a reader opens it, and grows at its end while it is
 * open: rows that are read stay where they are.
 */
import { clock } from '../../../reports/render/format.ts';
import { element } from './dom.ts';
import type { Body } from './figure.ts';
import { doneStretches, type Stretch } from './series.ts';
import { type LiveView, type NightView, nightOf } from './state.ts';

/** The time between two rows, ms of the night. */
export const ROW_MS = 5_000;

export type TableOf = {
  readonly head: readonly string[];
  /** Those rows alone that will stay as they are; the first cell names the row. */
  readonly rows: (view: LiveView) => readonly (readonly string[])[];
};

/**
 * The table of one night: its time, and the cells of each stretch that is over.
 *
 * @param head of the cells, without the time.
 */
export function nightTable(
  nth: number,
  head: readonly string[],
  cellsOf: (stretch: Stretch, night: NightView) => readonly string[],
): TableOf {
  return {
    head: ['time', ...head],
    rows(view) {
      const night = nightOf(view, nth);
      if (night === undefined) return [];
      return doneStretches(night, ROW_MS).map((one) => [clock(one.last.nightMs), ...cellsOf(one, night)]);
    },
  };
}

/** @param id of the figure, whose caption `<id>-title` names the table too. */
export function tableBehind(id: string, title: string, { head, rows }: TableOf): Body {
  const details = element('details');
  const summary = element('summary', {}, 'Table');
  summary.append(element('span', { class: 'unseen' }, `: ${title}`));
  const box = element('div', {
    class: 'scroll',
    role: 'region',
    tabindex: '0',
    'aria-labelledby': `${id}-title`,
  });
  details.append(summary, box);
  let body: HTMLTableSectionElement | null = null;
  let shown: LiveView | null = null;

  function grow(): void {
    if (!details.open || shown === null) return;
    body ??= startTable();
    for (const row of rows(shown).slice(body.rows.length)) {
      const line = element('tr');
      row.forEach((text, at) => {
        line.append(at === 0 ? element('th', { scope: 'row' }, text) : element('td', { dir: 'auto' }, text));
      });
      body.append(line);
    }
  }

  function startTable(): HTMLTableSectionElement {
    const table = element('table');
    const line = element('tr');
    line.append(...head.map((text) => element('th', { scope: 'col' }, text)));
    table.createTHead().append(line);
    box.replaceChildren(table);
    return table.createTBody();
  }

  details.addEventListener('toggle', grow);
  return {
    element: details,
    show(view) {
      shown = view;
      grow();
    },
    reset() {
      body = null;
      box.replaceChildren();
    },
  };
}
