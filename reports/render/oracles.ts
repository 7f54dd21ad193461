/** What the checks of the admission control found: a table for the report, a word for the terminal. */
import type { OracleFinding, Summary } from '../summary-schema.ts';
import { format, NONE } from './format.ts';
import { type Html, html } from './html.ts';
import type { RunToShow } from './run-to-show.ts';
import { scrollTable } from './table.ts';

/** `8 of 9 hold`, of the checks that this run has something for. */
export function oracleWord({ oracles }: Pick<Summary, 'oracles'>): string {
  const asked = oracles.filter(({ applicable }) => applicable);
  if (asked.length === 0) return NONE;
  const holding = asked.filter(({ violations }) => violations === 0).length;
  return `${holding} of ${asked.length} hold`;
}

export function oraclesTable(runs: readonly RunToShow[]): Html {
  const first = runs[0]?.summary.oracles ?? [];
  return html`<h3>Checks of the admission control</h3>
  <p class="lead">Whether the server kept what such a control promises, by every row that it and the listeners wrote. The checks report; the objectives judge.</p>
  ${scrollTable(
    'Checks of the admission control',
    html`<thead><tr><th scope="col">Check</th>${runs.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
  <tbody>${first.map(
    ({ name, title }) =>
      html`<tr><th scope="row">${title}</th>${runs.map((run) => oracleCell(run, name))}</tr>`,
  )}</tbody>`,
  )}
  <p class="note">Definitions, populations and tolerances: docs/reference/checks.md.</p>`;
}

function oracleCell({ summary }: RunToShow, name: string): Html {
  const found = summary.oracles.find((oracle) => oracle.name === name);
  if (found === undefined) return html`<td>${NONE}</td>`;
  const [kind, mark] = markOf(found);
  const tolerance =
    found.toleranceMs === null ? '' : ` (shorter than ${format(found.toleranceMs, 'ms')} is not counted)`;
  return html`<td class="${kind}" data-oracle="${name}" data-run="${summary.run.id}" data-violations="${String(found.violations)}"><span class="mark">${mark}</span> ${found.detail}${found.violations > 0 ? tolerance : ''}</td>`;
}

function markOf({ applicable, violations }: OracleFinding): readonly [kind: string, mark: string] {
  if (!applicable) return ['skipped', '–'];
  return violations === 0 ? ['pass', '✓'] : ['fail', '✕'];
}
