/**
 * A running policy: its parts put together. An ask goes through the parts from the outside in (priority, waiting
 * room, token bucket, adaptive limit, cap, overflow), and whatever frees a seat lets the queue move on.
 */
import { AdaptiveLimit, type AdaptiveParameters } from './adaptive.ts';
import { exactLimit } from './cap.ts';
import { softLimit } from './cap-soft.ts';
import { openLimit } from './open.ts';
import { LANES, type Lane, Priority, type PriorityParameters } from './priority.ts';
import { Seating } from './seating.ts';
import type { Admission, AdmissionEvent, Claim, Decision, Draw, Inheritance } from './step.ts';
import { Throughput } from './throughput.ts';
import { TokenBucket } from './token-bucket.ts';
import { WaitingRoom } from './waiting-room.ts';

/** What a policy's parts come to, every number written out; null: without that part. Times in ms of the night. */
export type AdmissionComposition = {
  readonly priority: PriorityParameters | null;
  readonly queue: {
    readonly ticketLifeMs: number;
    readonly positionsEveryMs: number;
    /** Whoever asks when so many wait is told that it is full. */
    readonly peopleMax: number;
  } | null;
  readonly pacing: { readonly seatsPerSecond: number; readonly burst: number } | null;
  readonly adaptive: AdaptiveParameters | null;
  /** `none` has seats only in name. */
  readonly cap: { readonly kind: 'none' | 'soft' | 'exact'; readonly seats: number };
  readonly hold: { readonly holdMs: number } | null;
  readonly overflow: {
    readonly seats: number;
    readonly roomsMax: number;
    /** An overflow room closes when it was empty and the main room had a free seat for so long. */
    readonly closeAfterMs: number;
  } | null;
};

const LIMITS = { none: openLimit, soft: softLimit, exact: exactLimit } as const;
/** Told to whoever is refused early: after so long the threshold has moved, and not all come back at once. */
const EARLY_REFUSAL_MS = 1_000;

class Composition {
  readonly #peopleWaitingMax: number;
  readonly #seating: Seating;
  readonly #waitingRoom: WaitingRoom | null;
  readonly #bucket: TokenBucket | null;
  readonly #adaptive: AdaptiveLimit | null;
  readonly #priority: Priority | null;
  readonly #throughput = new Throughput();
  #inheritance: Inheritance | null;

  constructor(composition: AdmissionComposition, mainRoom: string, inheritance: Inheritance | null) {
    const { adaptive, cap, hold, overflow, pacing, priority, queue } = composition;
    const seats = cap.kind === 'none' ? Number.POSITIVE_INFINITY : cap.seats;
    this.#seating = new Seating(mainRoom, seats, LIMITS[cap.kind], hold?.holdMs ?? null, overflow);
    this.#priority = priority === null ? null : new Priority(priority);
    this.#waitingRoom =
      queue === null
        ? null
        : new WaitingRoom({
            ...queue,
            nextSequence: inheritance?.nextSequence ?? 1,
            lanes: this.#priority === null ? 1 : LANES.length,
            lastLaneOneIn: priority?.lastLaneOneIn ?? 1,
          });
    this.#peopleWaitingMax = queue?.peopleMax ?? 0;
    this.#bucket = pacing === null ? null : new TokenBucket(pacing);
    this.#adaptive = adaptive === null ? null : new AdaptiveLimit(adaptive);
    this.#inheritance = inheritance;
  }

