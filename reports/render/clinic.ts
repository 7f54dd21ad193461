/** The part of a report about a profiled run: whose the server's CPU was in the surge, and where clinic's own page is. */
import path from 'node:path';
import type { CpuByModule, ServerModule } from '../profile-schema.ts';
import type { Summary } from '../summary-schema.ts';
import { clock, format, NONE } from './format.ts';
import { type Html, html } from './html.ts';
import { scrollTable } from './table.ts';

type Profiled = {
  readonly name: string;
  readonly summary: Summary;
  /** Address of clinic's page from the report; null: none. */
  readonly clinicPage: string | null;
};

const MODULE_WORDS: Readonly<Record<ServerModule, readonly [name: string, what: string]>> = {
  signalling: ['Signalling', 'connections, messages in, answers out'],
  presence: ['Presence', 'telling those inside who came and went'],
  admission: ['Admission', 'who gets in'],
  rooms: ['Rooms', 'who sits where, tickets, the seat journal, the hallway'],
  mediaControl: ['Media control', 'orders to the media worker'],
  log: ['Event log and metrics', 'what measuring costs'],
  gc: ['Garbage collection', 'on the same thread'],
  native: ['Outside JavaScript', 'the event loop and the kernel under it, called by no function'],
  other: ['The rest', 'Node, and what belongs to none of these'],
};

/** Where clinic's page lies as seen from a report; null: there is none. */
export function clinicPageOf(runDir: string, reportDir: string, { run }: Summary): string | null {
  const page = run.profiler?.page ?? null;
  if (page === null) return null;
  const file = path.relative(reportDir, path.join(runDir, page));
  return file.split(path.sep).map(encodeURIComponent).join('/');
}

/** What the profile says in one sentence. It names a cause only where one part took more than half. */
export function profileFinding(name: string, { modules, mainThreadMs, samples }: CpuByModule): string {
  const [most] = inOrder(modules);
  if (most === undefined || samples === 0) return `${name}: nobody saw the server at work in the surge`;
  const [module, { share, cpuMs }] = most;
  const took = `${format(share, 'share')} of the server's main thread in the surge, ${format(cpuMs, 'ms')} of ${format(mainThreadMs, 'ms')}`;
  const what = MODULE_WORDS[module][0];
  return share > 0.5
    ? `${name}: ${what} took ${took}`
    : `${name}: no part took half; the most was ${what}, ${took}`;
}

/** Nothing where no run was profiled. */
export function clinicSection(runs: readonly Profiled[]): Html {
  const profiled = runs.filter(({ summary }) => summary.run.profiler !== null);
  if (profiled.length === 0) return html``;
  return html`<section id="clinic"><h2>Whose the server's CPU was</h2>${profiled.map(oneRun)}</section>`;
}

function oneRun({ name, summary: { run, server }, clinicPage }: Profiled): Html {
  const { tool, problem } = run.profiler!;
  const figures = server.cpuByModule;
  return html`<p class="lead">${name} was profiled with clinic ${tool}. A profiler costs CPU itself, so that no gate, comparison or capacity takes this run, and its other figures are worse than they would have been.</p>
  ${clinicPage !== null && html`<p><a href="${clinicPage}">clinic's own page (${tool})</a>, beside this report.</p>`}
  ${problem !== null && html`<p class="note">Missing: ${problem}.</p>`}
  ${figures !== null && [modulesTable(name, figures), functionsTable(name, figures)]}`;
}

function modulesTable(name: string, figures: CpuByModule): Html {
  const { modules, mainThreadMs, otherThreadsMs, processMs, workerMs, samples, fromMs, toMs } = figures;
  const row = (title: string, note: string, cpuMs: number | null, share: string) =>
    html`<tr><th scope="row">${title}<div class="note">${note}</div></th><td class="number">${format(cpuMs, 'ms')}</td><td class="number">${share}</td></tr>`;
  return html`<h3>${profileFinding(name, figures)}</h3>
  ${scrollTable(
    `CPU by part of the server: ${name}`,
    html`<thead><tr><th scope="col">Part of the server</th><th scope="col" class="number">CPU</th><th scope="col" class="number">Share</th></tr></thead>
  <tbody>${inOrder(modules).map(([module, { cpuMs, share }]) => row(...MODULE_WORDS[module], cpuMs, format(share, 'share')))}
  ${row('The main thread in all', `${format(samples, 'count')} stacks seen at work, ${clock(fromMs)} to ${clock(toMs)}`, mainThreadMs, format(1, 'share'))}
  ${row('Other threads', 'the collector and the compiler at work beside it, the voice', otherThreadsMs, NONE)}
  ${row("The server's process", 'both', processMs, NONE)}
  ${row('The media worker meanwhile', 'from /proc', workerMs, NONE)}</tbody>`,
  )}
  <p class="note">Each stack is charged to the nearest function of a part; sockets, encoding and Node itself to whoever called them.</p>`;
}

function functionsTable(name: string, { functions }: CpuByModule): Html {
  if (functions.length === 0) return html``;
  return html`<details><summary>The dearest functions of ${name}</summary>
  ${scrollTable(
    `The dearest functions of ${name}`,
    html`<thead><tr><th scope="col">Function</th><th scope="col">Part</th><th scope="col" class="number">CPU</th><th scope="col" class="number">Share</th></tr></thead>
  <tbody>${functions.map(
    ({ name: called, file, line, module, cpuMs, share }) =>
      html`<tr><th scope="row"><code>${called}</code><div class="note"><code>${file}${line > 0 && `:${line}`}</code></div></th><td>${MODULE_WORDS[module][0]}</td><td class="number">${format(cpuMs, 'ms')}</td><td class="number">${format(share, 'share')}</td></tr>`,
  )}</tbody>`,
  )}</details>`;
}

function inOrder(modules: CpuByModule['modules']): [ServerModule, CpuByModule['modules'][ServerModule]][] {
  const entries = Object.entries(modules) as [ServerModule, CpuByModule['modules'][ServerModule]][];
  return entries.sort(([, a], [, b]) => b.cpuMs - a.cpuMs);
}
