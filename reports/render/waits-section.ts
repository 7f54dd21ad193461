/** The part of a report about how long people waited until they were in: the join curve, and what the wait was made of. */
import { chartFigure } from './chart-figure.ts';
import { figure } from './figure.ts';
import { joinFinding } from './findings.ts';
import { phasesFinding } from './findings-over-time.ts';
import { format } from './format.ts';
import { type Html, html } from './html.ts';
import { bodiesOf, bodyName, type MeasureRow } from './measure-rows.ts';
import { PHASE_NAMES } from './phase-names.ts';
import type { RunToShow } from './run-to-show.ts';
import { measuresOf, scrollTable } from './table.ts';

type Runs = readonly RunToShow[];

/** Seconds after setting out at which the table tells the curve. */
const TOLD_S = [0, 0.5, 1, 2, 5, 10, 15, 20, 30, 45, 60] as const;

export function waitsSection(runs: Runs): Html {
  const bodies = bodiesOf(runs.map(({ summary }) => summary));
  if (bodies.length === 0) {
    return html`<section id="waits"><h2>How long people waited</h2><p class="lead">Nobody arrived in the surge, so nobody waited.</p></section>`;
  }
  return html`<section id="waits"><h2>How long people waited</h2>
  <div class="grid">
    ${chartFigure({
      id: 'join-curve',
      topic: 'Getting in',
      finding: joinFinding(runs),
      note: "Cumulative incidence by time since the planned arrival. All arrivals of the surge are the denominator: a curve ends at the share that ever got in. Whom the night's end found waiting is censored there.",
      behind: curveTable(runs),
    })}
    ${chartFigure({
      id: 'phases',
      topic: `The way in, part by part (${bodies[0]})`,
      finding: phasesFinding(runs),
      note: 'Each bar goes from the median to the 99th of 100, on a logarithmic axis (under 1 ms is drawn at 1 ms). Of the try that got in, so of those who did; parts of a way do not add up by their medians.',
      behind: phasesTable(runs, bodies[0]!),
    })}
  </div>
  ${measuresOf('How long people waited', 'From the planned arrival to the first sound', latencyRows(bodies), runs)}
  <p class="note">Over all arrivals of the surge: who never got in counts as longer than everybody else. A listener without audio is in with the seat. Bodies are never pooled.</p></section>`;
}

function latencyRows(bodies: readonly string[]): MeasureRow[] {
  return bodies.flatMap((body) => [
    { path: `joinLatencyMs.${body}.count`, label: `Arrivals ${bodyName(body)}`, unit: 'people' as const },
    ...['p50', 'p90', 'p99'].map((quantile) => ({
      path: `joinLatencyMs.${body}.${quantile}`,
      label: `… ${quantile}`,
      unit: 'ms' as const,
    })),
    { path: `joinLatencyMs.${body}.ofJoined.p50`, label: '… p50 of those who got in', unit: 'ms' as const },
    { path: `joinLatencyMs.${body}.ofJoined.p99`, label: '… p99 of those who got in', unit: 'ms' as const },
  ]);
}

/** A column a run, body and end; ends that a run's log does not tell are left out. */
function curveTable(runs: Runs): Html {
  const columns = runs.flatMap(({ name, charts }) =>
    Object.keys(charts.joinCurve).flatMap((body) => [
      { head: `${name}, ${body}: in`, shares: charts.joinCurve[body] ?? [], stepMs: charts.joinCurveStepMs },
      ...(['gaveUp', 'refused'] as const).map((end) => ({
        head: `${name}, ${body}: ${END_NAMES[end]}`,
        shares: charts.otherEnds[body]?.[end] ?? [],
        stepMs: charts.joinCurveStepMs,
      })),
    ]),
  );
  return scrollTable(
    'Getting in, by time since the planned arrival',
    html`<thead><tr><th scope="col">After</th>${columns.map(({ head }) => html`<th scope="col" class="number">${head}</th>`)}</tr></thead>
    <tbody>${TOLD_S.map(
      (seconds) =>
        html`<tr><th scope="row">${format(seconds, 'seconds')}</th>${columns.map(
          ({ shares, stepMs }) =>
            html`<td class="number">${format(shares[(seconds * 1000) / stepMs], 'share')}</td>`,
        )}</tr>`,
    )}</tbody>`,
  );
}

const END_NAMES = { gaveUp: 'gave up', refused: 'refused' } as const;

function phasesTable(runs: Runs, body: string): Html {
  const phases = Object.keys(PHASE_NAMES).filter((phase) =>
    runs.some(({ summary }) => summary.joinLatencyMs[body]?.phases[phase] !== undefined),
  );
  return scrollTable(
    'The way in, part by part',
    html`<thead><tr><th scope="col">Part</th>${runs.map(({ name }) => ['p50', 'p90', 'p99'].map((head) => html`<th scope="col" class="number">${runs.length > 1 && `${name}, `}${head}</th>`))}</tr></thead>
    <tbody>${phases.map(
      (phase) =>
        html`<tr><th scope="row">${PHASE_NAMES[phase]}</th>${runs.map((run) =>
          ['p50', 'p90', 'p99'].map(
            (quantile) =>
              html`<td class="number">${figure(run, `joinLatencyMs.${body}.phases.${phase}.${quantile}`, 'ms')}</td>`,
          ),
        )}</tr>`,
    )}</tbody>`,
  );
}
