/**
 * What the series of a night say, as titles of charts. Each rule names what the data must have before its sentence may be
 * said; where it does not, the title tells plain facts or only what is shown.
 */
import type { Charts } from '../charts.ts';
import { clock, format, listed } from './format.ts';
import { bodiesOf } from './measure-rows.ts';
import { PHASE_NAMES } from './phase-names.ts';
import type { RunToShow } from './run-to-show.ts';

export type Named = Pick<RunToShow, 'name' | 'summary' | 'charts'>;

/** Fewer losses than these have no course and no main cause: they are counted, and no more is said. */
export const LOSSES_MIN = 20;
/** A burst is one when more than half of the losses lie within so many seconds. */
export const BURST_SECONDS_MAX = 10;
/** And within such a part of the time from the first to the last of them, unless that is no longer than a burst itself. */
export const BURST_PART_MAX = 1 / 3;
/** A core that is so full has nothing left; and less than three seconds of it may be the moment of two looks at it. */
export const FULL_SHARE = 0.9;
export const FULL_SECONDS_MIN = 3;
/** The longest part of the way in must stand out from the next one, over enough people to have a median. */
export const PHASE_RATIO_MIN = 1.5;
export const PHASE_SAMPLES_MIN = 20;
/** What nobody hears. */
export const LOSS_SHARE_HEARD = 0.01;

const CAUSE_WORDS: Readonly<Record<string, string>> = {
  'heartbeat-missed': 'missed heartbeats',
  'pong-timeout': 'pings that the server did not answer',
  'connection-lost': 'broken connections',
  'media-lost': 'broken audio connections',
  'slow-client': 'the rule on slow clients',
  'protocol-error': 'messages that made no sense',
  'room-closed': 'the closing of a room',
  'worker-died': 'the death of a media worker',
  'server-restart': 'a restart of the server',
  displaced: 'another connection of the same person',
};

/** `, most by missed heartbeats`: only where it is most of enough of them. */
export function byCauseWords(byCause: Readonly<Record<string, number | undefined>>): string {
  const total = Object.values(byCause).reduce<number>((sum, losses) => sum + (losses ?? 0), 0);
  const [most] = Object.entries(byCause).sort(([, a], [, b]) => (b ?? 0) - (a ?? 0));
  if (most === undefined || total < LOSSES_MIN) return '';
  const [cause, losses = 0] = most;
  if (2 * losses <= total) return '';
  return `, ${losses === total ? 'all' : 'most'} by ${CAUSE_WORDS[cause] ?? cause}`;
}

/** When seats were lost, and by what. */
export function lossesFinding({ name, charts }: Named): string {
  const bySecond = lossesBySecond(charts);
  const total = bySecond.reduce((sum, losses) => sum + losses, 0);
  if (total === 0) return `${name}: nobody lost a seat against their will`;
  const lost = `${format(total, 'count')} ${total === 1 ? 'seat was' : 'seats were'} lost`;
  const first = bySecond.findIndex((losses) => losses > 0);
  const last = bySecond.findLastIndex((losses) => losses > 0);
  const causes = byCauseWords(totalsOf(charts));
  const burst = total < LOSSES_MIN ? null : burstOf(bySecond, total);
  if (burst === null) {
    const when =
      first === last ? `at ${clock(first * 1000)}` : `from ${clock(first * 1000)} to ${clock(last * 1000)}`;
    return `${name}: ${lost}, ${when}${causes}`;
  }
  return `${name}: most of ${format(total, 'count')} losses of a seat came ${spanWords(charts, burst.from, burst.to)}${causes}`;
}

function totalsOf({ lossesByCause }: Charts): Record<string, number> {
  return Object.fromEntries(
    Object.entries(lossesByCause).map(([cause, losses]) => [
      cause,
      losses.reduce((sum, one) => sum + one, 0),
    ]),
  );
}

