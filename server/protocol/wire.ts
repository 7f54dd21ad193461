/**
 * What a frame looks like on the wire, and nothing else.
 *
 * A frame is one WebSocket text message: one letter, a JSON object (the head), and for a few messages a
 * newline and a second JSON value (the bulk, a list of users). The letter stands at byte 0 of the payload,
 * so that a client can skip a presence frame, and the bulk stands last, so that a client that draws no
 * audience list need not read it.
 *
 * This module imports nothing: k6 and the browser run it as it is. The shapes of the heads are in
 * `messages.ts`.
 */

/** Version of the protocol; travels in every ask, and a server refuses one that it does not speak. */
export const PROTOCOL_VERSION = 1;

/** Letters of the messages that a listener sends. */
export const FROM_LISTENER = {
  hallway: 'h',
  ask: 'a',
  open: 'o',
  connect: 'c',
  roster: 'r',
  profile: 'd',
  hand: 'g',
  heartbeat: 'b',
  bye: 'q',
} as const;

/** Letters of the messages that a server sends. */
export const FROM_SERVER = {
  hallway: 'H',
  waiting: 'W',
  seated: 'S',
  connected: 'C',
  presence: 'P',
  roster: 'R',
  profile: 'D',
  hand: 'G',
  heartbeat: 'B',
  moved: 'M',
  ejected: 'E',
  full: 'F',
  bye: 'Q',
  error: 'X',
} as const;

export type ListenerLetter = (typeof FROM_LISTENER)[keyof typeof FROM_LISTENER];
export type ServerLetter = (typeof FROM_SERVER)[keyof typeof FROM_SERVER];

/** One frame, taken apart: the head and the bulk are still JSON text. */
export type WireFrame = {
  readonly letter: string;
  readonly head: string;
  readonly bulk: string | null;
};

/**
 * Puts a frame together.
 *
 * @param letter the message's type.
 * @param head the message's head, a JSON object; JSON.stringify writes no raw newline.
 * @param bulk already serialised JSON, or nothing.
 */
export function encodeFrame(letter: ListenerLetter | ServerLetter, head: object, bulk?: string): string {
  const text = letter + JSON.stringify(head);
  return bulk === undefined ? text : `${text}\n${bulk}`;
}

/** Takes a frame apart without parsing its JSON. An empty payload gives an empty letter. */
export function splitFrame(payload: string): WireFrame {
  const newline = payload.indexOf('\n');
  if (newline < 0) return { letter: payload.slice(0, 1), head: payload.slice(1), bulk: null };
  return {
    letter: payload.slice(0, 1),
    head: payload.slice(1, newline),
    bulk: payload.slice(newline + 1),
  };
}
