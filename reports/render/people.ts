/** The parts of a report about persons: some who were stranded, one by one, and everybody by where they came from. */
import { ORIGINS, type Origin } from '../../scenarios/schema.ts';
import type { StrandedPerson } from '../summary-schema.ts';
import { clock, format } from './format.ts';
import { type Html, html } from './html.ts';
import type { MeasureRow } from './measure-rows.ts';
import type { RunToShow } from './run-to-show.ts';
import { measureRow, runHeads, scrollTable } from './table.ts';

type Runs = readonly RunToShow[];

const ORIGIN_TITLE: Readonly<Record<Origin, string>> = {
  inside: 'From inside the network',
  twitter: 'Over from Twitter',
  followers: 'Followers who were invited',
};

/** Persons, not only shares: for whoever was not there. Nothing where nobody was stranded. */
export function strandedPeople(runs: Runs): Html {
  const some = runs.filter(({ summary }) => summary.strandedPeople.length > 0);
  if (some.length === 0) return html``;
  return html`<h3>Some who could not come back</h3>
  ${some.map(
    ({ name, summary: { ejections, strandedPeople } }) => html`
    <h4>${name}: ${format(strandedPeople.length, 'people')} of ${format(ejections.stranded, 'people')}</h4>
    <ul>${strandedPeople.map((one) => html`<li data-person="${one.personId}">${whoOf(one)} ${strandedStory(one)}.</li>`)}</ul>`,
  )}
  <p class="note">The earliest of each origin in turn. Names are made up from the seed; what became of them is their own part of the log.</p>`;
}

/** A name may be written in either direction: it must not turn the sentence around it. */
function whoOf({ personId, name, origin }: StrandedPerson): Html {
  return html`<b><bdi>${name ?? `Person ${personId}`}</bdi></b>${origin !== null && ` (${ORIGIN_TITLE[origin].toLowerCase()})`}`;
}

/** What became of somebody after the first loss, as the rest of a sentence that begins with the name. */
export function strandedStory({ lostAtMs, cause, tries, end, endCause, endAtMs }: StrandedPerson): string {
  const lost = `lost the seat at ${clock(lostAtMs)}${cause === null ? '' : ` (${cause})`}`;
  const tried = tries === 0 ? 'had yet to try' : `tried ${tries === 1 ? 'once' : `${tries} times`}`;
  return `${lost}, ${tried} and ${ending(end, endCause, endAtMs === null ? '' : ` at ${clock(endAtMs)}`)}`;
}

function ending(end: StrandedPerson['end'], cause: string | null, at: string): string {
  switch (end) {
    case 'gave-up':
      return `${GAVE_UP[cause ?? ''] ?? 'gave up'}${at}`;
    case 'left':
      return `left${at}, before there was sound`;
    case 'at-end':
      return cause === 'waiting' ? 'was still in the queue at the end' : 'was still outside at the end';
    case null:
      return 'is not heard of again';
  }
}

const GAVE_UP: Readonly<Record<string, string>> = {
  refused: 'gave up after a last “full”',
  'queue-patience': 'gave up in the queue',
  parallel: 'went to a room of other listeners',
  page: 'was left by the browser',
};

/** Everybody by where they came from; origins from which nobody came are left out. */
export function originsSection(runs: Runs): Html {
  const came = ORIGINS.filter((origin) => runs.some(({ summary }) => summary.origins[origin].arrived > 0));
  if (came.length === 0) return html``;
  return html`<section id="origins"><h2>Where they came from</h2>
  ${scrollTable(
    'Where they came from',
    html`<thead><tr><th scope="col">Origin</th>${runHeads(runs)}</tr></thead>
  ${came.map(
    (origin) =>
      html`<tbody><tr class="group"><th colspan="${runs.length + 1}" scope="rowgroup">${ORIGIN_TITLE[origin]}</th></tr>${rowsOf(origin).map((row) => measureRow(row, runs))}</tbody>`,
  )}`,
  )}</section>`;
}

function rowsOf(origin: Origin): readonly MeasureRow[] {
  const row = (figure: string, label: string, unit: MeasureRow['unit'] = 'people'): MeasureRow => ({
    path: `origins.${origin}.${figure}`,
    label,
    unit,
  });
  return [
    row('arrived', 'People who set out'),
    row('joined', 'Got in at least once'),
    row('neverIn', 'Never got in'),
    row('ejectedPeople', 'Thrown out'),
    row('stranded', '… tried to come back and could not'),
    row('joinP50Ms', 'Join latency, p50 (surge, headline body)', 'ms'),
    row('handsRaised', 'Raised a hand'),
  ];
}
