/**
 * Who gets in: a cap, and where they are configured a waiting room, pacing, held seats and overflow rooms.
 *
 * The soft and the exact cap are one program with one difference: a soft cap compares the seats that were
 * really taken, so everybody whose seat is decided and not yet taken overtakes the check; an exact cap
 * counts a decided seat at once. Held seats count against both.
 *
 * A freed seat of the main room goes to the member who has been in an overflow room longest, and the queue
 * takes the seat that this frees: whoever asked earlier is never behind.
 */
import { Lapses } from './lapses.ts';
import { Overflow } from './overflow.ts';
import { Pacing } from './pacing.ts';
import { RoomSeats } from './seats.ts';
import type {
  Admission,
  AdmissionComposition,
  AdmissionEvent,
  Claim,
  Decision,
  Inheritance,
  Occupancy,
} from './step.ts';
import { Throughput } from './throughput.ts';
import { WaitingRoom } from './waiting-room.ts';

const PEOPLE_WAITING_MAX = 100_000;
const OVERFLOW_CLOSE_AFTER_MS = 5_000;

/** Where somebody sits who does not wait. */
type Sitter =
  | {
      readonly at: 'decided';
      readonly room: RoomSeats;
      readonly seat: number;
      /** The seat was held for them before. */
      readonly resumed: boolean;
    }
  | { readonly at: 'taken'; readonly room: RoomSeats; readonly seat: number }
  | { readonly at: 'held'; readonly room: RoomSeats; readonly seat: number; readonly untilMs: number };

/** Seats of each room that may be given out in one step; see `#budget`. */
type Budget = Map<RoomSeats, number>;

class Composition {
  readonly #composition: AdmissionComposition;
  readonly #main: RoomSeats;
  readonly #overflow: Overflow | null;
  readonly #waitingRoom: WaitingRoom | null;
  readonly #pacing: Pacing | null;
  readonly #throughput = new Throughput();
  readonly #sitters = new Map<number, Sitter>();
  readonly #holds = new Lapses();
  #inheritance: Inheritance | null;

  constructor(composition: AdmissionComposition, mainRoom: string, inheritance: Inheritance | null) {
    const { cap, queue, pacing, overflow } = composition;
    this.#composition = composition;
    this.#main = new RoomSeats(mainRoom, cap.seats);
    this.#overflow =
      overflow === null
        ? null
        : new Overflow(mainRoom, { closeAfterMs: OVERFLOW_CLOSE_AFTER_MS, ...overflow });
    this.#waitingRoom =
      queue === null ? null : new WaitingRoom({ ...queue, nextSequence: inheritance?.nextSequence ?? 1 });
    this.#pacing = pacing === null ? null : new Pacing(pacing);
    this.#inheritance = inheritance;
  }

  step(event: AdmissionEvent, nowMs: number): readonly Decision[] {
    const out: Decision[] = [];
    this.#inherit(nowMs, out);
    switch (event.type) {
      case 'asked':
        this.#asked(event.personId, event.claim, nowMs, out);
        break;
      case 'took':
        this.#took(event.personId, out);
        break;
      case 'left':
        this.#left(event.personId, out);
        this.#fill(nowMs, out);
        break;
      case 'vanished':
        this.#vanished(event.personId, nowMs, out);
        this.#fill(nowMs, out);
        break;
      case 'tick':
        this.#tick(nowMs, out);
        break;
      case 'observed':
        break;
    }
    return out;
  }

  honours(personId: number, claim: Claim, nowMs: number): boolean {
    switch (claim.kind) {
      case 'none':
        return true;
      case 'place':
        return this.#waitingRoom?.honours(personId, claim.sequence, nowMs) ?? false;
      case 'seat': {
        const sitter = this.#sitters.get(personId);
        if (sitter?.room.room !== claim.room || sitter.seat !== claim.seat) return false;
        return sitter.at !== 'held' || nowMs < sitter.untilMs;
      }
    }
  }

