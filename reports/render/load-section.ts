/** The part of a report about where the server's time went. */
import { chartFigure, seriesTable } from './chart-figure.ts';
import { loadFinding } from './findings-over-time.ts';
import { type Html, html } from './html.ts';
import type { MeasureRow } from './measure-rows.ts';
import type { RunToShow } from './run-to-show.ts';
import { measuresOf } from './table.ts';

const ROWS: readonly MeasureRow[] = [
  { path: 'server.cpuSeconds', label: 'CPU of the night, server and media worker', unit: 'seconds' },
  { path: 'server.cpuSecondsByProcess.server', label: '… signalling (the server)', unit: 'seconds' },
  { path: 'server.cpuSecondsByProcess.worker', label: '… media (its worker)', unit: 'seconds' },
  { path: 'server.cpuShareMax', label: 'Busiest second', unit: 'cores' },
  { path: 'server.stallMsMax', label: 'Longest without an answer', unit: 'ms' },
  { path: 'server.rssBytesMax', label: 'Memory at most', unit: 'bytes' },
  { path: 'server.presenceDeliveries', label: 'Presence frames sent', unit: 'count' },
  { path: 'server.presenceDeliveriesPerSecondMax', label: '… in the busiest second', unit: 'count' },
  { path: 'server.messages.out', label: 'Messages sent', unit: 'count' },
  { path: 'server.bytes.out', label: 'Bytes sent, signalling', unit: 'bytes' },
];

export function serverTimeSection(runs: readonly RunToShow[]): Html {
  return html`<section id="server-time"><h2>Where the server's time went</h2>
  <div class="grid">${runs.map((run, nth) => loadFigure(run, nth, runs.length > 1))}</div>
  ${measuresOf("Where the server's time went", 'The server', ROWS, runs)}
  <p class="note">Signalling is everything that the server's own process did: connections, admission, presence, media control. Media is the process that sends the audio.</p></section>`;
}

function loadFigure(run: RunToShow, nth: number, isOneOfSeveral: boolean): Html {
  const { load } = run.charts;
  if (load.serverCpu.every((share) => share === null)) {
    return html`<figure><figcaption><span class="topic">CPU of the server</span> ${loadFinding(run)}</figcaption></figure>`;
  }
  return chartFigure({
    id: `load-${nth}`,
    topic: isOneOfSeveral ? `CPU of ${run.name} over time` : 'CPU of the server over time',
    finding: loadFinding(run),
    note: 'As shares of one core, signalling and media on top of each other.',
    behind: seriesTable(`CPU of ${run.name} over time`, [
      { name: 'Signalling', values: load.signallingCpu, unit: 'share', fold: 'mean' },
      { name: 'Media', values: load.workerCpu, unit: 'share', fold: 'mean' },
      { name: 'Presence frames', values: load.deliveries, unit: 'count', fold: 'mean' },
      { name: 'In the queue', values: load.queue, unit: 'people', fold: 'mean' },
    ]),
  });
}
