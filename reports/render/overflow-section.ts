/** The part of a report about what overflow did: who sat where, second by second, and how well they heard there. */
import { PLACE_NAME } from '../palette.ts';
import { PLACES } from '../states.ts';
import { chartFigure, seriesTable } from './chart-figure.ts';
import { overflowFinding } from './findings.ts';
import { roomsFinding, satInOverflow } from './findings-rooms.ts';
import { type Html, html } from './html.ts';
import type { MeasureRow } from './measure-rows.ts';
import type { RunToShow } from './run-to-show.ts';
import { measuresOf } from './table.ts';

const ROWS: readonly MeasureRow[] = [
  { path: 'overflow.roomsOpened', label: 'Overflow rooms opened', unit: 'count' },
  { path: 'overflow.openedAtMs', label: 'First one, from the start of the night', unit: 'ms' },
  { path: 'overflow.openMs', label: '… after the first ask of the full main room', unit: 'ms' },
  { path: 'overflow.fillMs', label: '… until 95 % of its seats were taken', unit: 'ms' },
  { path: 'overflow.seatedMax', label: 'Seated there at most', unit: 'people' },
  { path: 'overflow.withMedia', label: 'Seated there with real audio', unit: 'people' },
  { path: 'overflow.hearing', label: '… heard 95 % of the packets', unit: 'people' },
  { path: 'overflow.relayLagMs.p50', label: 'Heard later than the main room, p50', unit: 'ms' },
  { path: 'overflow.relayLagMs.p99', label: 'Heard later than the main room, p99', unit: 'ms' },
  { path: 'overflow.promoted', label: 'Promoted to the main room', unit: 'people' },
  { path: 'overflow.promotionGapMs.p99', label: 'Silence across a promotion, p99', unit: 'ms' },
  { path: 'overflow.promotionGapMs.max', label: 'Silence across a promotion, longest', unit: 'ms' },
];

export function overflowSection(runs: readonly RunToShow[]): Html {
  const opened = runs.some(({ summary }) => (summary.overflow.roomsOpened ?? 0) > 0);
  const drawn = runs.map((run, nth) => ({ run, nth })).filter(({ run }) => satInOverflow(run.charts));
  return html`<section id="overflow"><h2>What overflow did</h2>
  ${runs.map((run) => html`<p class="lead">${overflowFinding(run)}</p>`)}
  ${
    drawn.length > 0 &&
    html`<div class="grid">${drawn.map(({ run, nth }) => roomsFigure(run, nth, runs.length > 1))}</div>`
  }
  ${opened && measuresOf('What overflow did', 'Overflow', ROWS, runs)}</section>`;
}

function roomsFigure(run: RunToShow, nth: number, isOneOfSeveral: boolean): Html {
  return chartFigure({
    id: `rooms-${nth}`,
    topic: isOneOfSeveral
      ? `Who sat where on ${run.name}, second by second`
      : 'Who sat where, second by second',
    finding: roomsFinding(run),
    note: 'People by the room they were in, by their own rows. Waiting: they try, queue, have no sound yet, or were thrown out and are not back. Who gave up or left is not drawn.',
    behind: seriesTable(
      `Who sat where on ${run.name}`,
      PLACES.map((place) => ({
        name: PLACE_NAME[place],
        values: run.charts.rooms[place] ?? [],
        unit: 'people',
        fold: 'first',
      })),
    ),
  });
}
