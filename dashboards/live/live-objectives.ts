/**
 * Which objectives can be judged while the night plays, and how they stand: those on what the crowd itself counts. The
 * others need the whole log, and are judged after the night.
 */
import { format } from '../../reports/render/format.ts';
import type { Objective } from '../../scenarios/schema.ts';
import type { LiveObjectiveLimit, SecondFrame } from './frames.ts';

/** What the crowd has told so far, summed over its processes (`simulator/listener/tally.ts`). */
export type Told = Readonly<Record<string, number>>;
type Standings = SecondFrame['objectives'];

const count =
  (name: string) =>
  (told: Told): number =>
    told[name] ?? 0;

/** Null where nobody is in it yet: a share of nobody is none. */
const share =
  (part: (told: Told) => number, whole: (told: Told) => number) =>
  (told: Told): number | null =>
    whole(told) > 0 ? part(told) / whole(told) : null;

/**
 * The value of a measure so far, by its path in the summary. A loss that only the server saw is in the summary and not in
 * here; who was thrown out and is still trying is stranded at the night's end only.
 */
const LIVE_MEASURES: Readonly<Record<string, (told: Told) => number | null>> = {
  'crowd.arrived': count('arrived'),
  'crowd.joined': count('firstIns'),
  'crowd.answeredWithin2sShare': share(
    count('answeredWithin2s'),
    (told) => count('answeredWithin2s')(told) + count('answerOverdue')(told),
  ),
  'ejections.involuntary': count('ejected'),
  'ejections.people': count('ejectedPeople'),
  'ejections.involuntaryShare': share(count('ejectedPeople'), count('firstIns')),
  'ejections.bySide.listener': count('ejected'),
  'ejections.stranded': count('crowd.stranded'),
};

const BY_CAUSE = 'ejections.byCause.';

function liveMeasure(path: string): ((told: Told) => number | null) | null {
  if (path.startsWith(BY_CAUSE)) return count(`ejected.${path.slice(BY_CAUSE.length)}`);
  return Object.hasOwn(LIVE_MEASURES, path) ? LIVE_MEASURES[path]! : null;
}

/** What is promised, before the night. */
export function limitsOf(objectives: readonly Objective[]): LiveObjectiveLimit[] {
  return objectives.map(({ id, title, measure, op, limit, unit }) => ({
    id,
    text: `${title}: ${op === '<=' ? 'at most' : 'at least'} ${format(limit, unit)}`,
    unit,
    isLive: liveMeasure(measure) !== null,
  }));
}

/**
 * How the live ones stand. Counts only rise, so that what is over its limit stays broken; a share is broken as long as it
 * is on the wrong side.
 */
export function standingsOf(objectives: readonly Objective[], told: Told): Standings {
  const standings: Record<string, Standings[string]> = {};
  for (const { id, measure, op, limit } of objectives) {
    const value = liveMeasure(measure)?.(told);
    if (value === undefined) continue;
    const isBroken = value !== null && (op === '<=' ? value > limit : value < limit);
    standings[id] = { value, isBroken };
  }
  return standings;
}
