/** Each cost and each event at one look: which have figures, what error rate each gets, and what its test says. */
import type { Counted } from './evidence.ts';
import { type Affected, fisherP, smallestRateSeen } from './exact.ts';
import { COSTS, costNames, eventTitle, WALL_CLOCK, wallClockNames } from './names.ts';
import { atOneSpeed } from './one-speed.ts';
import { alphaOfEach, type GateOptions } from './options.ts';
import { judgePairedRatios, judgeUnpairedRatio, type RatioRule } from './ratios.ts';
import type { EventJudged, RatioJudged } from './schema.ts';

type Figure = number | null;
type Standing = Pick<RatioJudged, 'status' | 'reason'>;

/** Under two figures there is no scatter, and so no test. */
const FIGURES_MIN = 2;

export function judgeMeasures(
  counted: Counted,
  options: GateOptions,
): { readonly measures: RatioJudged[]; readonly events: EventJudged[] } {
  const ratios = ratiosOf(counted, options.judgeWallClock);
  const events = eventsOf(counted, options.ignoredEvents);
  const alpha = alphaOfEach(options, {
    costs: ratios.filter(isTested).length,
    events: events.filter(isTested).length,
  });
  return {
    measures: ratios.map((one) => testRatio(one, counted.paired, { ...options, alpha: alpha.cost })),
    events: events.map((one) => testEvent(one, { alpha: alpha.event, power: options.power })),
  };
}

/** What is incomplete is tested with what there is: a regression may show all the same. */
function isTested({ status, testable }: Standing & { readonly testable: boolean }): boolean {
  return testable && (status === 'judged' || status === 'incomplete');
}

type Ratio = Standing &
  Pick<RatioJudged, 'name' | 'title' | 'unit'> & {
    readonly base: readonly number[];
    readonly candidate: readonly number[];
    readonly testable: boolean;
  };

function ratiosOf(counted: Counted, withWallClock: boolean): Ratio[] {
  const of = (
    name: string,
    { title, unit }: Pick<Ratio, 'title' | 'unit'>,
    base: Figure[],
    candidate: Figure[],
  ) => {
    const usable = usableOf(base, candidate, counted.paired);
    const testable = usable.base.length >= FIGURES_MIN && usable.candidate.length >= FIGURES_MIN;
    const standing = standingOf(name, base, candidate, counted);
    return { name, title, unit, ...usable, testable, ...standing };
  };
  const costOf = atOneSpeed(counted);
  const costs = costNames.map((name) =>
    of(
      name,
      COSTS[name],
      counted.base.map((run) => costOf(run, name)),
      counted.candidate.map((run) => costOf(run, name)),
    ),
  );
  if (!withWallClock) return costs;
  const wallClock = wallClockNames.map((name) =>
    of(
      name,
      WALL_CLOCK[name],
      counted.base.map((run) => run.wallClock[name]),
      counted.candidate.map((run) => run.wallClock[name]),
    ),
  );
  return [...costs, ...wallClock];
}

/** A ratio needs figures above zero; in pairs, of both. */
function usableOf(base: readonly Figure[], candidate: readonly Figure[], paired: boolean) {
  const keep = (of: readonly Figure[], others: readonly Figure[]) =>
    of.filter((one, nth): one is number => isFigure(one) && (!paired || isFigure(others[nth])));
  return { base: keep(base, candidate), candidate: keep(candidate, base) };
}

function isFigure(value: Figure | undefined): value is number {
  return value !== null && value !== undefined && value > 0;
}

