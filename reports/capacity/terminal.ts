/** What a search found, in 80 columns: a line a probe while it goes on, and a table of the builds at its end. */
import { COLUMNS_MAX, cut, wrap } from '../render/columns.ts';
import { format, NONE, scaleText } from '../render/format.ts';
import type { CapacityFile, CapacityProbe, CapacityResult } from './schema.ts';

/**
 * One probe: scale, arrivals a second in the fullest second, what came of it, objectives, the busiest process.
 *
 * @param end the last cell: how long it still takes.
 */
export function probeLine(profile: string, probe: CapacityProbe, end: string): string {
  const { scale, arrivalsPerSecond, outcome, objectives, failed, evidence, reasons } = probe;
  const judged = outcome === 'held' || outcome === 'failed';
  const [name, share] = busiestOf(evidence);
  const cells = [
    profile.padEnd(15),
    scaleText(scale).padStart(6),
    `${format(arrivalsPerSecond, 'count')}/s`.padStart(9),
    ` ${outcome.padEnd(9)}`,
    (judged ? `${objectives - failed.length} of ${objectives}` : NONE).padStart(8),
    ` ${`${name} ${Math.round(share * 100)} %`.padEnd(15)}`,
    end,
  ];
  const why =
    outcome === 'failed' ? (failed[0]?.title ?? reasons[0]) : outcome === 'held' ? null : reasons[0];
  return cells.join(' ') + (why ? `\n${wrapped(why, '    ')}` : '');
}

/** Over the lines of probes. */
export const PROBE_HEAD = [
  'build'.padEnd(15),
  'scale'.padStart(6),
  'arrivals'.padStart(9),
  ' outcome'.padEnd(10),
  'hold'.padStart(8),
  ' busiest'.padEnd(16),
  'time',
].join(' ');

/** The end: what each build carries, with its interval, and what gave in. */
export function capacityTable({ night, searches, ratio, finished }: CapacityFile): string {
  const lines = [
    `${cut(night.title, COLUMNS_MAX - 12)}: what holds`,
    ['build'.padEnd(15), 'scale'.padStart(7), 'interval'.padStart(16), 'arrivals'.padStart(10)].join(' ') +
      ['seated'.padStart(9), 'crowd'.padStart(9), 'probes'.padStart(7)].join(' '),
  ];
  for (const { profile, result, probes } of searches) {
    const { held, interval, limit } = result;
    lines.push(
      [
        profile.padEnd(15),
        (held === null ? NONE : `${result.kind === 'knee' ? '' : '≥ '}${scaleText(held.scale)}`).padStart(7),
        `${shortOr(interval.low)} – ${shortOr(interval.high)}`.padStart(16),
        (held === null ? NONE : `${format(held.arrivalsPerSecond, 'count')}/s`).padStart(10),
      ].join(' ') +
        [
          format(held?.seatedMax, 'people').padStart(9),
          format(held?.people, 'people').padStart(9),
          String(probes.length).padStart(7),
        ].join(' '),
      wrapped(sentenceOf(result), '  '),
      ...(limit === null ? [] : [wrapped(`What gave in: ${limit.sentence}.`, '  ')]),
    );
  }
  if (ratio !== null) {
    const range = `${shortOr(ratio.low)} – ${shortOr(ratio.high)}`;
    lines.push(
      wrapped(
        `${ratio.profile} carries ${scaleText(ratio.value)} times what ${ratio.to} does (${range}).`,
        '',
      ),
    );
  }
  if (!finished) lines.push('Not finished.');
  return `${lines.join('\n')}\n`;
}

/** What may be said of a build, in words. */
export function sentenceOf({ kind, held, gaveIn, isNarrow }: CapacityResult): string {
  const at =
    held === null ? 'no scale' : `scale ${scaleText(held.scale)} (${held.arrivalsPerSecond} a second)`;
  const upper =
    gaveIn === null
      ? ''
      : `scale ${scaleText(gaveIn.scale)} (${format(gaveIn.arrivalsPerSecond, 'count')} a second)`;
  switch (kind) {
    case 'knee':
      return (
        `Knee: all objectives held at ${at} in ${held!.heldProbes} of ${held!.probes} probes, and not at ${upper}.` +
        (isNarrow ? '' : ' The time was up before the interval was narrow: more --minutes narrow it.')
      );
    case 'generator':
      return `No knee: at least ${at}; the generator gave in at ${upper}, and the server did not before it.`;
    case 'beyond':
      return `No knee: ${at} holds, which is the largest that was allowed; try a larger --scale-max.`;
    case 'below':
      return `No knee: even ${upper}, the smallest, does not hold.`;
    case 'void':
      return `No knee: too many probes were void. Let nothing else run on this machine. Held: ${at}.`;
    case 'unfinished':
      return `No knee yet: ${at} held${held === null || held.confirmed ? '' : ', without three probes for it'}${upper === '' ? '' : `; ${upper} did not`}.`;
  }
}

/** Of the processes whose share is known. */
function busiestOf({
  serverShare,
  workerShare,
  swarmShare,
}: CapacityProbe['evidence']): readonly [string, number] {
  const shares = [
    ['server', serverShare],
    ['worker', workerShare],
    ['generator', swarmShare],
  ] as const;
  return shares.reduce((most, one) => (one[1] > most[1] ? one : most));
}

function shortOr(value: number | null): string {
  return value === null ? '?' : scaleText(value);
}

function wrapped(text: string, indent: string): string {
  return wrap(text, COLUMNS_MAX, indent).join('\n');
}
