/**
 * What stands beside the figure of an objective, in words: its interval within the run, and whom the measure counts
 * against it. Terminal, page and JUnit tell the same things at their own length.
 */
import type { ObjectiveResult } from '../summary-schema.ts';
import { rangeText } from './figure.ts';
import { format, NONE, people } from './format.ts';
import { type Html, html } from './html.ts';
import type { RunToShow } from './run-to-show.ts';
import { runHeads, scrollTable } from './table.ts';

/** How many a line of text names; a page and JUnit name all that the summary lists. */
const NAMED_SHORT = 3;

type Culprit = ObjectiveResult['brokenBy']['listeners'][number];

/** `1.2 s to 3.4 s`; null where the figure has no interval. */
export function intervalText({ interval, unit }: ObjectiveResult): string | null {
  return interval === null ? null : rangeText(interval, unit);
}

/** Whether the run itself leaves it open on which side of the limit the figure is. */
function isClose({ interval, limit }: ObjectiveResult): boolean {
  return (
    interval !== null &&
    interval.low <= limit &&
    limit <= (interval.high ?? Number.POSITIVE_INFINITY) &&
    hasWidth(interval)
  );
}

function hasWidth({ low, high }: NonNullable<ObjectiveResult['interval']>): boolean {
  return high === null || high > low;
}

function valueText({ brokenBy: { unit } }: ObjectiveResult, { value }: Culprit): string {
  if (value === null) return 'never';
  return unit === null || unit === 'count' ? `${format(value, 'count')}×` : format(value, unit);
}

/** `12 people (in after): #8 never, #3 14 s, #5 12 s, …`; null where it counts nobody. */
function culpritsText(objective: ObjectiveResult, named: number): string | null {
  const { what, count, listeners } = objective.brokenBy;
  if (count === 0 || what === null) return null;
  const worst = listeners.slice(0, named).map((one) => `#${one.personId} ${valueText(objective, one)}`);
  return `${people(count)} (${what}): ${worst.join(', ')}${count > worst.length ? ', …' : ''}`;
}

/** Short lines for a terminal, where there is more to say than the figure: it failed, or the limit is in its interval. */
export function objectiveNotes(objective: ObjectiveResult): string[] {
  const failed = objective.pass === false;
  if (!failed && !isClose(objective)) return [];
  const interval = intervalText(objective);
  return [interval === null ? null : `${interval} within this run`, culpritsNote(objective)].filter(
    (note) => note !== null,
  );
}

/** Whom to look at, in a line: the worst of those who broke an objective that failed; null where there is nobody. */
export function culpritsNote(objective: ObjectiveResult): string | null {
  return objective.pass === false ? culpritsText(objective, NAMED_SHORT) : null;
}

/** How to read the night of the first one who broke an objective; null where nobody did. */
export function storyHint(objectives: readonly ObjectiveResult[]): string | null {
  const first = objectives.find(({ pass, brokenBy }) => pass === false && brokenBy.count > 0);
  const worst = first?.brokenBy.listeners[0];
  return worst === undefined ? null : storyCommand('<run folder>', worst.personId);
}

function storyCommand(run: string, personId: number): string {
  return `roomrush report ${run} --listener ${personId}`;
}

/** Lines of text that name everybody whom the summary lists, for a CI system; empty where nobody is named. */
export function culpritLines(objective: ObjectiveResult, runId: string): string[] {
  const { what, count, listeners } = objective.brokenBy;
  if (listeners.length === 0) return [];
  const shown = listeners.length < count ? `, the worst ${listeners.length}` : '';
  return [
    `counted against it: ${people(count)}${shown} (${what}):`,
    ...listeners.map(
      (one) => `  #${one.personId} ${one.name ?? '(in no plan)'}: ${valueText(objective, one)}`,
    ),
    storyCommand(`<folder of ${runId}>`, listeners[0]!.personId),
  ];
}

export function objectivesTable(runs: readonly RunToShow[]): Html {
  const all = new Map<string, ObjectiveResult>();
  for (const { summary } of runs) {
    for (const objective of summary.verdict.objectives) all.set(objective.id, objective);
  }
  return html`${scrollTable(
    'What was promised and what held',
    html`<thead><tr><th scope="col">Objective</th><th scope="col" class="number">Limit</th>${runHeads(runs)}</tr></thead><tbody>${[
      ...all.values(),
    ].map(
      ({ id, title, op, limit, unit }) =>
        html`<tr><th scope="row">${title}</th><td class="number whole">${op === '<=' ? '≤' : '≥'} ${format(limit, unit)}</td>${runs.map(
          (run) => objectiveCell(run, id),
        )}</tr>`,
    )}</tbody>`,
  )}
  <p class="note">“Within this run”: 95 % of the resamples of its seconds lie there. Other nights, seeds and machines are not in it; for them play several. “n” is how many people or samples a figure is about.</p>
  ${runs.map(culpritsOf)}`;
}

function objectiveCell(run: RunToShow, id: string): Html {
  const found = run.summary.verdict.objectives.find((objective) => objective.id === id);
  if (found === undefined) return html`<td class="number">${NONE}</td>`;
  const { pass, measured, unit, samples, reason, intervalReason } = found;
  const [kind, mark] = pass === null ? ['skipped', '–'] : pass ? ['pass', '✓'] : ['fail', '✕'];
  const text = measured === null || reason !== null ? (reason ?? NONE) : format(measured, unit);
  const interval = intervalText(found);
  const notes = [
    pass === null ? null : pass ? 'held' : 'broken',
    `n = ${format(samples, 'count')}`,
    interval !== null
      ? `${interval} within this run`
      : intervalReason !== null && pass !== null
        ? `no interval: ${intervalReason}`
        : null,
  ].filter((note) => note !== null);
  return html`<td class="number ${kind}" data-objective="${id}" data-run="${run.summary.run.id}" data-pass="${String(pass)}"><span class="mark">${mark}</span> ${text}<small class="of">${notes.join('; ')}</small></td>`;
}

/** Of each objective that failed: whom to look at. */
function culpritsOf({ name, summary: { run, verdict } }: RunToShow): Html {
  const broken = verdict.objectives.filter(
    ({ pass, brokenBy }) => pass === false && brokenBy.listeners.length > 0,
  );
  if (broken.length === 0) return html``;
  return html`<details><summary>Who broke them on ${name}</summary><ul>${broken.map(
    (objective) =>
      html`<li data-broken="${objective.id}" data-run="${run.id}">${objective.title}: ${people(
        objective.brokenBy.count,
      )} (${objective.brokenBy.what}), the worst first: ${objective.brokenBy.listeners.map(
        (one, nth) =>
          html`${nth > 0 && ', '}<bdi>${one.name ?? 'in no plan'}</bdi> #${one.personId} ${valueText(objective, one)}`,
      )}</li>`,
  )}</ul><p class="note">The whole night of one of them: <code>npx ${storyHint(broken)}</code></p></details>`;
}
