/**
 * The overflow rooms of a main room: which are open, who is promoted next, and when one may close.
 *
 * Rooms are numbered from 1 and the smallest free number is opened next. Members are promoted in the order
 * in which they took their seats.
 */
import { z } from 'zod';
import { Line } from './line.ts';
import { RoomSeats } from './seats.ts';

export const overflowParameters = z.strictObject({
  seats: z
    .int()
    .min(1)
    .optional()
    .describe("seats of an overflow room (C6); absent: the night's rooms.overflow.seats"),
  roomsMax: z
    .int()
    .min(0)
    .optional()
    .describe("overflow rooms at once (C6); absent: the night's rooms.overflow.roomsMax"),
  closeAfterMs: z
    .number()
    .positive()
    .optional()
    .describe(
      'ms after which a room closes that was empty while the main room had a free seat (an assumption: 5,000)',
    ),
});

export type OverflowOptions = {
  readonly seats: number;
  readonly roomsMax: number;
  readonly closeAfterMs: number;
};

export class Overflow {
  readonly #mainRoom: string;
  readonly #options: OverflowOptions;
  /** By number, ascending; a closed number is a hole. */
  readonly #rooms: (RoomSeats | undefined)[] = [];
  readonly #members = new Line();
  readonly #memberSequence = new Map<number, number>();
  readonly #idleSinceMs = new Map<RoomSeats, number>();
  #nextSequence = 1;

  constructor(mainRoom: string, options: OverflowOptions) {
    this.#mainRoom = mainRoom;
    this.#options = options;
  }

  /** The open rooms in the order in which they are filled. */
  rooms(): readonly RoomSeats[] {
    return this.#rooms.filter((room) => room !== undefined);
  }

  get canOpen(): boolean {
    return this.#freeNumber() !== null;
  }

  /** Opens the next room. */
  open(): RoomSeats {
    const number = this.#freeNumber();
    if (number === null) throw new Error(`all ${this.#options.roomsMax} overflow rooms are open`);
    const room = new RoomSeats(`${this.#mainRoom}-overflow-${number}`, this.#options.seats);
    this.#rooms[number - 1] = room;
    return room;
  }

  /** Opens the room of this name if it is one of ours; null when it is not. */
  openNamed(name: string): RoomSeats | null {
    const prefix = `${this.#mainRoom}-overflow-`;
    const number = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (!Number.isInteger(number) || number < 1 || number > this.#options.roomsMax) return null;
    this.#rooms[number - 1] ??= new RoomSeats(name, this.#options.seats);
    return this.#rooms[number - 1]!;
  }

  /** Seats decided in any overflow room and not yet taken: people who are about to be promotable. */
  decided(): number {
    return this.rooms().reduce((sum, room) => sum + room.decided, 0);
  }

  /** Somebody took a seat in an overflow room. */
  joined(personId: number): void {
    this.gone(personId);
    this.#memberSequence.set(personId, this.#nextSequence);
    this.#members.add(this.#nextSequence, personId);
    this.#nextSequence += 1;
  }

  /** Somebody lost, left or changed their seat in an overflow room. */
  gone(personId: number): void {
    const sequence = this.#memberSequence.get(personId);
    if (sequence === undefined) return;
    this.#memberSequence.delete(personId);
    this.#members.remove(sequence);
  }

  /** The member who has been here longest. */
  nextToPromote(): number | null {
    const sequence = this.#members.first();
    return sequence === null ? null : this.#members.at(sequence)!;
  }

  /** Takes out the rooms that have been empty, with room in the main room, for long enough. */
  closeIdle(mainHasRoom: boolean, nowMs: number): readonly RoomSeats[] {
    const closed: RoomSeats[] = [];
    for (const [index, room] of this.#rooms.entries()) {
      if (room === undefined) continue;
      if (!mainHasRoom || !room.empty) {
        this.#idleSinceMs.delete(room);
        continue;
      }
      const sinceMs = this.#idleSinceMs.get(room) ?? nowMs;
      this.#idleSinceMs.set(room, sinceMs);
      if (nowMs - sinceMs < this.#options.closeAfterMs) continue;
      this.#idleSinceMs.delete(room);
      this.#rooms[index] = undefined;
      closed.push(room);
    }
    return closed;
  }

  #freeNumber(): number | null {
    for (let number = 1; number <= this.#options.roomsMax; number += 1)
      if (this.#rooms[number - 1] === undefined) return number;
    return null;
  }
}
