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
  readonly rtpCount: number;
  /** How many of the webrtc listeners have a permanent callback: the proof that packets are not only counted but decrypted. */
  readonly callbackCount: number;
  bodyOf(personId: number): BodyName;
  /** A stable subset of the webrtc listeners, lowest ranks first; at least one when there is any. */
  withCallback(personId: number): boolean;
};

const MARK = { signal: 0, webrtc: 1, withCallback: 2, rtp: 3 } as const;

/**
 * Gives out the bodies: within incumbents and arrivals, the lowest ranks are webrtc, the next ones rtp, the rest signal.
 *
 * @param bodies shares for each group; each count is the share of the group, rounded.
 */
export function assignBodies(plan: Plan, bodies: Scenario['bodies']): AssignedBodies {
  const groups = [
    divide(byRank(plan, 0, plan.incumbentCount), bodies.incumbents),
    divide(byRank(plan, plan.incumbentCount, plan.size), bodies.arrivals),
  ];
  const webrtc = groups.flatMap((group) => group.webrtc);
  const rtp = groups.flatMap((group) => group.rtp);
  const callbacks = sortByRank(plan, webrtc).slice(0, Math.ceil(CALLBACK_SHARE * webrtc.length));
  const marks = new Uint8Array(plan.size);
  for (const person of webrtc) marks[person] = MARK.webrtc;
  for (const person of callbacks) marks[person] = MARK.withCallback;
  for (const person of rtp) marks[person] = MARK.rtp;
  return {
    webrtcCount: webrtc.length,
    rtpCount: rtp.length,
    callbackCount: callbacks.length,
    bodyOf(personId) {
      const mark = marks[personId];
      if (mark === MARK.signal) return 'signal';
      return mark === MARK.rtp ? 'rtp' : 'webrtc';
    },
    withCallback: (personId) => marks[personId] === MARK.withCallback,
  };
}

/** The first share of a group and the next one, of people in the order of their ranks. */
function divide(
  people: readonly number[],
  shares: BodyShares,
): { readonly webrtc: readonly number[]; readonly rtp: readonly number[] } {
  const webrtcEnd = Math.round(shares.webrtc * people.length);
  const rtpEnd = Math.round((shares.webrtc + shares.rtp) * people.length);
  return { webrtc: people.slice(0, webrtcEnd), rtp: people.slice(webrtcEnd, rtpEnd) };
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