  step(event: AdmissionEvent, nowMs: number, draw: Draw): readonly Decision[] {
    const out: Decision[] = [];
    if (this.#inheritance !== null) this.#seating.inherit(this.#inheritance, nowMs, out);
    this.#inheritance = null;
    switch (event.type) {
      case 'asked':
        this.#asked(event, nowMs, draw, out);
        break;
      case 'took':
        // Only promotion: the queue looks at the cap when somebody asks or leaves and on each tick, as it would
        // if a soft cap were read from a table.
        if (this.#seating.take(event.personId)) this.#seating.promote(out);
        break;
      case 'left':
        this.#left(event.personId, out);
        this.#fill(nowMs, out);
        break;
      case 'vanished':
        this.#vanished(event.personId, nowMs, out);
        this.#fill(nowMs, out);
        break;
      case 'emptied':
        for (const personId of event.personIds) this.#vanished(personId, nowMs, out);
        this.#fill(nowMs, out);
        break;
      case 'observed':
        this.#adaptive?.observe(event.signals, this.#seating.inUse, nowMs);
        this.#priority?.observe(event.signals);
        break;
      case 'tick':
        this.#tick(nowMs, out);
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
      case 'seat':
        return this.#seating.honours(personId, claim, nowMs);
    }
  }

  occupancy(): ReturnType<Admission['occupancy']> {
    return this.#seating.occupancy();
  }

  waiting(): number {
    return this.#waitingRoom?.size ?? 0;
  }

  limit(nowMs: number): number | null {
    return this.#adaptive?.seats(nowMs) ?? null;
  }

  #asked(
    event: Extract<AdmissionEvent, { type: 'asked' }>,
    nowMs: number,
    draw: Draw,
    out: Decision[],
  ): void {
    const { personId, claim } = event;
    const sitter = this.#seating.of(personId);
    if (sitter !== undefined) {
      if (sitter.at !== 'held') {
        // The same person on another connection: the seat goes with the person.
        const resumed = sitter.at === 'taken' || sitter.resumed;
        out.push({ type: 'seat', personId, room: sitter.room.room, seat: sitter.seat, resumed });
        return;
      }
      if (claim.kind === 'seat' && this.#seating.honours(personId, claim, nowMs)) {
        this.#priority?.settled(personId);
        this.#seating.resume(personId, sitter, out);
        return;
      }
      this.#seating.release(personId, sitter, 'superseded', out);
    }
    const lane = this.#priority?.laneOf(personId, event.isSpeaker ?? false) ?? 'new';
    if (this.#waitingRoom === null) this.#askWithoutQueue(personId, lane, nowMs, draw, out);
    else this.#askWithQueue(this.#waitingRoom, personId, claim, lane, nowMs, out);
  }

  #askWithoutQueue(personId: number, lane: Lane, nowMs: number, draw: Draw, out: Decision[]): void {
    this.#seating.promote(out);
    const full = (retryAfterMs: number | null): void => {
      out.push({ type: 'full', personId, retryAfterMs });
    };
    if (this.#priority?.admits(personId, lane, nowMs) === false) {
      full(Math.ceil(EARLY_REFUSAL_MS * (1 + draw())));
      return;
    }
    const budget = this.#seating.budget();
    const couldSit = [...budget.values()].some((seats) => seats > 0) || this.#seating.canOpenOverflow;
    // Where there is no seat at all, nobody knows when to come back; where one is kept back, the part that does it does.
    if (!couldSit) full(null);
    else if (this.#bucket?.allows(nowMs) === false) full(this.#bucket.retryAfterMs(nowMs));
    else if (this.#adaptive?.allows(this.#seating.inUse, nowMs) === false)
      full(this.#adaptive.retryAfterMs(nowMs));
    else {
      this.#bucket?.spend();
      this.#priority?.settled(personId);
      this.#seating.seat(personId, this.#seating.roomToFill(budget, out)!, out);
    }
  }

  #askWithQueue(
    waitingRoom: WaitingRoom,
    personId: number,
    claim: Claim,
    lane: Lane,
    nowMs: number,
    out: Decision[],
  ): void {
    const laneIndex = this.#priority === null ? 0 : LANES.indexOf(lane);
    if (claim.kind === 'place' && waitingRoom.honours(personId, claim.sequence, nowMs)) {
      waitingRoom.comeBack(personId, claim.sequence, laneIndex);
    } else if (!waitingRoom.isPresent(personId)) {
      // An absent person without the ticket has lost the place: it could be anybody who says to be them.
      if (waitingRoom.has(personId)) waitingRoom.leave(personId);
      if (waitingRoom.size >= this.#peopleWaitingMax) {
        out.push({ type: 'full', personId, retryAfterMs: null });
        return;
      }
      waitingRoom.join(personId, laneIndex);
    }
    this.#fill(nowMs, out);
    if (!waitingRoom.has(personId)) return;
    const position = waitingRoom.position(personId);
    waitingRoom.toldPosition(personId, position);
    out.push(this.#wait(waitingRoom, personId, waitingRoom.sequence(personId), position, nowMs));
  }

  #left(personId: number, out: Decision[]): void {
    this.#priority?.settled(personId);
    const sitter = this.#seating.of(personId);
    if (sitter !== undefined) this.#seating.release(personId, sitter, 'left', out);
    else if (this.#waitingRoom?.has(personId)) this.#waitingRoom.leave(personId);
  }

  #vanished(personId: number, nowMs: number, out: Decision[]): void {
    const sitter = this.#seating.of(personId);
    if (sitter === undefined) {
      if (this.#waitingRoom?.has(personId)) this.#waitingRoom.goAbsent(personId, nowMs);
      return;
    }
    if (sitter.at === 'held') return;
    if (sitter.at === 'taken' || sitter.resumed) this.#priority?.lost(personId);
    this.#seating.lose(personId, sitter, nowMs, out);
  }

  #tick(nowMs: number, out: Decision[]): void {
    const waitingRoom = this.#waitingRoom;
    this.#seating.lapse(nowMs, out);
    for (;;) {
      const expired = waitingRoom?.nextExpired(nowMs) ?? null;
      if (expired === null) break;
      out.push({ type: 'expire', ...expired });
    }
    this.#fill(nowMs, out);
    if (waitingRoom !== null)
      for (const told of waitingRoom.tellPositions(nowMs))
        out.push(this.#wait(waitingRoom, told.personId, told.sequence, told.position, nowMs));
    this.#seating.closeIdle(!waitingRoom?.somebodyPresent, nowMs, out);
  }

  /** Promotes, then seats from the queue while there is a seat and nothing holds it back. */
  #fill(nowMs: number, out: Decision[]): void {
    this.#seating.promote(out);
    const waitingRoom = this.#waitingRoom;
    if (waitingRoom === null || !waitingRoom.somebodyPresent) return;
    const budget = this.#seating.budget();
    let inUse = this.#seating.inUse;
    while (waitingRoom.somebodyPresent) {
      if (this.#bucket?.allows(nowMs) === false || this.#adaptive?.allows(inUse, nowMs) === false) return;
      const room = this.#seating.roomToFill(budget, out);
      if (room === null) return;
      this.#bucket?.spend();
      inUse += 1;
      const next = waitingRoom.callNext()!;
      if (next.waited) this.#throughput.admitted(nowMs);
      this.#priority?.settled(next.personId);
      this.#seating.seat(next.personId, room, out);
    }
  }

  #wait(
    waitingRoom: WaitingRoom,
    personId: number,
    sequence: number,
    position: number,
    nowMs: number,
  ): Decision {
    const estimatedWaitMs = this.#throughput.waitMs(position, nowMs);
    const lane = this.#priority === null ? null : LANES[waitingRoom.lane(personId)]!;
    return { type: 'wait', personId, sequence, position, estimatedWaitMs, lane };
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
    step: (event, nowMs, draw) => running.step(event, nowMs, draw),
    honours: (personId, claim, nowMs) => running.honours(personId, claim, nowMs),
    occupancy: () => running.occupancy(),
    waiting: () => running.waiting(),
    limit: (nowMs) => running.limit(nowMs),
  };
}
