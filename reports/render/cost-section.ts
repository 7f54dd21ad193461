/** The part of a report about what 1,000 listeners cost, and between which sizes that was measured: what a planner buys by. */
import { costFinding } from './findings.ts';
import { format, listed } from './format.ts';
import { type Html, html } from './html.ts';
import { bodyName, type MeasureRow } from './measure-rows.ts';
import type { RunToShow } from './run-to-show.ts';
import { measuresOf } from './table.ts';

const AT = 'server.unitCosts.perThousand';

const ROWS: readonly MeasureRow[] = [
  { path: `${AT}.inBefore`, label: 'Measured from so many in the room', unit: 'people' },
  { path: `${AT}.inAfter`, label: '… to so many', unit: 'people' },
  { path: `${AT}.withMediaShare`, label: 'Of those who were more: received audio', unit: 'share' },
  { path: `${AT}.cores.signalling`, label: 'Signalling, for 1,000 of this mix', unit: 'cores' },
  { path: `${AT}.cores.media`, label: 'Media, for 1,000 of this mix', unit: 'cores' },
  { path: `${AT}.withMedia.mediaCores`, label: 'Media, for 1,000 who all receive audio', unit: 'cores' },
  {
    path: `${AT}.memoryBytes.signalling`,
    label: 'Memory of signalling, for 1,000 of this mix',
    unit: 'bytes',
  },
  { path: `${AT}.memoryBytes.media`, label: 'Memory of media, for 1,000 of this mix', unit: 'bytes' },
  {
    path: `${AT}.withMedia.mediaMemoryBytes`,
    label: 'Memory of media, for 1,000 who all receive audio',
    unit: 'bytes',
  },
  { path: `${AT}.egressMbit.signalling`, label: 'Sent for signalling, for 1,000 of this mix', unit: 'mbit' },
  { path: `${AT}.egressMbit.media`, label: 'Sent for media, for 1,000 of this mix', unit: 'mbit' },
  {
    path: `${AT}.withMedia.mediaEgressMbit`,
    label: 'Sent for media, for 1,000 who all receive audio',
    unit: 'mbit',
  },
];

const JOIN_ROWS: readonly MeasureRow[] = [
  {
    path: 'server.unitCosts.joins',
    label: 'Times that somebody got in (n of the rows below)',
    unit: 'count',
  },
  { path: 'server.unitCosts.cpuMsPerJoin.server', label: 'A join: CPU of signalling', unit: 'ms' },
  { path: 'server.unitCosts.cpuMsPerJoin.worker', label: 'A join: CPU of media', unit: 'ms' },
  {
    path: 'server.unitCosts.bytesPerJoin',
    label: 'A join: bytes of signalling, both directions',
    unit: 'bytes',
  },
  { path: 'server.unitCosts.messagesPerJoin', label: 'A join: messages, both directions', unit: 'count' },
];

export function costSection(runs: readonly RunToShow[]): Html {
  return html`<section id="cost"><h2>What 1,000 listeners cost</h2>
  ${runs.map((run) => html`<p class="lead">${costFinding(run)}. ${rangeSentence(run)}</p>`)}
  ${measuresOf('What 1,000 listeners cost', 'What 1,000 more in the room take', [...ROWS, ...JOIN_ROWS], runs)}
  <p class="note">From CPU, memory and bytes before the surge and in the steady end of the talk. Cores are shares of one core of this machine. The media of those without audio costs nothing, so all of it is laid on those who receive it; what signalling takes is not told apart by body. Sent for media: packets as they were sent to the counted listeners, each with the mean frame of the voice and 50 bytes of headers. The intervals are within this run, over its seconds: nights of several seeds say how far it moves from night to night. Memory has none, because it is the difference of two peaks; people in the room were counted. n is how many people more there were, or how many joins. One below nothing is smaller than what moved without the listeners. Beyond the range it is a guess, because presence grows with the square of the room.</p></section>`;
}

function rangeSentence({
  summary: {
    server: {
      unitCosts: { perThousand },
      reason,
    },
  },
}: RunToShow): string {
  const { inBefore, inAfter, added, withMediaShare } = perThousand;
  if (inBefore === null || inAfter === null) {
    return reason === null
      ? 'It takes a night at whose end at least a tenth more people are in than before the surge.'
      : `The reason: ${reason}.`;
  }
  const mix = Object.entries(added)
    .filter(([, share]) => share !== null && share >= 0.0005)
    .sort(([, a], [, b]) => (b ?? 0) - (a ?? 0))
    .map(([body, share]) => `${format(share, 'share')} ${bodyName(body)}`);
  const media =
    withMediaShare === null || withMediaShare >= 0.01
      ? ''
      : ' Fewer than one in a hundred of them received audio, so what media costs was not measured.';
  return `Measured between ${format(inBefore, 'people')} and ${format(inAfter, 'people')} people in the room; those who were more: ${mix.length === 0 ? 'of bodies that are not known' : listed(mix)}.${media}`;
}
