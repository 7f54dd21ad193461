/**
 * The waiting room: first come, first served, in one line or in a lane for each priority. Somebody whose
 * connection is lost keeps their place for a while and is passed over meanwhile, so that the queue never stalls on an
 * absent head.
 */
import { z } from 'zod';
import { Lapses } from './lapses.ts';
import { Line } from './line.ts';

export const waitingRoomParameters = z.strictObject({
  ticketLifeMs: z
    .number()
    .positive()
    .optional()
    .describe(
      "ms that a place outlives its connection (an assumption); absent: the night's server.ticketLifeMs",
    ),
  positionsEveryMs: z
    .number()
    .positive()
    .optional()
    .describe(
      "ms in which everybody hears of their position once; absent: the night's server.positionsEveryMs",
    ),
  peopleMax: z
    .int()
    .min(1)
    .optional()
    .describe('whoever asks when so many wait is told that it is full (an assumption: 100,000)'),
});

type Place = {
  readonly sequence: number;
  readonly lane: number;
  /** null: present. */
  absentUntilMs: number | null;
  toldPosition: number;
};

/** Everybody who has a place in a lane, and those of them who are here: both under the same numbers. */
type LaneLines = { readonly everybody: Line; readonly present: Line };

export type Told = { readonly personId: number; readonly sequence: number; readonly position: number };

export class WaitingRoom {
  readonly #ticketLifeMs: number;
  readonly #positionsEveryMs: number;
  readonly #places = new Map<number, Place>();
  /** The first lane goes first. */
  readonly #lanes: readonly LaneLines[];
  /** One call in so many goes to the last lane that has somebody. */
  readonly #lastLaneOneIn: number;
  readonly #absences = new Lapses();
  readonly #inheritedBelow: number;
  #inheritedUntilMs: number | null = null;
  #nextSequence: number;
  #calls = 0;
  /** Where telling positions goes on, and how many tellings are due. */
  #tellLane = 0;
  #tellFrom = 0;
  #tellDue = 0;
  #toldAtMs: number | null = null;

