/**
 * The list of rooms, which everybody sees before they ask for a seat: on every dial, after every ejection, and
 * some while they wait there for the moment to come. Whoever was told that the main room is full looks at the
 * list for another room, or opens one.
 */
import type { ServerMessage } from '../../server/protocol/messages.ts';
import { FROM_LISTENER, PROTOCOL_VERSION } from '../../server/protocol/wire.ts';
import { clearTimer, row, setTimer, type Turn } from './turn.ts';

type Rooms = ServerMessage<'hallway'>['rooms'];

/** The connection stands: the list comes first. */
export function opened(turn: Turn): void {
  const { listener } = turn;
  if (listener.phase !== 'dialing') return;
  listener.phase = 'browsing';
  row(turn, 'opened', null, null);
  look(turn);
  setTimer(turn, 'heartbeat', listener.rules.heartbeatMs);
}

/** Asks for the list. Until it has come, the listener has no answer. */
export function look(turn: Turn): void {
  const { personId } = turn.listener.traits;
  turn.effects.push({ type: 'send', letter: FROM_LISTENER.hallway, head: { personId } });
}

/** The list has come. */
export function browsed(turn: Turn, { rooms }: ServerMessage<'hallway'>): void {
  const { listener } = turn;
  if (listener.phase !== 'browsing') return;
  if (!listener.hasSeenList) row(turn, 'browsed', null, rooms.length);
  listener.hasSeenList = true;
  if (listener.hasArrived) {
    choose(turn, rooms);
    return;
  }
  clearTimer(turn, 'join');
  setTimer(turn, 'poll', listener.rules.hallwayPollMs);
}

function choose(turn: Turn, rooms: Rooms): void {
  const { traits, rules, toldFull } = turn.listener;
  const parallel = toldFull ? rooms.filter((one) => one.kind === 'parallel') : [];
  const free = traits.joinsParallel ? fullestWithSeat(parallel) : null;
  if (free !== null) askParallel(turn, free);
  else if (toldFull && traits.opensParallel && parallel.length < rules.parallelRoomsMax) openParallel(turn);
  else askMain(turn);
}

/** People go where people are. */
function fullestWithSeat(rooms: Rooms): string | null {
  let fullest: Rooms[number] | null = null;
  for (const one of rooms) {
    const hasSeat = one.seats === null || one.listeners < one.seats;
    if (hasSeat && (fullest === null || one.listeners > fullest.listeners)) fullest = one;
  }
  return fullest?.room ?? null;
}

export function askMain(turn: Turn): void {
  const { rules, ticket } = turn.listener;
  ask(turn, rules.room, ticket);
  row(turn, 'asked', null, null);
}

function askParallel(turn: Turn, room: string): void {
  const { listener } = turn;
  listener.seeking = 'parallel';
  listener.room = room;
  ask(turn, room, null);
  row(turn, 'asked', 'parallel', null);
}

function ask(turn: Turn, room: string, ticket: string | null): void {
  const { listener, effects } = turn;
  listener.phase = 'asking';
  effects.push({
    type: 'send',
    letter: FROM_LISTENER.ask,
    head: { ...asker(turn), room, media: listener.media, ...(ticket === null ? {} : { ticket }) },
  });
}

function openParallel(turn: Turn): void {
  const { listener, effects } = turn;
  listener.phase = 'asking';
  listener.seeking = 'own';
  // Its name is the server's to give.
  listener.room = null;
  const title = `The room of ${listener.traits.name}`;
  effects.push({ type: 'send', letter: FROM_LISTENER.open, head: { ...asker(turn), title } });
  row(turn, 'asked', 'own', null);
}

function asker({ listener }: Turn): object {
  const { personId, name, profile } = listener.traits;
  const head = { v: PROTOCOL_VERSION, personId, name, attempt: listener.attempt };
  return profile === null ? head : { ...head, profile };
}
