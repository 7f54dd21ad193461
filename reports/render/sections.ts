/** The parts of a report about what happened: verdicts, charts, tables, overflow, ablation. */
import type { Ablation } from '../ablation.ts';
import { valueAt } from '../measures/paths.ts';
import { cellText } from './cell.ts';
import {
  crowdFinding,
  ejectionFinding,
  joinFinding,
  loadFinding,
  overflowFinding,
  strandedFinding,
  verdictSentence,
} from './findings.ts';
import { clock, format, NONE, type Unit } from './format.ts';
import { type Html, html } from './html.ts';
import { type MeasureRow, measureGroups } from './measure-rows.ts';
import type { RunToShow } from './run-to-show.ts';

export type Runs = readonly RunToShow[];

const MARK = { pass: '✓', fail: '✕', void: '?' } as const;

export function verdictCards(runs: Runs): Html {
  return html`<div class="cards">${runs.map(
    (run) => html`
    <article class="card ${run.summary.verdict.result}">
      <h2><span class="badge">${MARK[run.summary.verdict.result]} ${run.summary.verdict.result}</span> ${run.name}</h2>
      <p class="sentence">${verdictSentence(run)}</p>
      <dl class="facts">
        ${keyFigure('Never got in', run, 'crowd.neverInShare', 'share')}
        ${keyFigure('Thrown out', run, 'ejections.people', 'people')}
        ${keyFigure('Stranded', run, 'ejections.stranded', 'people')}
        ${keyFigure('Server CPU', run, 'server.cpuSeconds', 'seconds')}
      </dl>
    </article>`,
  )}</div>`;
}

function keyFigure(label: string, run: RunToShow, path: string, unit: Unit): Html {
  return html`<div><dt>${label}</dt><dd ${measureAttributes(run, path)}>${format(valueAt(run.summary, path), unit)}</dd></div>`;
}

/** So that a program can compare what the page says with summary.json. */
function measureAttributes({ summary }: RunToShow, path: string): Html {
  return html`data-measure="${path}" data-run="${summary.run.id}" data-value="${String(valueAt(summary, path))}"`;
}

export function crowdCharts(runs: Runs): Html {
  return html`<section><h2>The crowd over time</h2>
  <p class="lead">Everybody who had set out, by what became of them, second by second. Same axes for every run.</p>
  ${runs.map(
    (run, nth) => html`<figure>
      <figcaption>${crowdFinding(run)}</figcaption>
      <div class="chart tall"><canvas id="crowd-${nth}" role="img" aria-label="${crowdFinding(run)}"></canvas></div>
    </figure>`,
  )}
  <ol class="moments">${(runs[0]?.charts.moments ?? []).map(
    ({ title, atMs }) => html`<li><b>${clock(atMs)}</b> ${title}</li>`,
  )}</ol></section>`;
}

export function comparisonCharts(runs: Runs): Html {
  const nobodyOut = runs.every(({ summary }) => summary.ejections.people === 0);
  return html`<section class="grid">
    ${chart('join-curve', 'Getting in', joinFinding(runs), 'Share in, by time since the planned arrival. All arrivals of the surge are the denominator: a curve ends at the share that ever got in.')}
    ${nobodyOut ? html`<figure><p class="topic">Thrown out</p><figcaption>Nobody was thrown out, so nobody had to come back</figcaption></figure>` : ''}
    ${!nobodyOut && chart('causes', 'Thrown out, by cause', ejectionFinding(runs), 'Each loss of a seat once: as its listener felt it, or by the server where the listener never noticed.')}
    ${!nobodyOut && chart('comebacks', 'Coming back', strandedFinding(runs), 'What became of the people who were thrown out, after their last loss.')}
    ${chart('load', 'The server at work', loadFinding(runs), 'CPU of the server and its media worker, as a share of one core.')}
  </section>`;
}

function chart(id: string, topic: string, finding: string, note: string): Html {
  return html`<figure><p class="topic">${topic}</p><figcaption>${finding}</figcaption>
    <div class="chart"><canvas id="${id}" role="img" aria-label="${finding}"></canvas></div>
    <p class="note">${note}</p></figure>`;
}

export function measuresTable(runs: Runs): Html {
  return html`<section><h2>Measures</h2>
  <div class="scroll"><table><thead><tr><th>Measure</th>${runs.map(({ name }) => html`<th class="number">${name}</th>`)}</tr></thead>
  ${measureGroups(runs.map(({ summary }) => summary)).map(
    ({ title, rows }) =>
      html`<tbody><tr class="group"><th colspan="${runs.length + 1}">${title}</th></tr>${rows.map((row) =>
        measureRow(row, runs),
      )}</tbody>`,
  )}</table></div>
  <p class="note">${NONE} means that there is nothing to measure it by. “Not reached” means that so many never got in that the quantile falls among them.</p></section>`;
}

export function measureRow({ path, label, unit }: MeasureRow, runs: Runs): Html {
  return html`<tr><th scope="row">${label}</th>${runs.map(
    (run) =>
      html`<td class="number" ${measureAttributes(run, path)}>${cellText(run.summary, path, unit)}</td>`,
  )}</tr>`;
}

export function overflowSection(runs: Runs): Html {
  return html`<section><h2>What overflow did</h2>${runs.map((run) => html`<p>${overflowFinding(run)}</p>`)}</section>`;
}

export function ablationSection(ablation: Ablation | null): Html {
  if (ablation === null) return html``;
  const naive = ablation.rows.find(({ mended }) => mended === null);
  return html`<section><h2>What each feature contributes</h2>
  <p class="lead">${ablation.profile} with one feature mended at a time, the same crowd each time (seed ${ablation.seed}, scale ${ablation.scale}, ${ablation.machine.cpuModel}, ${ablation.measuredAt}).</p>
  <div class="scroll"><table><thead><tr><th>Mended</th><th class="number">Server CPU</th><th class="number">Seats lost</th><th class="number">Stranded</th><th class="number">Never got in</th><th class="number">Tries to come back</th><th>Verdict</th></tr></thead>
  <tbody>${ablation.rows.map(
    (row) => html`<tr><th scope="row">${row.mended ?? 'nothing: as it is'}</th>
      <td class="number">${format(row.serverCpuSeconds, 'seconds')}${row.mended !== null && naive !== undefined ? ` (${changeOf(row.serverCpuSeconds, naive.serverCpuSeconds)})` : ''}</td>
      <td class="number">${format(row.ejectionsInvoluntary, 'count')}</td><td class="number">${format(row.stranded, 'people')}</td>
      <td class="number">${format(row.neverInShare, 'share')}</td><td class="number">${format(row.rejoinAttempts, 'count')}</td><td>${row.result}</td></tr>`,
  )}</tbody></table></div></section>`;
}

function changeOf(now: number, before: number): string {
  if (before === 0) return NONE;
  const percent = Math.round((now / before - 1) * 100);
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${Math.abs(percent)} %`;
}
