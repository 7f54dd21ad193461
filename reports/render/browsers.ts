/** The part of a report about the people who were real browsers: their figures, and what they saw. */
import { type Html, html } from './html.ts';
import type { MeasureRow } from './measure-rows.ts';
import type { RunToShow } from './run-to-show.ts';
import { measuresOf } from './table.ts';

const ROWS: readonly MeasureRow[] = [
  { path: 'browsers.count', label: 'People who set out in a real browser', unit: 'people' },
  { path: 'browsers.joined', label: 'Got in at least once', unit: 'people' },
  { path: 'browsers.heard', label: '… and heard something', unit: 'people' },
  { path: 'browsers.firstAudibleMs.p50', label: 'From the seat to the first sound, p50', unit: 'ms' },
  { path: 'browsers.firstAudibleMs.p90', label: 'From the seat to the first sound, p90', unit: 'ms' },
  { path: 'browsers.pageLoadMs.p50', label: 'Page load, before the join, p50', unit: 'ms' },
  { path: 'browsers.pageLoadMs.p90', label: 'Page load, before the join, p90', unit: 'ms' },
  { path: 'browsers.lostShare', label: 'Packets lost', unit: 'share' },
  { path: 'browsers.concealedShare', label: 'Sound that the decoder made up', unit: 'share' },
  { path: 'browsers.jitterBufferMs.p50', label: 'Wait in the jitter buffer, p50', unit: 'ms' },
  { path: 'browsers.failed.page-load', label: 'Pages that did not load', unit: 'people' },
  { path: 'browsers.failed.page-crash', label: 'Pages that crashed', unit: 'people' },
  { path: 'browsers.failed.page-hang', label: 'Pages that hung', unit: 'people' },
  { path: 'browsers.clockErrorMs', label: "A page's clock is right to within", unit: 'ms' },
];

/** Nothing where no run had browsers. */
export function browsersSection(runs: readonly RunToShow[]): Html {
  if (runs.every(({ summary }) => summary.browsers.planned === 0)) return html``;
  return html`<section id="browsers"><h2>Browsers</h2>
  <p class="lead">Some of the crowd were real Chromium pages, led by the same listener as everybody. They are few: what they show is how it is, not how often.</p>
  ${measuresOf('Browsers', 'Measure', ROWS, runs)}
  ${runs
    .filter(({ screens }) => screens.length > 0)
    .map(
      ({ name, screens }) => html`<h3>What they saw: ${name}</h3>
    <div class="screens">${screens.map(
      ({ picture, file, text }) =>
        html`<figure>${
          picture === null
            ? html`<p>Too large for this file; it lies beside it: <code>${file}</code></p>`
            : html`<img src="${picture}" alt="${text}">`
        }<figcaption class="note">${text}</figcaption></figure>`,
    )}</div>`,
    )}</section>`;
}
