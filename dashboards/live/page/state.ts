/**
 * What the page knows, and how a frame changes it: pure, so that a night can be played to it without a browser. A `hello`
 * has the whole story so far and replaces everything, so that a page that comes late or again shows what others show.
 */
import type {
  EndFrame,
  HelloFrame,
  LiveFrame,
  MarkFrame,
  NightFrame,
  SecondFrame,
  VerdictFrame,
} from '../frames.ts';

export type NightView = {
  readonly plan: NightFrame;
  readonly seconds: readonly SecondFrame[];
  readonly marks: readonly MarkFrame[];
  /** Null: not yet. */
  readonly verdict: VerdictFrame | null;
};

export type LiveView = {
  readonly link: 'connecting' | 'live' | 'reconnecting' | 'over';
  /** Grows whenever the story was told anew or thinned: what was drawn of it before is of no use. */
  readonly telling: number;
  readonly nights: readonly NightView[];
  readonly end: EndFrame | null;
};

/** A frame, or that the connection was lost. */
export type LiveEvent = HelloFrame | LiveFrame | { readonly type: 'lost' };

export const NOTHING_YET: LiveView = { link: 'connecting', telling: 0, nights: [], end: null };

/** A night that has no end is thinned once it has this many seconds: half of them go, and the last ones stay. */
export const SECONDS_MAX = 7_200;

/** What the page knows after an event. */
export function reduce(view: LiveView, event: LiveEvent): LiveView {
  switch (event.type) {
    case 'hello':
      return event.frames.reduce(reduce, {
        ...NOTHING_YET,
        link: 'live',
        telling: view.telling + 1,
      });
    case 'lost':
      // Whoever has told the end may hang up.
      if (view.link === 'over') return view;
      return { ...view, link: view.link === 'connecting' ? 'connecting' : 'reconnecting' };
    case 'night':
      return {
        ...view,
        // A night that begins again has nothing of what was drawn of it.
        telling: view.telling + (nightOf(view, event.nth) === undefined ? 0 : 1),
        nights: [
          ...view.nights.filter(({ plan }) => plan.nth !== event.nth),
          { plan: event, seconds: [], marks: [], verdict: null },
        ].sort((one, other) => one.plan.nth - other.plan.nth),
      };
    case 'second':
      return withSecond(view, event);
    case 'mark':
      return withNight(view, event.nth, (night) => ({ ...night, marks: [...night.marks, event] }));
    case 'verdict':
      return withNight(view, event.nth, (night) => ({ ...night, verdict: event }));
    case 'end':
      return { ...view, link: 'over', end: event };
    default:
      // A later version may tell more.
      return view;
  }
}

/** @returns undefined where that night has not been told. */
export function nightOf(view: LiveView, nth: number): NightView | undefined {
  return view.nights.find(({ plan }) => plan.nth === nth);
}

/** A server that is open without a night: nobody tells of the people but it, and there is no plan and no end. */
export function isOpenHouse({ plan }: NightView): boolean {
  return plan.nightEndMs === null;
}

function withSecond(view: LiveView, second: SecondFrame): LiveView {
  const after = withNight(view, second.nth, (night) => {
    // Charts take time as it comes: a second from before the last one has no place.
    if (second.nightMs <= (night.seconds.at(-1)?.nightMs ?? Number.NEGATIVE_INFINITY)) return night;
    return { ...night, seconds: thinned([...night.seconds, second]) };
  });
  const isThinned =
    (nightOf(after, second.nth)?.seconds.length ?? 0) < (nightOf(view, second.nth)?.seconds.length ?? 0);
  return isThinned ? { ...after, telling: after.telling + 1 } : after;
}

function thinned(seconds: readonly SecondFrame[]): readonly SecondFrame[] {
  if (seconds.length < SECONDS_MAX) return seconds;
  // Counted from the end, so that the present stays.
  return seconds.filter((_, nth) => (seconds.length - 1 - nth) % 2 === 0);
}

function withNight(view: LiveView, nth: number, change: (night: NightView) => NightView): LiveView {
  return { ...view, nights: view.nights.map((night) => (night.plan.nth === nth ? change(night) : night)) };
}