  constructor(options: {
    readonly ticketLifeMs: number;
    readonly positionsEveryMs: number;
    readonly nextSequence: number;
    readonly lanes: number;
    readonly lastLaneOneIn: number;
  }) {
    this.#ticketLifeMs = options.ticketLifeMs;
    this.#positionsEveryMs = options.positionsEveryMs;
    this.#lanes = Array.from({ length: options.lanes }, () => ({
      everybody: new Line(),
      present: new Line(),
    }));
    this.#lastLaneOneIn = options.lastLaneOneIn;
    this.#nextSequence = options.nextSequence;
    this.#inheritedBelow = options.nextSequence;
  }

  get size(): number {
    return this.#places.size;
  }

  get somebodyPresent(): boolean {
    return this.#lanes.some((lane) => lane.present.size > 0);
  }

  has(personId: number): boolean {
    return this.#places.has(personId);
  }

  /** 1 is next. Absent people count: they may come back to their place. */
  position(personId: number): number {
    const { lane, sequence } = this.#placeOf(personId);
    let before = this.#lanes[lane]!.everybody.before(sequence);
    for (let better = 0; better < lane; better += 1) before += this.#lanes[better]!.everybody.size;
    return before + 1;
  }

  sequence(personId: number): number {
    return this.#placeOf(personId).sequence;
  }

  lane(personId: number): number {
    return this.#placeOf(personId).lane;
  }

  isPresent(personId: number): boolean {
    return this.#places.get(personId)?.absentUntilMs === null;
  }

  /**
   * Whether a ticket for this place is still good. A place that an earlier process gave is good for one
   * ticket life after this one began, for whoever holds the ticket, unless it is occupied.
   */
  honours(personId: number, sequence: number, nowMs: number): boolean {
    const place = this.#places.get(personId);
    if (place !== undefined)
      return place.sequence === sequence && (place.absentUntilMs === null || nowMs < place.absentUntilMs);
    this.#inheritedUntilMs ??= nowMs + this.#ticketLifeMs;
    return (
      sequence >= 1 &&
      sequence < this.#inheritedBelow &&
      nowMs < this.#inheritedUntilMs &&
      this.#lanes.every((lane) => lane.everybody.at(sequence) === undefined)
    );
  }

  /** Joins at the end of a lane. */
  join(personId: number, lane: number): void {
    this.#place(personId, this.#nextSequence, lane);
    this.#nextSequence += 1;
  }

  /** Comes back to a place that is honoured; the lane counts only where the place is an earlier process's. */
  comeBack(personId: number, sequence: number, lane: number): void {
    const place = this.#places.get(personId);
    if (place === undefined) {
      this.#place(personId, sequence, lane);
    } else if (place.absentUntilMs !== null) {
      place.absentUntilMs = null;
      this.#lanes[place.lane]!.present.add(sequence, personId);
    }
  }

  /** The connection is lost: the place stays, and is passed over. */
  goAbsent(personId: number, nowMs: number): void {
    const place = this.#placeOf(personId);
    if (place.absentUntilMs !== null) return;
    place.absentUntilMs = nowMs + this.#ticketLifeMs;
    this.#lanes[place.lane]!.present.remove(place.sequence);
    this.#absences.add(personId, place.absentUntilMs);
  }

  /** Gives the place up. */
  leave(personId: number): void {
    const place = this.#placeOf(personId);
    this.#places.delete(personId);
    const lane = this.#lanes[place.lane]!;
    lane.everybody.remove(place.sequence);
    lane.present.remove(place.sequence);
  }

  /** The next who is present leaves the queue, to be seated; whether they had been told to wait. */
  callNext(): { readonly personId: number; readonly waited: boolean } | null {
    const lane = this.#laneToCall();
    if (lane === undefined) return null;
    const personId = lane.present.at(lane.present.first()!)!;
    const waited = this.#placeOf(personId).toldPosition > 0;
    this.leave(personId);
    return { personId, waited };
  }

  /** Takes out one person whose absence lasted too long. */
  nextExpired(nowMs: number): { readonly personId: number; readonly sequence: number } | null {
    for (;;) {
      const entry = this.#absences.next(nowMs);
      if (entry === null) return null;
      const place = this.#places.get(entry.personId);
      if (place?.absentUntilMs !== entry.atMs) continue;
      this.leave(entry.personId);
      return { personId: entry.personId, sequence: place.sequence };
    }
  }

  /**
   * The next batch of people to hear of their position: so many that everybody present comes round once in
   * `positionsEveryMs`, and of them those whose position changed since they last heard.
   */
  tellPositions(nowMs: number): readonly Told[] {
    const present = this.#lanes.reduce((sum, lane) => sum + lane.present.size, 0);
    const sinceMs = this.#toldAtMs === null ? 0 : nowMs - this.#toldAtMs;
    this.#toldAtMs = nowMs;
    this.#tellDue += (present * sinceMs) / this.#positionsEveryMs;
    let batch = Math.min(Math.floor(this.#tellDue), present);
    this.#tellDue = present === 0 ? 0 : Math.min(this.#tellDue - batch, present);
    const told: Told[] = [];
    for (; batch > 0; batch -= 1) {
      const personId = this.#nextToTell();
      const position = this.position(personId);
      if (!this.toldPosition(personId, position)) continue;
      told.push({ personId, sequence: this.sequence(personId), position });
    }
    return told;
  }

  /** Notes a position that a person hears of; false when they know it already. */
  toldPosition(personId: number, position: number): boolean {
    const place = this.#placeOf(personId);
    if (place.toldPosition === position) return false;
    place.toldPosition = position;
    return true;
  }

  /** Somebody is present. Goes round the lanes, each in the order of its line. */
  #nextToTell(): number {
    for (;;) {
      const { present } = this.#lanes[this.#tellLane]!;
      const sequence = present.nth(present.before(this.#tellFrom));
      if (sequence !== null) {
        this.#tellFrom = sequence + 1;
        return present.at(sequence)!;
      }
      this.#tellLane = (this.#tellLane + 1) % this.#lanes.length;
      this.#tellFrom = 0;
    }
  }

  #laneToCall(): LaneLines | undefined {
    const hasSomebody = (lane: LaneLines): boolean => lane.present.size > 0;
    if (this.#lanes.length === 1) return this.#lanes.find(hasSomebody);
    this.#calls += 1;
    return this.#calls % this.#lastLaneOneIn === 0
      ? this.#lanes.findLast(hasSomebody)
      : this.#lanes.find(hasSomebody);
  }

  #place(personId: number, sequence: number, lane: number): void {
    this.#places.set(personId, { sequence, lane, absentUntilMs: null, toldPosition: 0 });
    this.#lanes[lane]!.everybody.add(sequence, personId);
    this.#lanes[lane]!.present.add(sequence, personId);
  }

  #placeOf(personId: number): Place {
    const place = this.#places.get(personId);
    if (place === undefined) throw new Error(`person ${personId} is not in the waiting room`);
    return place;
  }
}