function lossesBySecond({ lossesByCause }: Charts): number[] {
  const causes = Object.values(lossesByCause);
  const seconds = Math.max(0, ...causes.map((losses) => losses.length));
  return Array.from({ length: seconds }, (_, second) =>
    causes.reduce((sum, losses) => sum + (losses[second] ?? 0), 0),
  );
}

/** The shortest stretch with more than half of all losses, both seconds included; null where it is no burst. */
function burstOf(bySecond: readonly number[], total: number): { from: number; to: number } | null {
  let best: { from: number; to: number } | null = null;
  let from = 0;
  let within = 0;
  for (let to = 0; to < bySecond.length; to++) {
    within += bySecond[to]!;
    while (2 * (within - bySecond[from]!) > total) within -= bySecond[from++]!;
    if (2 * within > total && (best === null || to - from < best.to - best.from)) best = { from, to };
  }
  if (best === null) return null;
  const seconds = best.to - best.from + 1;
  const span =
    bySecond.findLastIndex((losses) => losses > 0) - bySecond.findIndex((losses) => losses > 0) + 1;
  const isShort =
    seconds <= BURST_SECONDS_MAX && (span <= BURST_SECONDS_MAX || seconds <= BURST_PART_MAX * span);
  return isShort ? best : null;
}

/** `31 s after “The reveal”`, or the time of the night where nothing came before it. */
function spanWords(charts: Charts, from: number, to: number): string {
  const moment = momentBefore(charts, from);
  if (moment === null) {
    return from === to ? `at ${clock(from * 1000)}` : `from ${clock(from * 1000)} to ${clock(to * 1000)}`;
  }
  const since = (second: number) => Math.round(second - moment.atMs / 1000);
  const [a, b] = [since(from), since(to)];
  return `${a === b ? '' : `${a} to `}${b} s after ${quoted(moment.title)}`;
}

/** `, 6 s after “The reveal”`; nothing where no moment came before. */
function afterMoment(charts: Charts, second: number): string {
  const moment = momentBefore(charts, second);
  return moment === null
    ? ''
    : `, ${Math.round(second - moment.atMs / 1000)} s after ${quoted(moment.title)}`;
}

/** The latest moment by then; of several at one instant the one that the night names first. */
function momentBefore({ moments }: Charts, second: number): Charts['moments'][number] | null {
  return moments.reduce<Charts['moments'][number] | null>(
    (latest, moment) =>
      moment.atMs <= second * 1000 && (latest === null || moment.atMs > latest.atMs) ? moment : latest,
    null,
  );
}

const TITLE_MAX = 60;

/** A title of somebody else's inside a sentence of ours: isolated, so that it turns the direction of nothing but itself. */
function quoted(title: string): string {
  const characters = [...title];
  const cut = characters.length > TITLE_MAX ? `${characters.slice(0, TITLE_MAX - 1).join('')}…` : title;
  return `“\u2068${cut}\u2069”`;
}

type Worst = { readonly second: number; readonly value: number };

/** The largest value of a series until the talk's end, and its first second; null: nothing was measured. */
function worstOf(charts: Charts, series: readonly (number | null)[]): Worst | null {
  let worst: Worst | null = null;
  const until = Math.floor(charts.phases.tailEndMs / 1000);
  for (const [second, value] of series.entries()) {
    if (second > until) break;
    if (value !== null && (worst === null || value > worst.value)) worst = { second, value };
  }
  return worst;
}

const NOT_COUNTED =
  'What those already inside heard was not measured: the packets of none of them were counted';

