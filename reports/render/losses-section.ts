/** The part of a report about who was thrown out, when and by what, and whether they could come back. */
import { chartFigure, seriesTable } from './chart-figure.ts';
import { ejectionFinding, strandedFinding } from './findings.ts';
import { lossesFinding } from './findings-over-time.ts';
import { format } from './format.ts';
import { type Html, html } from './html.ts';
import type { MeasureRow } from './measure-rows.ts';
import { strandedPeople } from './people.ts';
import type { RunToShow } from './run-to-show.ts';
import { measuresOf, runHeads, scrollTable } from './table.ts';

const ROWS: readonly MeasureRow[] = [
  { path: 'ejections.involuntary', label: 'Seats lost against their will', unit: 'count' },
  { path: 'ejections.people', label: 'People who lost one', unit: 'people' },
  { path: 'ejections.involuntaryShare', label: '… share of those who got in', unit: 'share' },
  { path: 'ejections.returned', label: 'Were in again', unit: 'people' },
  { path: 'ejections.stranded', label: 'Tried to come back and could not', unit: 'people' },
  { path: 'ejections.didNotTry', label: 'Did not try', unit: 'people' },
  { path: 'ejections.rejoinAttempts', label: 'Tries to come back', unit: 'count' },
  { path: 'ejections.stormIndex', label: '… for each loss of a seat', unit: 'ratio' },
  { path: 'ejections.returnMs.p50', label: 'Time to come back, p50 of those who did', unit: 'ms' },
  { path: 'ejections.returnMs.p99', label: 'Time to come back, p99 of those who did', unit: 'ms' },
];

export function thrownOutSection(runs: readonly RunToShow[]): Html {
  const shown = runs
    .map((run, nth) => ({ run, nth }))
    .filter(({ run }) => run.summary.ejections.involuntary > 0);
  return html`<section id="thrown-out"><h2>Who was thrown out, and could they come back</h2>
  ${shown.length === 0 && html`<p class="lead">Nobody was thrown out, so nobody had to come back.</p>`}
  ${
    shown.length > 0 &&
    html`<div class="grid">
    ${shown.map(({ run, nth }) => lossesFigure(run, nth, runs.length > 1))}
    ${runs.length > 1 && causesFigure(runs)}
    ${comebacksFigure(runs)}
  </div>`
  }
  ${measuresOf('Who was thrown out', 'Thrown out', ROWS, runs)}
  ${strandedPeople(runs)}</section>`;
}

function lossesFigure(run: RunToShow, nth: number, isOneOfSeveral: boolean): Html {
  const causes = Object.entries(run.charts.lossesByCause);
  return chartFigure({
    id: `losses-${nth}`,
    topic: isOneOfSeveral ? `Seats lost on ${run.name}, second by second` : 'Seats lost, second by second',
    finding: lossesFinding(run),
    note: 'Each loss of a seat once: as its listener felt it, or by the server where the listener never noticed.',
    behind: seriesTable(
      `Seats lost on ${run.name}`,
      causes.map(([name, values]) => ({ name, values, unit: 'count', fold: 'sum' })),
    ),
  });
}

function causesFigure(runs: readonly RunToShow[]): Html {
  const causes = [...new Set(runs.flatMap(({ charts }) => Object.keys(charts.lossesByCause)))];
  return chartFigure({
    id: 'causes',
    topic: 'Seats lost, by cause',
    finding: ejectionFinding(runs),
    behind: scrollTable(
      'Seats lost, by cause',
      html`<thead><tr><th scope="col">Cause</th>${runHeads(runs)}</tr></thead><tbody>${causes.map(
        (cause) =>
          html`<tr><th scope="row">${cause}</th>${runs.map(
            ({ summary: { ejections } }) =>
              html`<td class="number">${format(ejections.byCause[cause as keyof typeof ejections.byCause] ?? 0, 'count')}</td>`,
          )}</tr>`,
      )}</tbody>`,
    ),
  });
}

function comebacksFigure(runs: readonly RunToShow[]): Html {
  return chartFigure({
    id: 'comebacks',
    topic: 'Coming back',
    finding: strandedFinding(runs),
    note: 'What became of the people who were thrown out, after their last loss. “Could not” means within this night.',
    behind: measuresOf(
      'Coming back',
      'Thrown out',
      ROWS.filter(({ path }) => /\.(returned|stranded|didNotTry)$/.test(path)),
      runs,
    ),
  });
}
