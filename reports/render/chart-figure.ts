/** A chart's place in a report: what it shows, what it finds, the canvas that the page's script draws on, and its figures. */

import { type Fold, foldSeries, type Series, stepSeconds } from './fold.ts';
import { clock, format, type Unit } from './format.ts';
import { type Html, html } from './html.ts';
import { scrollTable } from './table.ts';

/** A table of a night's course is read by eye. */
const ROWS_MAX = 60;

type ChartFigure = {
  /** Of the canvas, as `page/main.ts` looks for it. */
  readonly id: string;
  readonly topic: string;
  /** What the chart shows, in a sentence made from the data. */
  readonly finding: string;
  readonly note?: string;
  readonly isTall?: boolean;
  /** The same as a table. */
  readonly behind: Html;
};

export function chartFigure({ id, topic, finding, note, isTall = false, behind }: ChartFigure): Html {
  return html`<figure><figcaption><span class="topic">${topic}</span> ${finding}</figcaption>
    <div class="chart${isTall && ' tall'}"><canvas id="${id}" role="img" aria-label="${finding}. The figures are in a table below."></canvas></div>
    ${note !== undefined && html`<p class="note">${note}</p>`}
    <details class="behind"><summary>${topic}: the figures behind the chart</summary>${behind}</details></figure>`;
}

type SeriesColumn = {
  readonly name: string;
  /** One value a second of the night. */
  readonly values: Series;
  readonly unit: Unit;
  readonly fold: Fold;
};

const FOLD_WORDS: Readonly<Record<Fold, string>> = {
  first: 'at its beginning',
  sum: 'in all',
  max: 'at most',
  mean: 'on the mean',
};

/** The course of a night: a row a second, or a few seconds where it is long. */
export function seriesTable(label: string, columns: readonly SeriesColumn[]): Html {
  const seconds = Math.max(0, ...columns.map(({ values }) => values.length));
  const step = stepSeconds(seconds, ROWS_MAX);
  const folded = columns.map(({ values, fold }) => foldSeries(values, step, fold));
  const how = [...new Set(columns.map(({ fold }) => FOLD_WORDS[fold]))].join(' or ');
  return html`${scrollTable(
    label,
    html`<thead><tr><th scope="col">Time</th>${columns.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
    <tbody>${Array.from({ length: Math.ceil(seconds / step) }, (_, nth) => {
      const cells = columns.map(({ unit }, column) => format(folded[column]?.[nth], unit));
      return html`<tr><th scope="row">${clock(nth * step * 1000)}</th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>`;
    })}</tbody>`,
  )}${step > 1 && html`<p class="note">A row is ${step} s of the night: ${how}.</p>`}`;
}
