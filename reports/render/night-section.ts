/** The part of a report that shows the night in one picture: everybody who had set out, by what became of them. */
import { STATE_NAME } from '../palette.ts';
import { STATES } from '../states.ts';
import { chartFigure, seriesTable } from './chart-figure.ts';
import { crowdFinding } from './findings.ts';
import { clock } from './format.ts';
import { type Html, html } from './html.ts';
import type { RunToShow } from './run-to-show.ts';

export function nightSection(runs: readonly RunToShow[]): Html {
  return html`<section id="night"><h2>The night in one picture</h2>
  <p class="lead">Everybody who had set out, by what became of them, second by second.${runs.length > 1 && ' Same axes for every run.'}</p>
  ${runs.map((run, nth) =>
    chartFigure({
      id: `crowd-${nth}`,
      topic: runs.length > 1 ? `The crowd of ${run.name} over time` : 'The crowd over time',
      finding: crowdFinding(run),
      isTall: true,
      behind: seriesTable(
        `The crowd of ${run.name} over time`,
        STATES.map((state) => ({
          name: STATE_NAME[state],
          values: run.charts.crowd[state] ?? [],
          unit: 'people',
          fold: 'first',
        })),
      ),
    }),
  )}
  <p class="note">The dashed lines of this and every later picture of the night are its moments:</p>
  <ol class="moments">${(runs[0]?.charts.moments ?? []).map(
    ({ title, atMs }) => html`<li><b>${clock(atMs)}</b> <bdi>${title}</bdi></li>`,
  )}</ol></section>`;
}
