/**
 * Who is carried out by what. Bodies are given out by rank within each group, so that the counts are exact, a
 * larger share only adds people to a smaller one's, and the plan itself does not know of it.
 */
import type { BodyShares, Scenario } from '../../scenarios/schema.ts';
import type { Plan } from './plan.ts';

/** What carries one person out. A run may also add people for browsers, beside those that have a share. */
export type BodyName = keyof BodyShares;
const BODIES: readonly BodyName[] = ['signal', 'webrtc', 'rtp', 'k6', 'browser'];

/** Of the listeners with media, the share whose every packet also passes through decryption into JavaScript. */
const CALLBACK_SHARE = 0.05;

export type AssignedBodies = {
  readonly counts: Readonly<Record<BodyName, number>>;
  /** How many of the webrtc listeners have a permanent callback: the proof that packets are not only counted but decrypted. */
  readonly callbackCount: number;
  bodyOf(personId: number): BodyName;
  /** A stable subset of the webrtc listeners, lowest ranks first; at least one when there is any. */
  withCallback(personId: number): boolean;
};

/**
 * Gives out the bodies: within incumbents and arrivals, the lowest ranks are webrtc, the next ones rtp, then k6, then
 * browser, the rest signal. Those who were added for browsers are browsers.
 *
 * @param bodies shares for each group; each count is the share of the group, rounded.
 */
export function assignBodies(plan: Plan, bodies: Scenario['bodies']): AssignedBodies {
  const sharedOut = plan.size - plan.browserCount;
  const marks = new Uint8Array(plan.size);
  divide(marks, byRank(plan, 0, plan.incumbentCount), bodies.incumbents);
  divide(marks, byRank(plan, plan.incumbentCount, sharedOut), bodies.arrivals);
  marks.fill(BODIES.indexOf('browser'), sharedOut);
  const bodyOf = (personId: number): BodyName => BODIES[marks[personId]!]!;
  const people = byRank(plan, 0, plan.size);
  const webrtc = people.filter((personId) => bodyOf(personId) === 'webrtc');
  const callbacks = new Set(webrtc.slice(0, Math.ceil(CALLBACK_SHARE * webrtc.length)));
  const counts = { signal: 0, webrtc: 0, rtp: 0, k6: 0, browser: 0 };
  for (const personId of people) counts[bodyOf(personId)]++;
  return {
    counts,
    callbackCount: callbacks.size,
    bodyOf,
    withCallback: (personId) => callbacks.has(personId),
  };
}

/** Marks people in the order of their ranks: the first share of them, the next one, and so on. */
function divide(marks: Uint8Array, people: readonly number[], shares: BodyShares): void {
  let from = 0;
  let share = 0;
  for (const body of ['webrtc', 'rtp', 'k6', 'browser'] as const) {
    share += shares[body] ?? 0;
    const to = Math.round(share * people.length);
    for (const personId of people.slice(from, to)) marks[personId] = BODIES.indexOf(body);
    from = to;
  }
}

function byRank(plan: Plan, from: number, to: number): number[] {
  const ranks = plan.columns.bodyRank;
  return Array.from({ length: to - from }, (_, nth) => from + nth).sort(
    (a, b) => ranks[a]! - ranks[b]! || a - b,
  );
}
