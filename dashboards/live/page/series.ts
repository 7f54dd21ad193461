/** From seconds to what charts and tables show of them: pure. */
import { LIVE_STATES, PHASES, type Phase } from '../../../simulator/listener/tally.ts';
import type { SecondFrame } from '../frames.ts';
import type { LiveView, NightView } from './state.ts';

/** A chart of a night without an end begins with a minute. */
const SHORTEST_SECONDS = 60;

/** More bars than these would be thinner than a line. */
const BARS_MAX = 120;

const BAR_SECONDS = [1, 2, 5, 10, 30, 60, 120, 300, 600] as const;

/** What happened between two looks at the night. */
export type Stretch = {
  /** Its end, and the last second in it. */
  readonly last: SecondFrame;
  readonly joins: number;
  readonly losses: number;
  readonly lossesByCause: Readonly<Record<string, number>>;
  /** Mean ms of a phase, weighted by those who got in; null: nobody did, or none has the phase. */
  readonly phaseMs: Readonly<Record<Phase, number | null>>;
};

/** A night in stretches of equal length, the last one as far as it has gone. */
export function stretches(seconds: readonly SecondFrame[], lengthMs: number): readonly Stretch[] {
  const found: Stretch[] = [];
  let lossesBefore: Readonly<Record<string, number>> = {};
  for (const part of partsOf(seconds, lengthMs)) {
    const last = part.at(-1)!;
    found.push({
      last,
      joins: sum(part, ({ joins }) => joins),
      losses: sum(part, ({ losses }) => losses),
      lossesByCause: grown(lossesBefore, last.lossesByCause),
      phaseMs: Object.fromEntries(PHASES.map((phase) => [phase, meanOf(part, phase)])) as Stretch['phaseMs'],
    });
    lossesBefore = last.lossesByCause;
  }
  return found;
}

/** Of those stretches the ones that nothing will be added to. */
export function doneStretches(night: NightView, lengthMs: number): readonly Stretch[] {
  const all = stretches(night.seconds, lengthMs);
  return isOver(night) ? all : all.slice(0, -1);
}

/** The night has played to its end, measured or not. */
export function isOver({ plan, seconds, verdict }: NightView): boolean {
  const nowMs = seconds.at(-1)?.nightMs ?? 0;
  return verdict !== null || (plan.nightEndMs !== null && nowMs >= plan.nightEndMs);
}

/** How far time goes along the axis of every chart, in seconds of the night: as far as the longest night. */
export function spanSeconds({ nights }: LiveView): number {
  const ends = nights.map(({ plan, seconds }) =>
    Math.max(plan.nightEndMs ?? 0, seconds.at(-1)?.nightMs ?? 0),
  );
  const longest = Math.max(0, ...ends) / 1000;
  const hasPlan = nights.some(({ plan }) => plan.nightEndMs !== null);
  return hasPlan ? Math.max(1, longest) : Math.max(SHORTEST_SECONDS, longest);
}

/** How many people go up the axis of every crowd: as many as will come to any night, or have. */
export function mostPeople({ nights }: LiveView): number {
  const counts = nights.flatMap(({ plan, seconds }) => [plan.people, ...seconds.map(peopleIn)]);
  return rounded(counts.reduce((most, count) => Math.max(most, count), 1));
}

/** Everybody who has arrived, whatever became of them. */
function peopleIn({ crowd }: SecondFrame): number {
  return LIVE_STATES.reduce((people, state) => people + crowd[state], 0);
}

/** Length of a bar for a night of so many seconds. */
export function barSeconds(span: number): number {
  return BAR_SECONDS.find((length) => span / length <= BARS_MAX) ?? BAR_SECONDS.at(-1)!;
}

/** Up to a full step of an axis of ten steps at most, each of 1, 2 or 5 times a power of ten. */
function rounded(count: number): number {
  const size = Math.max(1, 10 ** Math.floor(Math.log10(count / 10)));
  const step = [1, 2, 5, 10].map((times) => times * size).find((one) => count / one <= 10)!;
  return Math.ceil(count / step) * step;
}

function* partsOf(seconds: readonly SecondFrame[], lengthMs: number): Generator<SecondFrame[]> {
  let part: SecondFrame[] = [];
  const nthOf = ({ nightMs }: SecondFrame) => Math.ceil(nightMs / lengthMs);
  for (const second of seconds) {
    if (part.length > 0 && nthOf(part[0]!) !== nthOf(second)) {
      yield part;
      part = [];
    }
    part.push(second);
  }
  if (part.length > 0) yield part;
}

function meanOf(part: readonly SecondFrame[], phase: Phase): number | null {
  let weighted = 0;
  let people = 0;
  for (const { phaseMs, joins } of part) {
    const ms = phaseMs[phase];
    if (ms === null) continue;
    const weight = Math.max(1, joins);
    weighted += ms * weight;
    people += weight;
  }
  return people === 0 ? null : weighted / people;
}

function grown(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(after)
      .map(([name, count]) => [name, count - (before[name] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

function sum(part: readonly SecondFrame[], of: (second: SecondFrame) => number): number {
  return part.reduce((total, second) => total + of(second), 0);
}
