/** The cells of the gate's tables, the same on a terminal and in Markdown. */
import { format, NONE } from '../render/format.ts';
import type { Affected } from './exact.ts';
import { countsAtKnee } from './knee.ts';
import type { GateKnee } from './knee-schema.ts';
import { kneeFoundWords } from './knee-words.ts';
import type { EventJudged, GateFile, GateSide, RatioJudged, WallClockShown } from './schema.ts';
import { figure, risePercent } from './words.ts';

/** `HEAD~1 (0123abc)`; changes that are in no commit are said. */
export function sideName({ kind, name, commit, dirty }: GateSide): string {
  const short = commit?.slice(0, 7) ?? null;
  const inside = [short === name ? null : short, dirty === true ? 'with changes' : null].filter(
    (one) => one !== null,
  );
  const shown = kind === 'this-tree' ? 'this tree' : name;
  return inside.length === 0 ? shown : `${shown} (${inside.join(', ')})`;
}

/** What is said of a cost in a word or two. */
function ratioFinding({ status, significant }: RatioJudged): string {
  if (significant) return 'WORSE';
  return status === 'judged' ? '' : status;
}

export function ratioCells(row: RatioJudged): readonly string[] {
  const { title, unit, baseMean, candidateMean, ratio, interval, smallestSeen } = row;
  return [
    title,
    figure(baseMean, unit),
    figure(candidateMean, unit),
    ratio === null ? NONE : risePercent(ratio),
    interval === null ? '' : `${risePercent(interval.from)} to ${risePercent(interval.to)}`,
    smallestSeen === null ? NONE : risePercent(smallestSeen),
    ratioFinding(row),
  ];
}

export function eventCells(row: EventJudged): readonly string[] {
  const { title, base, candidate, smallestRateSeen, status, significant } = row;
  return [
    title,
    runsText(base),
    runsText(candidate),
    smallestRateSeen === null ? NONE : `${format(smallestRateSeen, 'share')} of runs`,
    significant ? 'WORSE' : status === 'judged' ? '' : status,
  ];
}

function runsText({ runs, affected }: Affected): string {
  return runs === 0 ? NONE : `${affected} of ${runs}`;
}

export function wallClockCells(row: WallClockShown): readonly string[] {
  const { title, unit, baseMedian, candidateMedian, ratio, interval } = row;
  return [
    title,
    figure(baseMedian, unit),
    figure(candidateMedian, unit),
    ratio === null ? NONE : risePercent(ratio),
    interval === null ? '' : `${risePercent(interval.from)} to ${risePercent(interval.to)}`,
  ];
}

/** The heads of the knee's table; none of a gate that was not asked for it. */
export const KNEE_HEADS = ['Nights that failed at', 'base', 'candidate', 'seen', ''] as const;

export function kneeCells(knee: GateKnee): readonly string[] {
  const { status, level, base, candidate, smallestRateSeen, significant } = knee;
  const at = level?.arrivalsPerSecond ?? null;
  return [
    at === null ? 'the knee' : `${format(at, 'count')} arrivals/s`,
    runsText(base),
    runsText(candidate),
    smallestRateSeen === null ? NONE : `${format(smallestRateSeen, 'share')} of nights`,
    significant ? 'WORSE' : status === 'judged' ? '' : status,
  ];
}

export function verdictWord({ verdict }: GateFile): string {
  return verdict.result === 'regression' ? 'REGRESSION' : verdict.result;
}

/** How much stands behind the verdict. */
export function basisWords({ runs, looks, voidRuns, options, knee }: GateFile): string {
  const count =
    runs.kind === 'paired'
      ? `${counted(runs.pairs.length, 'pair')} of runs`
      : `${counted(runs.candidate.length, 'run')} against ${runs.base.length} stored ones`;
  const taken =
    looks.length === 0 ? 'no look yet' : `looked at after ${looks.map((look) => look.runs).join(', ')}`;
  return (
    `${count}, ${taken}; ${counted(voidRuns.length, 'void run')}. A false alarm at most ${format(options.alpha, 'share')} of the ` +
    `time over all looks and measures${knee === null ? '' : ' and the knee'}; a cost may rise by ${format(options.tolerance, 'share')}.`
  );
}

function counted(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}

/** What stands beside the basis, in every output. */
export function noteLines(gate: GateFile): string[] {
  return [...kneeNotes(gate), ...leftOutWords(gate), ...gate.notes];
}

/** How the knee was looked for, and why it is not judged where it is not; empty: it was not asked for. */
function kneeNotes({ knee }: GateFile): string[] {
  if (knee === null) return [];
  const { search, nights, alpha } = knee;
  return [
    ...(search === null || !search.finished ? [] : [kneeFoundWords(search)]),
    ...(nights.length === 0
      ? []
      : [
          `${counted(nights.length, 'night')} at the level, ${nights.filter((one) => !countsAtKnee(one)).length} void; ` +
            `a false alarm by the knee at most ${format(alpha, 'share')} of the time`,
        ]),
    ...(knee.reason === null ? [] : [`the knee is not judged: ${knee.reason}`]),
  ];
}

/** What is refused, ignored or incomplete, and why; each reason once. */
function leftOutWords({ measures, events }: GateFile): string[] {
  const byReason = Map.groupBy(
    [...measures, ...events].filter(({ status, reason }) => status !== 'judged' && reason !== null),
    ({ reason }) => reason!,
  );
  return [...byReason].map(
    ([reason, rows]) => `not judged: ${rows.map(({ title }) => title).join(', ')} (${reason})`,
  );
}