  occupancy(): readonly Occupancy[] {
    return this.#rooms().map((seats) => ({
      room: seats.room,
      seats: seats.cap,
      decided: seats.decided,
      taken: seats.taken,
      held: seats.held,
    }));
  }

  waiting(): number {
    return this.#waitingRoom?.size ?? 0;
  }

  #asked(personId: number, claim: Claim, nowMs: number, out: Decision[]): void {
    const sitter = this.#sitters.get(personId);
    if (sitter !== undefined) {
      if (sitter.at !== 'held') {
        // The same person on another connection: the seat goes with the person.
        const resumed = sitter.at === 'taken' || sitter.resumed;
        out.push({ type: 'seat', personId, room: sitter.room.room, seat: sitter.seat, resumed });
        return;
      }
      if (claim.kind === 'seat' && this.honours(personId, claim, nowMs)) {
        sitter.room.resume(sitter.seat);
        this.#sitters.set(personId, { at: 'decided', room: sitter.room, seat: sitter.seat, resumed: true });
        out.push({ type: 'seat', personId, room: sitter.room.room, seat: sitter.seat, resumed: true });
        return;
      }
      this.#release(personId, sitter, 'superseded', out);
    }
    if (this.#waitingRoom === null) this.#askWithoutQueue(personId, nowMs, out);
    else this.#askWithQueue(this.#waitingRoom, personId, claim, nowMs, out);
  }

  #askWithoutQueue(personId: number, nowMs: number, out: Decision[]): void {
    this.#promote(out);
    const paced = this.#pacing !== null && !this.#pacing.allows(nowMs);
    const budget = this.#budget();
    const room = paced ? null : this.#roomToFill(budget, out);
    if (room !== null) {
      this.#pacing?.spend();
      this.#seat(personId, room, out);
      return;
    }
    const onlyPaced = paced && (this.#overflow?.canOpen || [...budget.values()].some((seats) => seats > 0));
    const retryAfterMs = onlyPaced ? this.#pacing!.retryAfterMs(nowMs) : null;
    out.push({ type: 'full', personId, retryAfterMs });
  }

  #askWithQueue(
    waitingRoom: WaitingRoom,
    personId: number,
    claim: Claim,
    nowMs: number,
    out: Decision[],
  ): void {
    if (claim.kind === 'place' && waitingRoom.honours(personId, claim.sequence, nowMs)) {
      waitingRoom.comeBack(personId, claim.sequence);
    } else if (!waitingRoom.isPresent(personId)) {
      // An absent person without the ticket has lost the place: it could be anybody who says to be them.
      if (waitingRoom.has(personId)) waitingRoom.leave(personId);
      const peopleMax = this.#composition.queue?.peopleMax ?? PEOPLE_WAITING_MAX;
      if (waitingRoom.size >= peopleMax) {
        out.push({ type: 'full', personId, retryAfterMs: null });
        return;
      }
      waitingRoom.join(personId);
    }
    this.#fill(nowMs, out);
    if (!waitingRoom.has(personId)) return;
    const position = waitingRoom.position(personId);
    waitingRoom.toldPosition(personId, position);
    out.push(this.#wait(personId, waitingRoom.sequence(personId), position, nowMs));
  }

  #took(personId: number, out: Decision[]): void {
    const sitter = this.#sitters.get(personId);
    if (sitter?.at !== 'decided') return;
    sitter.room.take(sitter.seat);
    this.#sitters.set(personId, { at: 'taken', room: sitter.room, seat: sitter.seat });
    if (sitter.room !== this.#main) this.#overflow?.joined(personId);
    // Only promotion: the queue looks at the cap when somebody asks or leaves and on each tick, as it would
    // if a soft cap were read from a table.
    this.#promote(out);
  }

  #left(personId: number, out: Decision[]): void {
    const sitter = this.#sitters.get(personId);
    if (sitter !== undefined) this.#release(personId, sitter, 'left', out);
    else if (this.#waitingRoom?.has(personId)) this.#waitingRoom.leave(personId);
  }

  #vanished(personId: number, nowMs: number, out: Decision[]): void {
    const sitter = this.#sitters.get(personId);
    if (sitter === undefined) {
      if (this.#waitingRoom?.has(personId)) this.#waitingRoom.goAbsent(personId, nowMs);
      return;
    }
    if (sitter.at === 'held') return;
    const hold = this.#composition.hold;
    // A seat that never reached its person is nobody's to come back to, unless it was theirs before.
    if (hold === null || (sitter.at === 'decided' && !sitter.resumed)) {
      this.#release(personId, sitter, 'vanished', out);
      return;
    }
    sitter.room.hold(sitter.seat, sitter.at);
    this.#overflow?.gone(personId);
    this.#keepFor(personId, sitter.room, sitter.seat, nowMs + hold.holdMs);
    out.push({
      type: 'hold',
      personId,
      room: sitter.room.room,
      seat: sitter.seat,
      holdMs: hold.holdMs,
    });
  }

  #tick(nowMs: number, out: Decision[]): void {
    for (;;) {
      const lapse = this.#holds.next(nowMs);
      if (lapse === null) break;
      const sitter = this.#sitters.get(lapse.personId);
      if (sitter?.at === 'held' && sitter.untilMs === lapse.atMs)
        this.#release(lapse.personId, sitter, 'expired', out);
    }
    for (;;) {
      const expired = this.#waitingRoom?.nextExpired(nowMs) ?? null;
      if (expired === null) break;
      out.push({ type: 'expire', ...expired });
    }
    this.#fill(nowMs, out);
    for (const told of this.#waitingRoom?.tellPositions(nowMs) ?? [])
      out.push(this.#wait(told.personId, told.sequence, told.position, nowMs));
    const mainHasRoom = this.#free(this.#main) > 0 && !this.#waitingRoom?.somebodyPresent;
    for (const room of this.#overflow?.closeIdle(mainHasRoom, nowMs) ?? [])
      out.push({ type: 'close-room', room: room.room });
  }

  /** Promotes, then seats from the queue while there is a seat and pacing allows one. */
  #fill(nowMs: number, out: Decision[]): void {
    this.#promote(out);
    const waitingRoom = this.#waitingRoom;
    if (waitingRoom === null) return;
    const budget = this.#budget();
    while (waitingRoom.somebodyPresent && (this.#pacing?.allows(nowMs) ?? true)) {
      const room = this.#roomToFill(budget, out);
      if (room === null) return;
      this.#pacing?.spend();
      const next = waitingRoom.callNext()!;
      if (next.waited) this.#throughput.admitted(nowMs);
      this.#seat(next.personId, room, out);
    }
  }

  #promote(out: Decision[]): void {
    const overflow = this.#overflow;
    if (overflow === null) return;
    for (let free = this.#free(this.#main); free > 0; free -= 1) {
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

  /**
   * How many seats of each room may be given in this step, read once before any is given, as a cap that is
   * checked before an awaited step is. Seats of the main room are kept back for people whose overflow seat
   * is decided and not yet taken, who asked before whoever waits now.
   */
  #budget(): Budget {
    const budget: Budget = new Map();
    for (const room of this.#rooms()) budget.set(room, this.#free(room));
    budget.set(this.#main, this.#free(this.#main) - (this.#overflow?.decided() ?? 0));
    return budget;
  }

  /** The first room with budget left, less one; opens an overflow room when there is none. */
  #roomToFill(budget: Budget, out: Decision[]): RoomSeats | null {
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

  #seat(personId: number, room: RoomSeats, out: Decision[]): void {
    const seat = room.decide();
    this.#sitters.set(personId, { at: 'decided', room, seat, resumed: false });
    out.push({ type: 'seat', personId, room: room.room, seat, resumed: false });
  }

  #release(
    personId: number,
    sitter: Sitter,
    cause: 'left' | 'vanished' | 'expired' | 'superseded',
    out: Decision[],
  ): void {
    sitter.room.release(sitter.seat);
    this.#overflow?.gone(personId);
    this.#sitters.delete(personId);
    out.push({ type: 'release', personId, room: sitter.room.room, seat: sitter.seat, cause });
  }

  #keepFor(personId: number, room: RoomSeats, seat: number, untilMs: number): void {
    this.#sitters.set(personId, { at: 'held', room, seat, untilMs });
    this.#holds.add(personId, untilMs);
  }

  #wait(personId: number, sequence: number, position: number, nowMs: number): Decision {
    const estimatedWaitMs = this.#throughput.waitMs(position, nowMs);
    return { type: 'wait', personId, sequence, position, estimatedWaitMs };
  }

  /** The one difference between a soft and an exact cap. */
  #free(room: RoomSeats): number {
    const decided = this.#composition.cap.kind === 'exact' ? room.decided : 0;
    return room.cap - room.taken - room.held - decided;
  }

  #rooms(): readonly RoomSeats[] {
    return this.#overflow === null ? [this.#main] : [this.#main, ...this.#overflow.rooms()];
  }

  #opened(room: RoomSeats): Decision {
    return { type: 'open-room', room: room.room, seats: room.cap, relayOf: this.#main.room };
  }

  /** Holds the seats that an earlier process left behind; happens once, before the first event. */
  #inherit(nowMs: number, out: Decision[]): void {
    const inheritance = this.#inheritance;
    const hold = this.#composition.hold;
    this.#inheritance = null;
    if (inheritance === null || hold === null) return;
    const bySeat = [...inheritance.seats].sort((a, b) => a.seat - b.seat);
    for (const { personId, room: name, seat } of bySeat) {
      if (this.#sitters.has(personId)) continue;
      const known = this.#rooms().find((room) => room.room === name);
      const room = known ?? this.#overflow?.openNamed(name) ?? null;
      if (room === null) continue;
      if (known === undefined) out.push(this.#opened(room));
      room.inherit(seat);
      this.#keepFor(personId, room, seat, nowMs + hold.holdMs);
      out.push({ type: 'hold', personId, room: room.room, seat, holdMs: hold.holdMs });
    }
  }
}

/**
 * Makes a running policy from its data.
 *
 * @param mainRoom id of the room that the cap is about; overflow rooms are called `<mainRoom>-overflow-1` and on.
 * @param inheritance what an earlier process of the same server left: its seats are held from the first step on.
 */
export function createAdmission(
  composition: AdmissionComposition,
  mainRoom: string,
  inheritance: Inheritance | null = null,
): Admission {
  const running = new Composition(composition, mainRoom, inheritance);
  return {
    step: (event, nowMs, _draw) => running.step(event, nowMs),
    honours: (personId, claim, nowMs) => running.honours(personId, claim, nowMs),
    occupancy: () => running.occupancy(),
    waiting: () => running.waiting(),
  };
}
