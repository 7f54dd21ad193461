/**
 * Parallel rooms: unofficial rooms that listeners open themselves when the main room is full. They are none of
 * the admission policy's business: nobody queues for one, no seat is held and no host speaks there. What they
 * cost is presence, rosters and a longer hallway.
 */
import { RoomSeats } from '../admission/seats.ts';
import type { Rooms } from './rooms.ts';

export class ParallelRooms {
  readonly #seats: number;
  readonly #roomsMax: number;
  readonly #rooms: Rooms;
  readonly #ledgers = new Map<string, RoomSeats>();
  #opened = 0;

  constructor(limits: { readonly seats: number; readonly roomsMax: number }, rooms: Rooms) {
    this.#seats = limits.seats;
    this.#roomsMax = limits.roomsMax;
    this.#rooms = rooms;
  }

  /** Opens a room and gives its name; null when there may be no more of them. */
  open(title: string): string | null {
    if (this.#ledgers.size >= this.#roomsMax) return null;
    // A name is never given twice, so that the log keeps rooms apart.
    let name: string;
    do name = `parallel-${++this.#opened}`;
    while (this.#rooms.get(name) !== undefined);
    this.#ledgers.set(name, new RoomSeats(name, this.#seats));
    this.#rooms.openParallel(name, title, this.#seats);
    return name;
  }

  /** Takes a seat and gives its number; null when the room is full or has closed. */
  take(name: string): number | null {
    const ledger = this.#ledgers.get(name);
    if (ledger === undefined || ledger.taken >= ledger.cap) return null;
    const seat = ledger.decide();
    ledger.take(seat);
    return seat;
  }

  /** A seat is free again; its owner is out of the room already. The last one closes the room. */
  release(name: string, seat: number): void {
    const ledger = this.#ledgers.get(name);
    if (ledger === undefined) throw new Error(`room ${name} is not a parallel room that is open`);
    ledger.release(seat);
    if (!ledger.empty) return;
    this.#ledgers.delete(name);
    this.#rooms.close(name, 'empty');
  }
}
