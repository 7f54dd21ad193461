/**
 * What there is to see, as one value: a pure reducer over what the page's hands do and what the server says. A
 * person's page and a driven one come to the same value, as both go through the same hands.
 */
import type { EjectionCause, ServerMessage, User } from '../protocol/messages.ts';
import { FROM_LISTENER, splitFrame } from '../protocol/wire.ts';
import { withChanges, withPage } from './audience.ts';
import type { Said } from './said.ts';
import { kindOfRoom, movedText, OUT_WORDS, outText, positionText, seatedText } from './words.ts';

/** Where the person is: each has a section of the page of its own. */
export type Scene = 'hallway' | 'joining' | 'waiting' | 'full' | 'room' | 'out' | 'displaced';

export type Sound = 'none' | 'connecting' | 'flowing' | 'audible' | 'lost';

/** Why somebody is out: the server's cause, or that nobody answers. */
export type OutCause = EjectionCause | 'unreachable';

export type Seat = {
  readonly room: string;
  readonly seat: number;
  readonly listeners: number;
  readonly audience: readonly User[];
  /** The next page of the roster to ask for; null: there is no further one. */
  readonly nextPage: number | null;
  readonly handRaised: boolean;
  readonly hands: number;
  readonly sound: Sound;
};

export type ProfileCard = {
  readonly id: number;
  /** Null until the server has answered. */
  readonly answer: ServerMessage<'profile'> | null;
};

export type PageState = {
  readonly scene: Scene;
  readonly link: 'down' | 'dialling' | 'up';
  readonly rooms: ServerMessage<'hallway'>['rooms'];
  /** What stands in the way in the hallway; null: nothing. */
  readonly problem: string | null;
  /** Whether the ask that is under way is for a seat that one had. */
  readonly isReturning: boolean;
  readonly waiting: { readonly position: number; readonly estimatedWaitMs: number | null } | null;
  readonly seat: Seat | null;
  readonly out: { readonly cause: OutCause; readonly heldForMs: number | null } | null;
  /** When the page tries again by itself, on the clock of `performance.now()`; null: it does not, or it is at it. */
  readonly triesAgainAtMs: number | null;
  readonly profile: ProfileCard | null;
  /** The browser plays only after the person has pressed something. */
  readonly soundBlocked: boolean;
  /** For a screen reader: what changed, quietly or at once. Each text is new when its number is. */
  readonly polite: Announcement;
  readonly assertive: Announcement;
};

type Announcement = { readonly nth: number; readonly text: string };

export type PageEvent =
  | { readonly type: 'dialled' | 'opened' | 'refused' | 'closed' | 'hung-up' }
  /** A frame of ours, as it went out. */
  | { readonly type: 'sent'; readonly frame: string }
  | { readonly type: 'said'; readonly said: Said }
  | { readonly type: 'sound'; readonly sound: Sound }
  | { readonly type: 'sound-blocked'; readonly blocked: boolean }
  | { readonly type: 'tries-again'; readonly atMs: number | null }
  | { readonly type: 'profile-closed' };

const NOTHING: Announcement = { nth: 0, text: '' };

export const AT_FIRST: PageState = {
  scene: 'hallway',
  link: 'down',
  rooms: [],
  problem: null,
  isReturning: false,
  waiting: null,
  seat: null,
  out: null,
  triesAgainAtMs: null,
  profile: null,
  soundBlocked: false,
  polite: NOTHING,
  assertive: NOTHING,
};

export function reduce(state: PageState, event: PageEvent): PageState {
  switch (event.type) {
    case 'dialled':
      return { ...state, link: 'dialling', triesAgainAtMs: null };
    case 'opened':
      return { ...state, link: 'up', problem: null };
    case 'refused':
    case 'closed':
      return lostLink({ ...state, link: 'down' });
    case 'hung-up':
      return hungUp({ ...state, link: 'down' });
    case 'sent':
      return weSaid(state, event.frame);
    case 'said':
      return theySaid(state, event.said);
    case 'sound':
      return state.seat === null ? state : { ...state, seat: { ...state.seat, sound: event.sound } };
    case 'sound-blocked':
      return { ...state, soundBlocked: event.blocked };
    case 'tries-again':
      return { ...state, triesAgainAtMs: event.atMs };
    case 'profile-closed':
      return { ...state, profile: null };
  }
}

function weSaid(state: PageState, frame: string): PageState {
  const { letter, head } = splitFrame(frame);
  switch (letter) {
    case FROM_LISTENER.ask:
    case FROM_LISTENER.open:
      return {
        ...leaveSeat(state),
        scene: 'joining',
        waiting: null,
        isReturning: state.out !== null,
        triesAgainAtMs: null,
        problem: null,
      };
    case FROM_LISTENER.bye:
      return inHallway(state, null);
    case FROM_LISTENER.profile:
      return { ...state, profile: { id: (JSON.parse(head) as { id: number }).id, answer: null } };
    default:
      return state;
  }
}