/** A candidate that loses a figure must not be cleared by its absence. */
function standingOf(
  name: string,
  base: readonly Figure[],
  candidate: readonly Figure[],
  { paired, refused }: Counted,
): Standing {
  const refusal = refused.get(name);
  if (refusal !== undefined) return { status: 'refused', reason: refusal };
  if (candidate.length === 0) return { status: 'no-figure', reason: 'no run counts yet' };
  if (!base.some(isFigure)) {
    const reason = candidate.some(isFigure) ? 'the base has no figure' : 'neither side has a figure';
    return { status: 'no-figure', reason };
  }
  const lacking = candidate.filter((one, nth) => !isFigure(one) && (!paired || isFigure(base[nth]))).length;
  if (lacking > 0) {
    return {
      status: 'incomplete',
      reason: `the candidate has no figure in ${lacking} of ${candidate.length} runs, where the base has one`,
    };
  }
  return { status: 'judged', reason: null };
}

function testRatio(given: Ratio, paired: boolean, rule: RatioRule): RatioJudged {
  const { base, candidate, testable, ...row } = given;
  const shown = { ...row, runs: candidate.length, baseMean: mean(base), candidateMean: mean(candidate) };
  if (row.status === 'refused' || !isTested(given)) {
    // Figures of another kind of machine are not even shown side by side.
    const means = row.status === 'refused' ? { baseMean: null, candidateMean: null } : {};
    const none = {
      ratio: null,
      interval: null,
      p: null,
      alpha: null,
      smallestSeen: null,
      significant: false,
    };
    return { ...shown, ...means, ...none };
  }
  const found = paired
    ? judgePairedRatios(
        candidate.map((one, nth) => one / base[nth]!),
        rule,
      )
    : judgeUnpairedRatio(base, candidate, rule);
  return { ...shown, ...found, alpha: rule.alpha, significant: found.p <= rule.alpha };
}

type Event = Standing &
  Pick<EventJudged, 'name' | 'title' | 'base' | 'candidate'> & { readonly testable: boolean };

function eventsOf(counted: Counted, ignored: readonly string[]): Event[] {
  const names = new Set([...counted.base, ...counted.candidate].flatMap(({ events }) => Object.keys(events)));
  return [...names].map((name) => {
    const base = affectedOf(counted.base.map(({ events }) => events[name] ?? null));
    const candidate = affectedOf(counted.candidate.map(({ events }) => events[name] ?? null));
    const testable = base.runs > 0 && candidate.runs > 0;
    return {
      name,
      title: eventTitle(name),
      base,
      candidate,
      testable,
      ...eventStanding(name, ignored, base, candidate),
    };
  });
}

function affectedOf(counts: readonly Figure[]): EventJudged['base'] {
  const known = counts.filter((one) => one !== null);
  return {
    runs: known.length,
    affected: known.filter((one) => one > 0).length,
    unchecked: counts.length - known.length,
    total: known.reduce((sum, one) => sum + one, 0),
  };
}

function eventStanding(
  name: string,
  ignored: readonly string[],
  base: Affected,
  candidate: Affected,
): Standing {
  if (ignored.includes(name)) return { status: 'ignored', reason: 'it is ignored, as was asked' };
  if (base.runs === 0) {
    const reason = candidate.runs > 0 ? 'it could not be checked on the base' : 'it could not be checked';
    return { status: 'no-figure', reason };
  }
  if (candidate.runs === 0) {
    return { status: 'incomplete', reason: 'it could be checked on the base and not on the candidate' };
  }
  return { status: 'judged', reason: null };
}

function testEvent(given: Event, rule: { readonly alpha: number; readonly power: number }): EventJudged {
  const { testable: _, ...row } = given;
  if (!isTested(given)) return { ...row, p: null, alpha: null, smallestRateSeen: null, significant: false };
  const p = fisherP(row.base, row.candidate);
  return {
    ...row,
    p,
    alpha: rule.alpha,
    smallestRateSeen: smallestRateSeen(row.base, row.candidate.runs, rule),
    significant: p <= rule.alpha,
  };
}

/** In order of size, so that the order of the runs changes not even the last digit. */
function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return [...values].sort((a, b) => a - b).reduce((sum, one) => sum + one, 0) / values.length;
}
