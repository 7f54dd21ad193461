/** The rooms as they are at this instant: told once a second to whoever started the server, for people who watch. */
import type { Admission } from '../admission/step.ts';
import type { RoomInfo } from './room.ts';
import type { Rooms } from './rooms.ts';

type RoomNow = {
  readonly id: string;
  readonly kind: RoomInfo['kind'];
  readonly taken: number;
  /** Null: without limit. */
  readonly seats: number | null;
};

export type RoomsNow = {
  /** The main room, its overflow rooms, and the fullest of those that listeners opened themselves. */
  readonly rooms: readonly RoomNow[];
  /** People who wait for a seat. */
  readonly queue: number;
};

/** Listeners may open hundreds of rooms; a message a second has to stay small. */
const PARALLEL_ROOMS_MAX = 30;

export function roomsNow(admission: Admission, rooms: Rooms): RoomsNow {
  const parallel = [...rooms.all()]
    .filter(({ info }) => info.kind === 'parallel')
    .sort((a, b) => b.listeners - a.listeners)
    .slice(0, PARALLEL_ROOMS_MAX);
  return {
    rooms: [
      ...admission.occupancy().map(({ room, seats, taken }): RoomNow => {
        return { id: room, kind: rooms.get(room)?.info.kind ?? 'overflow', taken, seats };
      }),
      ...parallel.map(({ info, listeners }): RoomNow => {
        return { id: info.name, kind: info.kind, taken: listeners, seats: info.seats };
      }),
    ],
    queue: admission.waiting(),
  };
}
