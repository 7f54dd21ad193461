/** What a run's folder lacks, in words: a report of half a run must say which half. */
import { format } from './format.ts';
import { type Html, html } from './html.ts';
import type { RunToShow } from './run-to-show.ts';

/** Nothing where all is there. */
export function missingNote(runs: readonly RunToShow[]): Html {
  const missing = runs.flatMap((run) => missingOf(run).map((what) => `${run.name}: ${what}`));
  if (missing.length === 0) return html``;
  return html`<div class="doubts"><h3>What is missing from this report</h3><ul>${missing.map((what) => html`<li>${what}</li>`)}</ul></div>`;
}

/** @returns sentences without their end; empty where all is there. */
function missingOf({ summary, charts, record, screens }: RunToShow): string[] {
  const { run, verdict, crowd, server, admission, incumbents } = summary;
  const reason = server.reason ?? admission.reason;
  const noCpu = charts.load.serverCpu.every((share) => share === null);
  const leftOut = screens.filter(({ picture }) => picture === null);
  return [
    ...verdict.reasons.filter((one) => one.startsWith('the run is partial')),
    ...(record.status === 'running'
      ? ['the run was killed, or is still on: it is told as far as its log goes']
      : []),
    ...(reason === null ? [] : [`figures of the server: ${reason}`]),
    ...(noCpu && server.reason === null ? ['CPU over time: the log has no row of it'] : []),
    ...silentBodies(summary).map((body) => `listeners with the body ${body}: the log has no row of any`),
    ...(crowd.arrived < crowd.planned
      ? [
          `${format(crowd.planned - crowd.arrived, 'people')} of ${format(crowd.planned, 'people')} planned people: the log does not say that they set out`,
        ]
      : []),
    ...(incumbents.withMedia > 0 && incumbents.counted === 0
      ? ['what those already inside heard: nobody counted their packets']
      : []),
    ...(run.target === null && server.cpuSeconds !== null && server.cpuSecondsByProcess.worker === null
      ? ['CPU and memory of the media worker']
      : []),
    ...verdict.notes.filter((note) => note.includes('lines of the event log could not be read')),
    ...(leftOut.length > 0
      ? [`pictures that are too large for this file: ${leftOut.map(({ file }) => file).join(', ')}`]
      : []),
  ];
}

/** Bodies that were to come in the surge and of which nobody did. */
function silentBodies({ run, joinLatencyMs, crowd }: RunToShow['summary']): string[] {
  if (crowd.surgeArrivals === 0) return [];
  return Object.entries(run.bodies.arrivals)
    .filter(
      ([body, share]) =>
        (share ?? 0) * crowd.surgeArrivals >= SURE_OF_ONE && joinLatencyMs[body] === undefined,
    )
    .map(([body]) => body);
}

/** With so many expected, that none was drawn is not chance. */
const SURE_OF_ONE = 10;
