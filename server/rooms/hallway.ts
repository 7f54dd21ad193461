/** The list of rooms that everybody sees first: made for every request, or at most once in a while. */

import type { z } from 'zod';
import type { hallwayRoom } from '../protocol/messages.ts';
import type { Room } from './room.ts';

/** As many as the message may carry; the main room and its overflow rooms come first. */
const ROOMS_MAX = 1_000;

export type Hallway = {
  /** The head of a hallway message as JSON text. */
  read(nowMs: number): string;
};

export function hallwayComputed(rooms: () => Iterable<Room>): Hallway {
  return { read: () => describe(rooms()) };
}

export function hallwayCached(rooms: () => Iterable<Room>, cacheMs: number): Hallway {
  let text = '';
  let madeAtMs = Number.NEGATIVE_INFINITY;
  return {
    read: (nowMs) => {
      if (nowMs - madeAtMs >= cacheMs) {
        text = describe(rooms());
        madeAtMs = nowMs;
      }
      return text;
    },
  };
}

function describe(rooms: Iterable<Room>): string {
  const list: z.infer<typeof hallwayRoom>[] = [];
  for (const { info, listeners } of rooms) {
    if (list.length === ROOMS_MAX) break;
    list.push({ room: info.name, title: info.title, kind: info.kind, listeners, seats: info.seats });
  }
  return JSON.stringify({ rooms: list });
}
