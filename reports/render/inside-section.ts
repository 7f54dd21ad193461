/** The part of a report about those who were in when the surge began: what they lost of the talk while others came. */
import { chartFigure, seriesTable } from './chart-figure.ts';
import { insideGapFinding, insideLossFinding } from './findings-over-time.ts';
import { format, people } from './format.ts';
import { type Html, html } from './html.ts';
import type { MeasureRow } from './measure-rows.ts';
import type { RunToShow } from './run-to-show.ts';
import { measuresOf } from './table.ts';

const ROWS: readonly MeasureRow[] = [
  { path: 'incumbents.count', label: 'Inside when the surge began', unit: 'people' },
  { path: 'incumbents.counted', label: '… whose packets are counted', unit: 'people' },
  { path: 'incumbents.lossShareBefore', label: 'Packets lost before the surge', unit: 'share' },
  { path: 'incumbents.lossShareSurge', label: 'Packets lost in the surge', unit: 'share' },
  {
    path: 'incumbents.harmedShare',
    label: 'Lost more than 1 % of their packets in the surge',
    unit: 'share',
  },
  {
    path: 'incumbents.listenerLossShareSurge.worst',
    label: 'Lost by the worst off in the surge',
    unit: 'share',
  },
  { path: 'incumbents.longestGapBeforeMs', label: 'Longest silence before the surge', unit: 'ms' },
  { path: 'incumbents.longestGapMs', label: 'Longest silence in the surge', unit: 'ms' },
  { path: 'incumbents.listenerGapSurgeMs.p50', label: "A listener's longest silence, median", unit: 'ms' },
  { path: 'incumbents.lateMs', label: 'Heard late by, at most, in the surge', unit: 'ms' },
  { path: 'incumbents.jitterAddedMs.p99', label: 'Jitter that the surge added, p99', unit: 'ms' },
];

export function insideSection(runs: readonly RunToShow[]): Html {
  const counted = runs.some(({ charts }) => charts.inside.lossShare.some((share) => share !== null));
  return html`<section id="inside"><h2>What those already inside suffered</h2>
  ${runs.map((run) => html`<p class="lead">${insideSentence(run)}</p>`)}
  ${
    counted &&
    html`<div class="grid">
    ${chartFigure({
      id: 'inside-loss',
      topic: 'Packets lost by those already inside',
      finding: insideLossFinding(runs),
      note: 'Whoever is thrown out is counted no longer, so that a calm line may be that of the few who are left.',
      behind: behind('Packets lost by those already inside', runs, 'lossShare'),
    })}
    ${chartFigure({
      id: 'inside-gap',
      topic: 'Longest silence of one of them',
      finding: insideGapFinding(runs),
      note: `Between two packets, in each second. A packet is due every ${runs[0]?.scenario.server.frameMs} ms.`,
      behind: behind('Longest silence of those already inside', runs, 'longestGapMs'),
    })}
  </div>`
  }
  ${measuresOf('What those already inside suffered', 'Those already inside', ROWS, runs)}</section>`;
}

function insideSentence({ name, summary: { incumbents } }: RunToShow): string {
  if (incumbents.count === 0) return `On ${name} nobody was inside when the surge began.`;
  const inside = `On ${name}, ${people(incumbents.count)} ${incumbents.count === 1 ? 'was' : 'were'} inside when the surge began`;
  if (incumbents.counted === 0)
    return `${inside}; none of their packets were counted, so what they heard is not known.`;
  const { lossShareBefore, lossShareSurge } = incumbents;
  const lost =
    lossShareBefore === null || lossShareSurge === null
      ? ''
      : `: ${format(lossShareBefore, 'share')} of them were lost before the surge, ${format(lossShareSurge, 'share')} in it`;
  return `${inside}; the packets of ${format(incumbents.counted, 'people')} are counted${lost}.`;
}

function behind(label: string, runs: readonly RunToShow[], series: 'lossShare' | 'longestGapMs'): Html {
  return seriesTable(
    label,
    runs.flatMap(({ name, charts: { inside } }) => [
      {
        name,
        values: inside[series],
        unit: series === 'lossShare' ? ('share' as const) : ('ms' as const),
        fold: 'max' as const,
      },
      { name: `n on ${name}`, values: inside.counted, unit: 'people' as const, fold: 'max' as const },
    ]),
  );
}