/** Packets that those already inside missed, in their worst second. */
export function insideLossFinding(runs: readonly Named[]): string {
  const found = runs.flatMap(({ name, charts }) => {
    const worst = worstOf(charts, charts.inside.lossShare);
    return worst === null ? [] : [{ name, charts, worst }];
  });
  if (found.length === 0) return NOT_COUNTED;
  const [only] = found;
  if (found.length === 1 && only !== undefined) {
    const { name, charts, worst } = only;
    if (worst.value === 0) return `${name}: those already inside lost none of their packets`;
    return worst.value > LOSS_SHARE_HEARD
      ? `${name}: in their worst second (${clock(worst.second * 1000)}${afterMoment(charts, worst.second)}), those already inside lost ${format(worst.value, 'share')} of the packets`
      : `${name}: in no second did those already inside lose more than ${format(worst.value, 'share')} of the packets`;
  }
  const parts = found.map(
    ({ name, worst }) => `${format(worst.value, 'share')} on ${name} (${clock(worst.second * 1000)})`,
  );
  return `In their worst second, those already inside lost ${listed(parts)} of the packets`;
}

/** The longest silence that one of those already inside had. */
export function insideGapFinding(runs: readonly Named[]): string {
  const parts = runs.flatMap(({ name, charts }) => {
    const worst = worstOf(charts, charts.inside.longestGapMs);
    return worst === null ? [] : [`${format(worst.value, 'ms')} on ${name} (${clock(worst.second * 1000)})`];
  });
  return parts.length === 0
    ? NOT_COUNTED
    : `The longest silence of somebody already inside was ${listed(parts)}`;
}

/** How full the server's processes were. */
export function loadFinding({ name, charts: { load } }: Pick<Named, 'name' | 'charts'>): string {
  const busiest = worstSecond(load.serverCpu);
  if (busiest === null) return `${name}: the CPU of the server is not known`;
  const full = load.serverCpu.flatMap((share, second) => ((share ?? 0) >= FULL_SHARE ? [second] : []));
  if (full.length < FULL_SECONDS_MIN) {
    return `${name}: in its busiest second (${clock(busiest.second * 1000)}) the server took ${format(busiest.value, 'share')} of a core`;
  }
  const sum = (series: readonly (number | null)[]) =>
    full.reduce((total, second) => total + (series[second] ?? 0), 0);
  const both = sum(load.signallingCpu) + sum(load.workerCpu);
  const signalling = sum(load.signallingCpu) / both;
  const most = signalling > 0.5 ? 'signalling' : signalling < 0.5 ? 'media' : null;
  const share = Math.max(signalling, 1 - signalling);
  return `${name}: for ${full.length} s the server took ${format(FULL_SHARE, 'share')} of a core or more${most === null || both === 0 ? '' : `, ${format(share, 'share')} of that for ${most}`}`;
}

function worstSecond(series: readonly (number | null)[]): Worst | null {
  return series.reduce<Worst | null>(
    (worst, value, second) =>
      value !== null && (worst === null || value > worst.value) ? { second, value } : worst,
    null,
  );
}

/** Which part of the way in took longest, where one stands out. */
export function phasesFinding(runs: readonly Pick<Named, 'name' | 'summary'>[]): string {
  const body = bodiesOf(runs.map(({ summary }) => summary))[0];
  const parts = runs.flatMap(({ name, summary }) => {
    const phases = Object.entries(summary.joinLatencyMs[body ?? '']?.phases ?? {})
      .flatMap(([phase, { p50, samples }]) => (p50 === null ? [] : [{ phase, p50, samples }]))
      .sort((a, b) => b.p50 - a.p50);
    const [longest, next] = phases;
    if (longest === undefined || longest.samples < PHASE_SAMPLES_MIN) return [];
    if (longest.p50 < PHASE_RATIO_MIN * Math.max(1, next?.p50 ?? 0)) return [];
    return [
      `${PHASE_NAMES[longest.phase] ?? longest.phase} on ${name} (${format(longest.p50, 'ms')} in the median of ${format(longest.samples, 'people')})`,
    ];
  });
  return parts.length === 0 || parts.length < runs.length
    ? 'What the way in was made of, for those who got in'
    : `The longest part of the way in: ${listed(parts)}`;
}
