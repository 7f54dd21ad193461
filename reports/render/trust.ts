/** The parts of a report about how far to believe it: the generator, scaled times, assumptions, how to repeat it. */
import type { Facts } from './facts.ts';
import { format } from './format.ts';
import { type Html, html } from './html.ts';
import { bodiesOf, TRUST_ROWS } from './measure-rows.ts';
import { reproduceCommands } from './reproduce.ts';
import type { RunToShow } from './run-to-show.ts';
import { measureRow, runHeads, scrollTable } from './table.ts';

type Runs = readonly RunToShow[];

export function trustSection(runs: Runs, facts: Facts): Html {
  const reasons = runs.flatMap(({ name, summary: { verdict } }) => [
    ...(verdict.result === 'void' ? verdict.reasons.map((reason) => `${name} is void: ${reason}`) : []),
    ...verdict.notes.map((note) => `${name}: ${note}`),
  ]);
  const scales = [...new Set(runs.map(({ summary }) => summary.run.scale))];
  return html`<section id="trust"><h2>How far to trust this</h2>
  ${reasons.length > 0 && html`<ul class="doubts">${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}
  <ul>
    <li>Crowd and server ran on one machine over loopback: network time, loss and distance are excluded, and so is the load balancer in front of a real server.</li>
    <li>Presence load goes with the square of scale (0.4 gives 0.16): a night at ${scales.length === 1 ? `scale ${scales[0]}` : 'these scales'} in a room of ${runs[0]?.scenario.rooms.main.seats.toLocaleString('en-US')} seats is no forecast for 5,000.</li>
    <li>${countedSentence(runs)}</li>
    <li>Listeners that carry signalling only have no audio: their join ends at the seat. Bodies are never pooled.</li>
    <li>“Stranded” means within this night; it does not say that they would never have come back.</li>
  </ul>
  ${scrollTable(
    "The generator's own evidence",
    html`<thead><tr><th scope="col">The generator's own evidence</th>${runHeads(runs)}</tr></thead>
  <tbody>${TRUST_ROWS.map((row) => measureRow(row, runs))}
  <tr><th scope="row">Troubles it met</th>${runs.map(
    ({ summary: { generator } }) =>
      html`<td class="number">${
        Object.entries(generator.troubles)
          .map(([cause, times]) => `${cause} ${times}`)
          .join(', ') || 'none'
      }</td>`,
  )}</tr></tbody>`,
  )}
  ${timesPart(runs)}
  ${assumptionsPart(runs, facts)}</section>`;
}

function countedSentence(runs: Runs): string {
  const parts = runs.map(
    ({ name, summary: { incumbents } }) =>
      `${format(incumbents.counted, 'people')} of ${format(incumbents.withMedia, 'people')} on ${name}`,
  );
  return bodiesOf(runs.map(({ summary }) => summary)).some((body) => body !== 'signal')
    ? `Packets are counted where they arrive, for those inside before the surge with real audio: ${parts.join('; ')}.`
    : 'No listener carried real audio: what was heard is not measured.';
}

function timesPart(runs: Runs): Html {
  const run = runs[0];
  if (run === undefined) return html``;
  const { scaled, notScaled } = run.record.times;
  const moved = scaled.filter(({ ms, scaledMs }) => ms !== scaledMs);
  return html`<h3>What of time was scaled</h3>
  <p>${
    moved.length === 0
      ? 'Nothing: every time is as the night has it (time-scale 1).'
      : `Time-scale ${run.summary.run.timeScale}: ${moved.length} times follow it; ${notScaled.length} do not, because what they stand for is not compressed.`
  }</p>
  ${
    moved.length > 0 &&
    html`<details><summary>Every time, as the night has it and as it was played</summary>
  ${scrollTable(
    'Every time, as the night has it and as it was played',
    html`<thead><tr><th scope="col">Time</th><th scope="col" class="number">Night</th><th scope="col" class="number">Played</th></tr></thead><tbody>
  ${moved.map(({ path, ms, scaledMs }) => html`<tr><th scope="row"><code>${path}</code></th><td class="number">${format(ms, 'ms')}</td><td class="number">${format(scaledMs, 'ms')}</td></tr>`)}
  ${notScaled.map(({ path, ms }) => html`<tr><th scope="row"><code>${path}</code></th><td class="number">${format(ms, 'ms')}</td><td class="number">not scaled</td></tr>`)}
  </tbody>`,
  )}</details>`
  }
  ${moved.length === 0 && notScaled.length > 0 && html`<p class="note">These would not follow a time-scale: ${notScaled.map(({ path, ms }) => `${path} (${format(ms, 'ms')})`).join(', ')}.</p>`}`;
}

/** Every parameter of the night with the fact that it comes from, or with the confession that it is assumed. */
function assumptionsPart(runs: Runs, facts: Facts): Html {
  const sources = Object.entries(runs[0]?.scenario.sources ?? {});
  const assumed = sources.filter(([, source]) => 'assumption' in source).length;
  return html`<h3>Facts and assumptions</h3>
  <p>${assumed} of ${sources.length} groups of parameters are assumptions; the others cite what is known of the real nights. An assumption is not a fact, and a result that hangs on one is no better than it.</p>
  <details><summary>Every parameter and where it comes from</summary>
  ${scrollTable(
    'Every parameter and where it comes from',
    html`<thead><tr><th scope="col">Parameter</th><th scope="col">Source</th></tr></thead><tbody>
  ${sources.map(
    ([path, source]) =>
      html`<tr><th scope="row"><code>${path}</code></th><td>${
        'assumption' in source
          ? html`<span class="assumed">assumption</span> ${source.assumption}`
          : html`${source.facts.map((id) => html`<div><b>${id}</b> ${facts.rows.get(id) ?? ''}</div>`)}${source.note !== undefined && html`<div class="note">${source.note}</div>`}`
      }</td></tr>`,
  )}</tbody>`,
  )}</details>
  <h3>What nobody knows</h3><p>${facts.notKnown}</p>`;
}

export function reproduceSection(runs: Runs): Html {
  const run = runs[0];
  if (run === undefined) return html``;
  const { machine, versions } = run.summary.run;
  return html`<section id="reproduce"><h2>How to reproduce</h2>
  <pre tabindex="0"><code>${reproduceCommands(runs).join('\n')}</code></pre>
  <p>The same seed draws the same crowd, person by person: plan digest <code>${run.summary.run.planDigest.slice(0, 16)}</code>. Counts of who is thrown out differ from run to run, because they come from a real server under real load.</p>
  ${scrollTable(
    'Machine and versions',
    html`<tbody>
    <tr><th scope="row">Machine</th><td>${machine.cpuModel}, ${machine.cores} cores, ${format(machine.memoryBytes, 'bytes')}, ${machine.platform} ${machine.kernel} ${machine.arch}</td></tr>
    <tr><th scope="row">Versions</th><td>${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}</td></tr>
    <tr><th scope="row">Played</th><td>${runs.map(({ name, summary }) => html`<div>${name}: ${summary.run.startedAt}, ${format(summary.run.durationMs, 'ms')}</div>`)}</td></tr>
    ${preflightRow(run)}
  </tbody>`,
  )}</section>`;
}

function preflightRow({ record: { preflight } }: RunToShow): Html {
  if (preflight === null) return html``;
  return html`<tr><th scope="row">Preflight</th><td>a presence delivery cost the server ${preflight.serverDeliveryUs.toFixed(1)} µs of CPU, a full server costs the generator ${Math.round(preflight.generatorShare * 100)} % of its core, a join ${preflight.serverJoinMs.toFixed(2)} ms; the burst is worth ${preflight.coresWorth.toFixed(1)} cores of presence to a naive build. Size: ${preflight.reason}.</td></tr>`;
}
