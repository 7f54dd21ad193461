/**
 * Who is carried out by what. Bodies are given out by rank within each group, so that the counts are exact, a
 * larger share only adds people to a smaller one's, and the plan itself does not know of it.
 */
import type { BodyShares, Scenario } from '../../scenarios/schema.ts';
import type { Plan } from './plan.ts';

type BodyName = keyof BodyShares;

/** Of the listeners with media, the share whose every packet also passes through decryption into JavaScript. */
const CALLBACK_SHARE = 0.05;

export type AssignedBodies = {
  readonly webrtcCount: number;
  /** How many of them have a permanent callback: the proof that packets are not only counted but decrypted. */
  readonly callbackCount: number;
  bodyOf(personId: number): BodyName;
  /** A stable subset of the webrtc listeners, lowest ranks first; at least one when there is any. */
  withCallback(personId: number): boolean;
};

/**
 * Gives out the bodies: within incumbents and arrivals, the lowest ranks carry media.
 *
 * @param bodies shares for each group; each count is the share of the group, rounded.
 */
export function assignBodies(plan: Plan, bodies: Scenario['bodies']): AssignedBodies {
  const incumbents = byRank(plan, 0, plan.incumbentCount);
  const arrivals = byRank(plan, plan.incumbentCount, plan.size);
  const webrtc = [
    ...incumbents.slice(0, Math.round(bodies.incumbents.webrtc * incumbents.length)),
    ...arrivals.slice(0, Math.round(bodies.arrivals.webrtc * arrivals.length)),
  ];
  const callbacks = sortByRank(plan, webrtc).slice(0, Math.ceil(CALLBACK_SHARE * webrtc.length));
  const marks = new Uint8Array(plan.size);
  for (const person of webrtc) marks[person] = 1;
  for (const person of callbacks) marks[person] = 2;
  return {
    webrtcCount: webrtc.length,
    callbackCount: callbacks.length,
    bodyOf: (personId) => (marks[personId] === 0 ? 'signal' : 'webrtc'),
    withCallback: (personId) => marks[personId] === 2,
  };
}

function byRank(plan: Plan, from: number, to: number): number[] {
  return sortByRank(
    plan,
    Array.from({ length: to - from }, (_, nth) => from + nth),
  );
}

function sortByRank(plan: Plan, people: readonly number[]): number[] {
  const ranks = plan.columns.bodyRank;
  return [...people].sort((a, b) => ranks[a]! - ranks[b]! || a - b);
}
