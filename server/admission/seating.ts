/**
 * Who sits where: the seats of the main room and of its overflow rooms, who has them, for whom they are kept, and
 * who is promoted. Whether a seat may be given is the policy's question; what a seat is, is answered here.
 *
 * A freed seat of the main room goes to the member who has been in an overflow room longest, and the queue
 * takes the seat that this frees: whoever asked earlier is never behind.
 */
import { Lapses } from './lapses.ts';
import { Overflow, type OverflowOptions } from './overflow.ts';
import { RoomSeats, type SeatLimit } from './seats.ts';
import type { Claim, Decision, Inheritance, Occupancy } from './step.ts';

/** Where somebody sits who does not wait. */
export type Sitter =
  | {
      readonly at: 'decided';
      readonly room: RoomSeats;
      readonly seat: number;
      /** The seat was held for them before. */
      readonly resumed: boolean;
    }
  | { readonly at: 'taken'; readonly room: RoomSeats; readonly seat: number }
  | { readonly at: 'held'; readonly room: RoomSeats; readonly seat: number; readonly untilMs: number };

type ReleaseCause = Extract<Decision, { type: 'release' }>['cause'];

/** Seats of each room that may be given out in one step; see `Seating.budget`. */
export type Budget = Map<RoomSeats, number>;

export class Seating {
  readonly #limit: SeatLimit;
  readonly #main: RoomSeats;
  readonly #overflow: Overflow | null;
  readonly #holdMs: number | null;
  readonly #sitters = new Map<number, Sitter>();
  readonly #holds = new Lapses();

  constructor(
    mainRoom: string,
    seats: number,
    limit: SeatLimit,
    holdMs: number | null,
    overflow: OverflowOptions | null,
  ) {
    this.#limit = limit;
    this.#main = new RoomSeats(mainRoom, seats);
    this.#holdMs = holdMs;
    this.#overflow = overflow === null ? null : new Overflow(mainRoom, overflow);
  }

  of(personId: number): Sitter | undefined {
    return this.#sitters.get(personId);
  }

  /** Seats decided or taken, of all rooms: people who cost the server something. */
  get inUse(): number {
    return this.#rooms().reduce((sum, room) => sum + room.decided + room.taken, 0);
  }

  get mainHasRoom(): boolean {
    return this.#limit.free(this.#main) > 0;
  }

  get canOpenOverflow(): boolean {
    return this.#overflow?.canOpen ?? false;
  }

  /** Whether the right to a seat is still good. */
  honours(personId: number, claim: Extract<Claim, { kind: 'seat' }>, nowMs: number): boolean {
    const sitter = this.#sitters.get(personId);
    if (sitter?.room.room !== claim.room || sitter.seat !== claim.seat) return false;
    return sitter.at !== 'held' || nowMs < sitter.untilMs;
  }

