/**
 * What a row of a listener's story means, in words: the two sides tell the same things from their own ends. A type without
 * words of its own is told by its name, so that no row is ever left out.
 */
import { format } from '../render/format.ts';
import type { Heard, StoryRow } from './story.ts';

/** An arrival that is later than this is the generator's fault, and worth a word. */
const SLIP_MS_TOLD = 50;
/** Below these a listener notices nothing. */
const LATE_MS_TOLD = 100;
const JITTER_MS_TOLD = 10;

const CAUSES: Readonly<Record<string, string>> = {
  'heartbeat-missed': 'no sign of life came from them',
  'pong-timeout': 'the server fell silent',
  'connection-lost': 'the connection broke',
  'connection-refused': 'the connection was refused',
  'media-lost': 'the audio connection broke',
  'slow-client': 'too slow to take what was sent',
  'protocol-error': 'a message that makes no sense',
  'room-closed': 'the room was closed',
  'worker-died': 'the media worker died',
  'server-restart': 'the server lost what it knew of them',
  displaced: 'another connection of theirs took over',
  'join-timeout': 'not in when the time for it was over',
  impatient: 'hung up, as no answer came',
  full: 'the room was full',
  'queue-patience': 'tired of the queue',
  refused: 'the last answer was "full"',
  tries: 'too many tries in vain',
  'no-return': 'does not try again after that',
  parallel: 'sits in another room instead',
  page: 'the page of the browser failed',
  'page-load': 'the page did not load',
  'page-crash': 'the page crashed',
  'page-hang': 'the page hung',
  ejected: 'they were thrown out',
  expired: 'nobody came back to it',
  left: 'they left',
  superseded: 'they have another one',
};

/** Where the night's end finds somebody. */
const AT_END: Readonly<Record<string, string>> = {
  in: 'still in',
  joining: 'still on the way in',
  waiting: 'still in the queue',
  pausing: 'outside, about to try again',
};

type Words = (row: StoryRow) => string;

const LISTENER: Readonly<Record<string, Words>> = {
  arrive: ({ value }) =>
    (value ?? 0) > SLIP_MS_TOLD
      ? `sets out, ${format(value, 'ms')} late by the generator's fault`
      : 'sets out',
  dial: ({ attempt }) => `dials${attempt === null ? '' : `, try ${attempt}`}`,
  opened: () => 'is connected',
  browsed: ({ value }) => `sees the list of rooms${value === null ? '' : ` (${value})`}`,
  asked: () => 'asks for a seat',
  waiting: ({ value }) => `is told: place ${value ?? '?'} in the queue`,
  full: ({ value }) => `is told: full${value === null ? '' : `, again in ${format(value, 'ms')}`}`,
  seated: (row) => `is told: ${seat(row)}`,
  ice: () => 'ICE is connected',
  dtls: () => 'DTLS is connected',
  'first-audio': () => 'the first audio packet comes',
  in: ({ room }) => (room === null ? 'is in' : `is in, room ${room}`),
  moved: ({ room, value }) => `is moved${toRoom(room)}${value === null ? '' : `, seat ${value}`}`,
  hand: ({ value }) => (value === 0 ? 'takes the hand down' : 'raises a hand'),
  ejected: ({ cause }) => `loses the seat: ${why(cause)}`,
  failed: ({ cause }) => `the try fails: ${why(cause)}`,
  'gave-up': ({ cause }) => `gives up: ${why(cause)}`,
  parallel: ({ room, value }) =>
    `${value === 1 ? 'opens a room of their own' : 'goes to a room of other listeners'}${inRoom(room)}`,
  'parallel-lost': ({ cause }) => `loses the seat in that room: ${why(cause)}`,
  left: ({ cause }) => (cause === 'silent' ? 'leaves without a word' : 'leaves with a goodbye'),
  'at-end': ({ cause }) => `the night ends: ${atEnd(cause)}`,
  'page-loaded': ({ value }) => `the page is there, after ${format(value, 'ms')}`,
  'page-clock': ({ value }) => `the page's clock is known to ${format(value, 'ms')}`,
  audible: ({ value }) => `something is heard, ${format(value, 'ms')} after the seat`,
  'promotion-gap': ({ value }) =>
    value === 0 ? 'nothing is missing across the move' : `${format(value, 'ms')} are missing across the move`,
};