function theySaid(state: PageState, said: Said): PageState {
  switch (said.name) {
    case 'hallway':
      return { ...state, rooms: said.head.rooms };
    case 'waiting':
      return waiting(state, said.head);
    case 'seated':
      return seated(state, said.head, said.users);
    case 'presence':
      return inSeat(state, (seat) => withChanges(seat, said.head));
    case 'roster':
      return inSeat(state, (seat) =>
        seat.room === said.head.room ? withPage(seat, said.head, said.users) : seat,
      );
    case 'moved':
      return moved(state, said.head);
    case 'hand': {
      const { raised: handRaised, hands } = said.head;
      return inSeat(state, (seat) => ({ ...seat, handRaised, hands }));
    }
    case 'profile':
      return state.profile?.id === said.head.id
        ? { ...state, profile: { id: said.head.id, answer: said.head } }
        : state;
    case 'ejected':
      return said.head.cause === 'displaced'
        ? displaced(state)
        : goOut(state, said.head.cause, said.head.heldForMs);
    case 'full':
      return { ...leaveSeat(state), scene: 'full', waiting: null };
    case 'bye':
      // Unasked for, it means that the same person waits on another connection now.
      return state.scene === 'waiting' || state.scene === 'joining' ? displaced(state) : state;
    case 'error':
      return refusedAsk(state, said.head);
    case 'connected':
    case 'heartbeat':
      return state;
  }
}

function waiting(state: PageState, { position, estimatedWaitMs }: ServerMessage<'waiting'>): PageState {
  const next: PageState = {
    ...leaveSeat(state),
    scene: 'waiting',
    waiting: { position, estimatedWaitMs },
    out: null,
  };
  // The estimate alone changes all the time; it is read out when the place is.
  return state.waiting?.position === position
    ? next
    : politely(next, positionText(position, estimatedWaitMs));
}

function seated(state: PageState, head: ServerMessage<'seated'>, users: readonly User[]): PageState {
  const { room, seat, listeners, rosterPages, media } = head;
  const next: PageState = {
    ...state,
    scene: 'room',
    waiting: null,
    out: null,
    seat: {
      room,
      seat,
      listeners,
      audience: users,
      nextPage: rosterPages > 0 ? 1 : null,
      handRaised: false,
      hands: 0,
      sound: media === null ? 'none' : 'connecting',
    },
  };
  return politely(next, seatedText(kindOfRoom(state.rooms, room), listeners, head.resumed));
}

/** The audience of the new room comes by roster, from its first page on. */
function moved(state: PageState, { room, seat }: ServerMessage<'moved'>): PageState {
  if (state.seat === null) return state;
  const there = { ...state.seat, room, seat, audience: [], nextPage: 0, handRaised: false, hands: 0 };
  return politely({ ...state, seat: there }, movedText(kindOfRoom(state.rooms, room)));
}

function goOut(state: PageState, cause: OutCause, heldForMs: number | null): PageState {
  const next: PageState = { ...leaveSeat(state), scene: 'out', waiting: null, out: { cause, heldForMs } };
  return assertively(next, outText(cause, heldForMs));
}

/** Whoever hangs up on a room without a word has lost its audio, or the server's answers. */
function hungUp(state: PageState): PageState {
  if (state.seat !== null)
    return goOut(state, state.seat.sound === 'lost' ? 'media-lost' : 'pong-timeout', null);
  return state.scene === 'joining' || state.scene === 'waiting' ? inHallway(state, null) : state;
}

/** The connection is gone: out of a room, out of the queue, or only out of touch. */
function lostLink(state: PageState): PageState {
  if (state.scene === 'room' || state.scene === 'waiting') return goOut(state, 'connection-lost', null);
  if (state.scene === 'joining')
    return goOut(state, state.out?.cause ?? 'unreachable', state.out?.heldForMs ?? null);
  if (state.scene === 'hallway') return { ...state, problem: 'unreachable' };
  return state;
}

function displaced(state: PageState): PageState {
  const next: PageState = { ...leaveSeat(state), scene: 'displaced', waiting: null, triesAgainAtMs: null };
  return assertively(next, OUT_WORDS.displaced);
}

/** An error that ends the ask. One about a ticket does not: the ask goes on without it. */
function refusedAsk(state: PageState, { code }: ServerMessage<'error'>): PageState {
  const ends = code === 'unknown-room' || code === 'unsupported-version' || code === 'bad-message';
  return state.scene === 'joining' && ends ? inHallway(state, code) : state;
}

function inHallway(state: PageState, problem: string | null): PageState {
  return { ...leaveSeat(state), scene: 'hallway', waiting: null, out: null, triesAgainAtMs: null, problem };
}

function leaveSeat(state: PageState): PageState {
  return { ...state, seat: null, profile: null, soundBlocked: false };
}

function inSeat(state: PageState, change: (seat: Seat) => Seat): PageState {
  return state.seat === null ? state : { ...state, seat: change(state.seat) };
}

function politely(state: PageState, text: string): PageState {
  return { ...state, polite: { nth: state.polite.nth + 1, text } };
}

function assertively(state: PageState, text: string): PageState {
  return { ...state, assertive: { nth: state.assertive.nth + 1, text } };
}