  occupancy(): readonly Occupancy[] {
    return this.#rooms().map((seats) => ({
      room: seats.room,
      seats: Number.isFinite(seats.cap) ? seats.cap : null,
      decided: seats.decided,
      taken: seats.taken,
      held: seats.held,
    }));
  }

  /**
   * How many seats of each room may be given in this step, read once before any is given, as a cap that is
   * checked before an awaited step is. Seats of the main room are kept back for people whose overflow seat
   * is decided and not yet taken, who asked before whoever waits now.
   */
  budget(): Budget {
    const budget: Budget = new Map();
    for (const room of this.#rooms()) budget.set(room, this.#limit.free(room));
    budget.set(this.#main, this.#limit.free(this.#main) - (this.#overflow?.decided() ?? 0));
    return budget;
  }

  /** The first room with budget left, less one; opens an overflow room when there is none. */
  roomToFill(budget: Budget, out: Decision[]): RoomSeats | null {
    for (const [room, seats] of budget) {
      if (seats <= 0) continue;
      budget.set(room, seats - 1);
      return room;
    }
    if (!this.#overflow?.canOpen) return null;
    const room = this.#overflow.open();
    budget.set(room, room.cap - 1);
    out.push(this.#opened(room));
    return room;
  }

  seat(personId: number, room: RoomSeats, out: Decision[]): void {
    const seat = room.decide();
    this.#sitters.set(personId, { at: 'decided', room, seat, resumed: false });
    out.push({ type: 'seat', personId, room: room.room, seat, resumed: false });
  }

  /** The owner of a held seat is back. */
  resume(personId: number, sitter: Extract<Sitter, { at: 'held' }>, out: Decision[]): void {
    const { room, seat } = sitter;
    room.resume(seat);
    this.#sitters.set(personId, { at: 'decided', room, seat, resumed: true });
    out.push({ type: 'seat', personId, room: room.room, seat, resumed: true });
  }

  /** @returns whether there was a seat to take. */
  take(personId: number): boolean {
    const sitter = this.#sitters.get(personId);
    if (sitter?.at !== 'decided') return false;
    sitter.room.take(sitter.seat);
    this.#sitters.set(personId, { at: 'taken', room: sitter.room, seat: sitter.seat });
    if (sitter.room !== this.#main) this.#overflow?.joined(personId);
    return true;
  }

  /** The owner of a seat was lost: it is kept where seats are, and is free where not. */
  lose(personId: number, sitter: Exclude<Sitter, { at: 'held' }>, nowMs: number, out: Decision[]): void {
    // A seat that never reached its person is nobody's to come back to, unless it was theirs before.
    if (this.#holdMs === null || (sitter.at === 'decided' && !sitter.resumed)) {
      this.release(personId, sitter, 'vanished', out);
      return;
    }
    sitter.room.hold(sitter.seat, sitter.at);
    this.#overflow?.gone(personId);
    this.#keepFor(personId, sitter.room, sitter.seat, nowMs, this.#holdMs, out);
  }

  release(personId: number, sitter: Sitter, cause: ReleaseCause, out: Decision[]): void {
    sitter.room.release(sitter.seat);
    this.#overflow?.gone(personId);
    this.#sitters.delete(personId);
    out.push({ type: 'release', personId, room: sitter.room.room, seat: sitter.seat, cause });
  }

  /** Frees the held seats whose time has come. */
  lapse(nowMs: number, out: Decision[]): void {
    for (;;) {
      const lapse = this.#holds.next(nowMs);
      if (lapse === null) return;
      const sitter = this.#sitters.get(lapse.personId);
      if (sitter?.at === 'held' && sitter.untilMs === lapse.atMs)
        this.release(lapse.personId, sitter, 'expired', out);
    }
  }

  promote(out: Decision[]): void {
    const overflow = this.#overflow;
    if (overflow === null) return;
    for (let free = this.#limit.free(this.#main); free > 0; free -= 1) {
      const personId = overflow.nextToPromote();
      if (personId === null) return;
      const from = this.#sitters.get(personId)!;
      const seat = this.#main.decide();
      this.#main.take(seat);
      from.room.release(from.seat);
      overflow.gone(personId);
      this.#sitters.set(personId, { at: 'taken', room: this.#main, seat });
      out.push({ type: 'move', personId, from: from.room.room, to: this.#main.room, seat });
    }
  }

  /** Closes overflow rooms that nobody needs. */
  closeIdle(nobodyWaits: boolean, nowMs: number, out: Decision[]): void {
    for (const room of this.#overflow?.closeIdle(nobodyWaits && this.mainHasRoom, nowMs) ?? [])
      out.push({ type: 'close-room', room: room.room });
  }

  /** Holds the seats that an earlier process left behind, where seats are held. */
  inherit({ seats }: Inheritance, nowMs: number, out: Decision[]): void {
    if (this.#holdMs === null) return;
    const bySeat = [...seats].sort((a, b) => a.seat - b.seat);
    for (const { personId, room: name, seat } of bySeat) {
      if (this.#sitters.has(personId)) continue;
      const known = this.#rooms().find((room) => room.room === name);
      const room = known ?? this.#overflow?.openNamed(name) ?? null;
      if (room === null) continue;
      if (known === undefined) out.push(this.#opened(room));
      room.inherit(seat);
      this.#keepFor(personId, room, seat, nowMs, this.#holdMs, out);
    }
  }

  #keepFor(
    personId: number,
    room: RoomSeats,
    seat: number,
    nowMs: number,
    holdMs: number,
    out: Decision[],
  ): void {
    const untilMs = nowMs + holdMs;
    this.#sitters.set(personId, { at: 'held', room, seat, untilMs });
    this.#holds.add(personId, untilMs);
    out.push({ type: 'hold', personId, room: room.room, seat, holdMs });
  }

  #rooms(): readonly RoomSeats[] {
    return this.#overflow === null ? [this.#main] : [this.#main, ...this.#overflow.rooms()];
  }

  #opened(room: RoomSeats): Decision {
    return { type: 'open-room', room: room.room, seats: room.cap, relayOf: this.#main.room };
  }
}
