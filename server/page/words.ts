/** The page's sentences, in one place, so that what is shown and what is read out are the same words. */
import type { ServerMessage } from '../protocol/messages.ts';
import type { OutCause, Sound } from './room.ts';

export type RoomKind = ServerMessage<'hallway'>['rooms'][number]['kind'];

/** What a room is, by the list of rooms; one that opened after the list was read is an overflow room. */
export function kindOfRoom(rooms: ServerMessage<'hallway'>['rooms'], room: string): RoomKind {
  return rooms.find((one) => one.room === room)?.kind ?? (room === 'main' ? 'main' : 'overflow');
}

export const ROOM_WORDS: Readonly<Record<RoomKind, string>> = {
  main: 'the main room',
  overflow: 'an overflow room',
  parallel: 'a parallel room',
};

export function people(count: number): string {
  return count === 1 ? '1 person' : `${count.toLocaleString('en')} people`;
}

/** A span that people wait: seconds up to two minutes, then minutes. */
export function span(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds === 1) return '1 second';
  return seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}

export function waitText(estimatedWaitMs: number | null): string {
  return estimatedWaitMs === null ? 'How long it takes is not known yet.' : `About ${span(estimatedWaitMs)}.`;
}

export function positionText(position: number, estimatedWaitMs: number | null): string {
  const place =
    position === 1 ? 'You are next.' : `You are number ${position.toLocaleString('en')} in the queue.`;
  return `${place} ${waitText(estimatedWaitMs)}`;
}

export function seatedText(kind: RoomKind, listeners: number, resumed: boolean): string {
  const seat = resumed ? 'You have your seat again, in' : 'You are in';
  return `${seat} ${ROOM_WORDS[kind]}. ${people(listeners)} ${listeners === 1 ? 'listens' : 'listen'}.`;
}

export function movedText(kind: RoomKind): string {
  return `You were moved to ${ROOM_WORDS[kind]}. The voice goes on.`;
}

/** Why somebody is out, to themselves. */
export const OUT_WORDS: Readonly<Record<OutCause, string>> = {
  'heartbeat-missed': 'The server heard nothing of you for too long.',
  'pong-timeout': 'The server stopped answering.',
  'connection-lost': 'The connection to the server was lost.',
  'media-lost': 'The audio was lost.',
  'slow-client': 'Your connection was too slow for the room.',
  'protocol-error': 'The server did not understand this page.',
  'room-closed': 'The host has closed the room or started it anew.',
  'worker-died': 'The part of the server that carries the audio has failed. It is being started again.',
  'server-restart': 'The server is restarting.',
  displaced: 'The room is open in another tab.',
  unreachable: 'The server cannot be reached.',
};

export function outText(cause: OutCause, heldForMs: number | null): string {
  return heldForMs === null
    ? OUT_WORDS[cause]
    : `${OUT_WORDS[cause]} Your seat is kept for ${span(heldForMs)}.`;
}

/** What stands in the way in the hallway; a code that the page has no words for is shown as it is. */
export function problemText(problem: string): string {
  switch (problem) {
    case 'unreachable':
      return 'The server cannot be reached. The page keeps trying.';
    case 'unknown-room':
      return 'That room is no more.';
    case 'unsupported-version':
      return 'This page is older than the server. Load it again.';
    default:
      return `The server refused: ${problem}.`;
  }
}

export const SOUND_WORDS: Readonly<Record<Sound, string>> = {
  none: 'This room has no audio.',
  connecting: 'The audio is being connected.',
  flowing: 'Connected; nobody is speaking.',
  audible: 'You hear the host.',
  lost: 'The audio was lost.',
};
