/** The gate's findings as sentences: they are the reasons of its verdict, the same in every output. */
import { format, listed } from '../render/format.ts';
import type { GateOptions } from './options.ts';
import type { EventJudged, RatioJudged, VoidRun } from './schema.ts';

type Found = { readonly measures: readonly RatioJudged[]; readonly events: readonly EventJudged[] };

/** What got worse; empty: nothing was found. */
export function regressionWords({ measures, events }: Found): string[] {
  return [
    ...measures.filter(({ significant }) => significant).map(costWords),
    ...events.filter(({ significant }) => significant).map(eventWords),
  ];
}

function costWords({ title, unit, ratio, interval, baseMean, candidateMean }: RatioJudged): string {
  return (
    `${title}: ${figure(candidateMean, unit)} against ${figure(baseMean, unit)}, ` +
    `${risePercent(ratio!)} (${risePercent(interval!.from)} to ${risePercent(interval!.to)})`
  );
}

function eventWords({ title, base, candidate }: EventJudged): string {
  return (
    `${title}: in ${candidate.affected} of ${candidate.runs} runs (${candidate.total} times), ` +
    `with the base in ${base.affected} of ${base.runs} (${base.total} times)`
  );
}

/** Why nobody is cleared: a regression that matters could have hidden. Empty: it could not. */
export function unseenWords({ measures, events }: Found, options: GateOptions): string[] {
  const incomplete = [...measures, ...events].filter(({ status }) => status === 'incomplete');
  const tested = [...measures, ...events].filter(({ status }) => status === 'judged');
  return [
    ...(tested.length === 0 ? ['nothing could be compared: no measure has figures on both sides'] : []),
    ...incomplete.map(({ title, reason }) => `${title}: ${reason}`),
    ...measures
      .filter(({ status, smallestSeen }) => status === 'judged' && !within(smallestSeen, 1 + options.detect))
      .map(({ title, smallestSeen }) =>
        smallestSeen === null
          ? `${title}: too few runs to see any regression`
          : `${title}: could not have seen a regression smaller than ${risePercent(smallestSeen)}, asked for ${risePercent(1 + options.detect)}`,
      ),
    ...events
      .filter(
        ({ status, smallestRateSeen }) =>
          status === 'judged' && !within(smallestRateSeen, options.eventRateMax),
      )
      .map(blindWords),
  ];
}

function within(value: number | null, limit: number): boolean {
  return value !== null && value <= limit;
}

function blindWords({ title, base, smallestRateSeen }: EventJudged): string {
  if (smallestRateSeen !== null) {
    return `${title}: could not have been seen in fewer than ${format(smallestRateSeen, 'share')} of the runs`;
  }
  return base.affected === 0
    ? `${title}: too few runs to see it at all`
    : `${title}: the base has it in ${base.affected} of ${base.runs} runs, so that no candidate could be told from it`;
}

/** What would have been seen: without it "no regression seen" says nothing. */
export function seenWords({ measures, events }: Found, options: GateOptions): string[] {
  const chance = format(options.power, 'share');
  const costs = measures.filter(({ status }) => status === 'judged');
  const judged = events.filter(({ status }) => status === 'judged');
  const rateMax = Math.max(...judged.map(({ smallestRateSeen }) => smallestRateSeen!));
  return [
    ...(costs.length === 0
      ? []
      : [
          `would have been seen, ${chance} of the time: ${listed(
            costs.map(({ title, smallestSeen }) => `${title} ${risePercent(smallestSeen!)}`),
          )}`,
        ]),
    ...(judged.length === 0
      ? []
      : [
          `and each of ${judged.length} events and checks, had it happened in ${format(rateMax, 'share')} of the runs`,
        ]),
  ];
}

/** Why a gate is void whose runs mostly are. */
export function voidRunWords(voidRuns: readonly VoidRun[], runs: number): string[] {
  // Reasons carry their figure, which differs from run to run: they are counted without it.
  const kindOf = (reason: string) => reason.replaceAll(/\d+(\.\d+)?/g, '#');
  const byKind = Map.groupBy(
    voidRuns.flatMap(({ reasons }) => reasons),
    kindOf,
  );
  return [
    `more runs were void (${voidRuns.length}) than count (${runs})`,
    ...[...byKind.values()]
      .sort((a, b) => b.length - a.length)
      .slice(0, 3)
      .map((reasons) => `${reasons.length} times, such as: ${reasons[0]}`),
  ];
}

/** A ratio as a change: 1.2 is `+20 %`. */
export function risePercent(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  const rounded = Number(percent.toFixed(digits));
  return `${rounded < 0 ? '−' : rounded > 0 ? '+' : '±'}${Math.abs(rounded)} %`;
}

/** A figure with its unit; a bare number has two digits behind the point. */
export function figure(value: number | null, unit: RatioJudged['unit']): string {
  return format(value, unit);
}
