/** The part of a report about the knee: how much more of this surge the same build would have borne, where that was searched. */
import type { CapacityBeside } from '../capacity/beside.ts';
import { sentenceOf } from '../capacity/terminal.ts';
import { format, NONE, scaleText } from './format.ts';
import { type Html, html } from './html.ts';
import { nightName } from './reproduce.ts';
import type { RunToShow } from './run-to-show.ts';
import { scrollTable } from './table.ts';

export function kneeSection(runs: readonly RunToShow[]): Html {
  // Several runs of one build have one knee.
  const builds = runs.filter(
    ({ summary: { run } }, nth) =>
      runs.findIndex((other) => other.summary.run.profile === run.profile) === nth,
  );
  return html`<section id="knee"><h2>The knee: how much more it would bear</h2>
  ${builds.map((run) => kneeOf(run))}
  ${builds.some(({ capacity }) => capacity !== null) && kneeTable(builds)}</section>`;
}

function kneeOf(run: RunToShow): Html {
  const { summary, capacity } = run;
  if (capacity === null) {
    return summary.run.target === null
      ? html`<p class="lead">The knee of ${summary.run.profile} on this night was not measured beside this run. This searches it:</p>
      <pre tabindex="0"><code>npx roomrush capacity ${nightName(summary.run)} --profile ${summary.run.profile} --policy ${summary.run.policy}</code></pre>`
      : html`<p class="lead">The knee is searched for builds of the reference server only.</p>`;
  }
  const { search, grow, isSameMachine } = capacity;
  const what =
    grow === 'surge'
      ? 'A scale multiplies the people who come; rooms, seats and pace stay.'
      : 'A scale multiplies the whole night: people, rooms, seats and pace.';
  return html`<p class="lead">${search.profile}: ${sentenceOf(search.result)}</p>
  ${search.result.limit !== null && html`<p>What gave in: ${search.result.limit.sentence}.</p>`}
  <p class="note">${what} Searched at ${capacity.startedAt} (<code>${capacity.folder}</code>) with the policy ${search.policy}${search.policy !== summary.run.policy && `, while this run had ${summary.run.policy}`}${!isSameMachine && ', on another machine than this run'}${!capacity.finished && '; the search is not finished'}.</p>`;
}

const HEADS = [
  'Largest scale that holds',
  'Interval of scales',
  'Arrivals a second',
  'People who came',
  'Seated at most',
  'Probes',
];

function kneeTable(builds: readonly RunToShow[]): Html {
  const searched = builds
    .map(({ capacity }) => capacity)
    .filter((one): one is CapacityBeside => one !== null);
  return scrollTable(
    'The knee',
    html`<thead><tr><th scope="col">Build</th>${HEADS.map((head) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead>
    <tbody>${searched.map(({ search: { profile, result, probes } }) => {
      const { held, interval, kind } = result;
      return html`<tr><th scope="row">${profile}</th>
        <td class="number">${held === null ? NONE : `${kind === 'knee' ? '' : '≥ '}${scale(held.scale)}`}</td>
        <td class="number">${scale(interval.low)} to ${scale(interval.high)}</td>
        <td class="number">${held === null ? NONE : `${format(held.arrivalsPerSecond, 'count')}/s`}</td>
        <td class="number">${format(held?.people, 'people')}</td>
        <td class="number">${format(held?.seatedMax, 'people')}</td>
        <td class="number">${format(probes.length, 'count')}</td></tr>`;
    })}</tbody>`,
  );
}

function scale(value: number | null): string {
  return value === null ? 'not known' : scaleText(value);
}
