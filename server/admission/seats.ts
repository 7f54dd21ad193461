/**
 * The ledger of one room's seats: every seat that is not free is decided, taken or held, and nothing else.
 *
 * It only keeps account. Whether a cap is reached is the caller's question, because a soft cap may be
 * overrun: seat numbers then go on above it.
 */
import { SmallestFirst } from './smallest-first.ts';

export type SeatState = 'decided' | 'taken' | 'held';

/** Seats of a room that may still be given; the one difference between no cap, a soft one and an exact one. */
export type SeatLimit = { free(room: RoomSeats): number };

export class RoomSeats {
  readonly room: string;
  readonly cap: number;
  readonly #states = new Map<number, SeatState>();
  readonly #counts = { decided: 0, taken: 0, held: 0 };
  /** Free numbers below #fresh; every number from #fresh on is free as well. */
  readonly #freed = new SmallestFirst();
  #fresh = 1;

  constructor(room: string, cap: number) {
    this.room = room;
    this.cap = cap;
  }

  get decided(): number {
    return this.#counts.decided;
  }
  get taken(): number {
    return this.#counts.taken;
  }
  get held(): number {
    return this.#counts.held;
  }
  get empty(): boolean {
    return this.#states.size === 0;
  }

  /** Gives the smallest free seat to somebody who has yet to take it. */
  decide(): number {
    const seat = this.#freed.pop() ?? this.#fresh++;
    this.#states.set(seat, 'decided');
    this.#counts.decided += 1;
    return seat;
  }

  /** What was decided has been taken. */
  take(seat: number): void {
    this.#change(seat, 'decided', 'taken');
  }

  /** The seat is kept for an owner who was lost. */
  hold(seat: number, from: 'taken' | 'decided'): void {
    this.#change(seat, from, 'held');
  }

  /** The owner of a held seat is back and has yet to take it. */
  resume(seat: number): void {
    this.#change(seat, 'held', 'decided');
  }

  /** The seat becomes free for anybody. */
  release(seat: number): void {
    const state = this.#states.get(seat);
    if (state === undefined) throw new Error(`seat ${seat} of ${this.room} is free and cannot be released`);
    this.#states.delete(seat);
    this.#counts[state] -= 1;
    this.#freed.push(seat);
  }

  /** A seat of an earlier process, kept for its owner. Call in ascending order of seats, before any other use. */
  inherit(seat: number): void {
    if (seat < this.#fresh) throw new Error(`seat ${seat} of ${this.room} is inherited out of order`);
    while (this.#fresh < seat) this.#freed.push(this.#fresh++);
    this.#fresh = seat + 1;
    this.#states.set(seat, 'held');
    this.#counts.held += 1;
  }

  #change(seat: number, from: SeatState, to: SeatState): void {
    const state = this.#states.get(seat);
    if (state !== from)
      throw new Error(`seat ${seat} of ${this.room} should be ${from} but is ${state ?? 'free'}`);
    this.#states.set(seat, to);
    this.#counts[from] -= 1;
    this.#counts[to] += 1;
  }
}
