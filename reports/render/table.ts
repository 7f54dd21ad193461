/** Tables of a report: one row a figure, one column a run. A table that is wider than the page is scrolled by itself. */
import { figure } from './figure.ts';
import { type Html, html } from './html.ts';
import type { MeasureRow } from './measure-rows.ts';
import type { RunToShow } from './run-to-show.ts';

/** @param label says what is in it to whoever comes to it by keyboard: only what has the focus can be scrolled by keys. */
export function scrollTable(label: string, content: Html): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}"><table>${content}</table></div>`;
}

/** @param head of the column of names. */
export function measuresOf(
  label: string,
  head: string,
  rows: readonly MeasureRow[],
  runs: readonly RunToShow[],
): Html {
  return scrollTable(
    label,
    html`<thead><tr><th scope="col">${head}</th>${runHeads(runs)}</tr></thead>
    <tbody>${rows.map((row) => measureRow(row, runs))}</tbody>`,
  );
}

export function runHeads(runs: readonly RunToShow[]): Html[] {
  return runs.map(({ name }) => html`<th scope="col" class="number">${name}</th>`);
}

export function measureRow({ path, label, unit }: MeasureRow, runs: readonly RunToShow[]): Html {
  return html`<tr><th scope="row">${label}</th>${runs.map(
    (run) => html`<td class="number">${figure(run, path, unit)}</td>`,
  )}</tr>`;
}
