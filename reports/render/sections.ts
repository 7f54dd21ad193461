/** The parts of a report at its beginning and its end: verdicts and promises, every figure, ablation. */
import type { Ablation } from '../ablation.ts';
import { figure } from './figure.ts';
import { promisesFinding, verdictSentence } from './findings.ts';
import { format, NONE, type Unit } from './format.ts';
import { type Html, html } from './html.ts';
import { measureGroups } from './measure-rows.ts';
import { missingNote } from './missing.ts';
import { objectivesTable } from './objectives.ts';
import { oraclesTable } from './oracles.ts';
import type { RunToShow } from './run-to-show.ts';
import { measureRow, runHeads, scrollTable } from './table.ts';

type Runs = readonly RunToShow[];

const MARK = { pass: '✓', fail: '✕', void: '?' } as const;

export function verdictSection(runs: Runs): Html {
  return html`<section id="verdict"><h2>The verdict</h2><div class="cards">${runs.map(
    (run) => html`
    <article class="card ${run.summary.verdict.result}">
      <h3><span class="badge">${MARK[run.summary.verdict.result]} ${run.summary.verdict.result}</span> ${run.name}</h3>
      <p class="sentence">${verdictSentence(run)}</p>
      <dl class="facts">
        ${keyFigure('Never got in', run, 'crowd.neverInShare', 'share')}
        ${keyFigure('Thrown out', run, 'ejections.people', 'people')}
        ${keyFigure('Stranded', run, 'ejections.stranded', 'people')}
        ${keyFigure('Server CPU', run, 'server.cpuSeconds', 'seconds')}
      </dl>
    </article>`,
  )}</div>${missingNote(runs)}</section>`;
}

function keyFigure(label: string, run: RunToShow, path: string, unit: Unit): Html {
  return html`<div><dt>${label}</dt><dd>${figure(run, path, unit)}</dd></div>`;
}

export function promisesSection(runs: Runs): Html {
  return html`<section id="promises"><h2>What was promised and what held</h2>
  ${runs.map((run) => html`<p class="lead">${promisesFinding(run)}.</p>`)}
  ${objectivesTable(runs)}
  ${oraclesTable(runs)}</section>`;
}

/** Every figure of the summaries that a reader may ask for, closed: the sections before it tell the story. */
export function figuresSection(runs: Runs): Html {
  const groups = measureGroups(runs.map(({ summary }) => summary));
  return html`<section id="figures"><h2>Every figure</h2>
  <details><summary>All measures of ${runs.length === 1 ? 'the run' : 'the runs'}, as summary.json has them</summary>
  ${scrollTable(
    'Every figure',
    html`<thead><tr><th scope="col">Measure</th>${runHeads(runs)}</tr></thead>
  ${groups.map(
    ({ title, rows }) =>
      html`<tbody><tr class="group"><th colspan="${runs.length + 1}" scope="rowgroup">${title}</th></tr>${rows.map(
        (row) => measureRow(row, runs),
      )}</tbody>`,
  )}`,
  )}</details>
  <p class="note">${NONE} means that there is nothing to measure it by. “Not reached” means that so many never got in that the quantile falls among them. “n” is how many people or samples a figure is about, “95 %” its interval within this run; docs/guides/reading-a-report.md says which figures have none, and why. What each figure means: docs/reference/measures.md.</p></section>`;
}

export function ablationSection(ablation: Ablation | null): Html {
  if (ablation === null) return html``;
  const naive = ablation.rows.find(({ mended }) => mended === null);
  return html`<section id="ablation"><h2>What each feature contributes</h2>
  <p class="lead">${ablation.profile} with one feature mended at a time, the same crowd each time (seed ${ablation.seed}, scale ${ablation.scale}, ${ablation.machine.cpuModel}, ${ablation.measuredAt}).</p>
  ${scrollTable(
    'What each feature contributes',
    html`<thead><tr><th scope="col">Mended</th>${['Server CPU', 'Seats lost', 'Stranded', 'Never got in', 'Tries to come back'].map((head) => html`<th scope="col" class="number">${head}</th>`)}<th scope="col">Verdict</th></tr></thead>
  <tbody>${ablation.rows.map(
    (row) => html`<tr><th scope="row">${row.mended ?? 'nothing: as it is'}</th>
      <td class="number">${format(row.serverCpuSeconds, 'seconds')}${row.mended !== null && naive !== undefined ? ` (${changeOf(row.serverCpuSeconds, naive.serverCpuSeconds)})` : ''}</td>
      <td class="number">${format(row.ejectionsInvoluntary, 'count')}</td><td class="number">${format(row.stranded, 'people')}</td>
      <td class="number">${format(row.neverInShare, 'share')}</td><td class="number">${format(row.rejoinAttempts, 'count')}</td><td>${row.result}</td></tr>`,
  )}</tbody>`,
  )}</section>`;
}

function changeOf(now: number, before: number): string {
  if (before === 0) return NONE;
  const percent = Math.round((now / before - 1) * 100);
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %`;
}