const SERVER: Readonly<Record<string, Words>> = {
  asked: () => 'hears the ask',
  waiting: ({ value }) => `gives place ${value ?? '?'} in the queue`,
  eta: ({ value }) => `tells a wait of ${format(value, 'ms')}`,
  full: ({ value }) => `says full${value === null ? '' : `, again in ${format(value, 'ms')}`}`,
  seated: (row) => `gives ${seat(row)}`,
  took: ({ value }) => `seat ${value ?? '?'} is taken`,
  moved: ({ room, value }) => `moves them${toRoom(room)}${value === null ? '' : `, seat ${value}`}`,
  hand: ({ value }) => (value === 0 ? 'the hand is down' : 'sees the hand'),
  ejected: ({ cause }) => `throws them out: ${why(cause)}`,
  vanished: ({ cause }) => `finds them gone, without a seat: ${why(cause)}`,
  held: ({ value }) => `keeps the seat for ${format(value, 'ms')}`,
  released: ({ value, cause }) => `seat ${value ?? '?'} is free again: ${why(cause)}`,
  expired: () => 'what was kept for them has run out',
  'ticket-redeemed': () => 'takes their ticket',
  'ticket-returned': () => 'their ticket is good again: the answer reached nobody',
  'ticket-refused': ({ cause }) => `refuses their ticket (${cause})`,
  strike: ({ cause }) => `a message that makes no sense (${cause})`,
  left: ({ cause }) => (cause === 'silent' ? 'finds that they have left' : 'hears the goodbye'),
  'transport-moved': () => 'offers the audio of the new room',
};

const NIGHT: Readonly<Record<string, Words>> = {
  'night-start': () => 'the night begins',
  'night-end': () => 'the night ends',
  interrupted: ({ cause }) => `the run is stopped (${cause})`,
  fault: ({ cause }) => `a fault on purpose: ${cause}`,
  'room-opened': ({ room, value }) => `the room ${room} opens${value === null ? '' : `, ${value} seats`}`,
  'room-closed': ({ room }) => `the room ${room} closes`,
  'worker-died': () => 'the media worker dies',
  'worker-ready': () => 'the media worker is back',
};

/**
 * One row in words.
 *
 * @param momentTitles titles of the night's moments, by id.
 */
export function wordsOf(row: StoryRow, isNights: boolean, momentTitles: ReadonlyMap<string, string>): string {
  if (isNights && row.type === 'moment') return momentTitles.get(row.cause ?? '') ?? String(row.cause);
  const words = (isNights ? NIGHT : row.side === 'server' ? SERVER : LISTENER)[row.type];
  if (words !== undefined) return words(row);
  const more = [row.cause, row.value].filter((part) => part !== null).join(', ');
  return `${row.type.replaceAll('-', ' ')}${more === '' ? '' : `: ${more}`}`;
}

/** Some seconds of audio in words. */
export function heardWords({ seconds, packets, lost, longestGapMs, lateMsMax, jitterMsMax }: Heard): string {
  const parts = [
    packets > 0 ? `heard ${seconds} s` : `heard nothing for ${seconds} s`,
    `${lost} ${lost === 1 ? 'packet' : 'packets'} lost`,
  ];
  if (longestGapMs !== null) parts.push(`longest gap ${format(longestGapMs, 'ms')}`);
  if ((lateMsMax ?? 0) >= LATE_MS_TOLD) parts.push(`up to ${format(lateMsMax, 'ms')} late`);
  if ((jitterMsMax ?? 0) >= JITTER_MS_TOLD) parts.push(`jitter up to ${format(jitterMsMax, 'ms')}`);
  return parts.join(', ');
}

/** A cause in words, with its own name, by which one finds it in the log. */
export function why(cause: string | null): string {
  if (cause === null) return 'the log does not say why';
  const words = CAUSES[cause];
  return words === undefined ? cause : `${words} (${cause})`;
}

/** Where the night's end found somebody, in words. */
export function atEnd(cause: string | null): string {
  return AT_END[cause ?? ''] ?? `${cause}`;
}

function seat({ value, room, cause }: StoryRow): string {
  return `seat ${value ?? '?'}${inRoom(room)}${cause === 'resumed' ? ', the same as before' : ''}`;
}

function inRoom(room: string | null): string {
  return room === null ? '' : ` in ${room}`;
}

function toRoom(room: string | null): string {
  return room === null ? '' : ` to ${room}`;
}
