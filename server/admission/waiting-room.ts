/**
 * The waiting room: first come, first served. Somebody whose connection is lost keeps their place for a
 * while and is passed over meanwhile, so that the queue never stalls on an absent head.
 */
import { Lapses } from './lapses.ts';
import { Line } from './line.ts';

type Place = {
  readonly sequence: number;
  /** null: present. */
  absentUntilMs: number | null;
  toldPosition: number;
};

export type Told = { readonly personId: number; readonly sequence: number; readonly position: number };

export class WaitingRoom {
  readonly #ticketLifeMs: number;
  readonly #positionsEveryMs: number;
  readonly #places = new Map<number, Place>();
  /** Everybody who has a place, and those of them who are here: both under the same numbers. */
  readonly #everybody = new Line();
  readonly #present = new Line();
  readonly #absences = new Lapses();
  readonly #inheritedBelow: number;
  #inheritedUntilMs: number | null = null;
  #nextSequence: number;
  /** Where telling positions goes on, and how many tellings are due. */
  #tellFrom = 0;
  #tellDue = 0;
  #toldAtMs: number | null = null;

  constructor(options: {
    readonly ticketLifeMs: number;
    readonly positionsEveryMs: number;
    readonly nextSequence: number;
  }) {
    this.#ticketLifeMs = options.ticketLifeMs;
    this.#positionsEveryMs = options.positionsEveryMs;
    this.#nextSequence = options.nextSequence;
    this.#inheritedBelow = options.nextSequence;
  }

  get size(): number {
    return this.#everybody.size;
  }

  get somebodyPresent(): boolean {
    return this.#present.size > 0;
  }

  has(personId: number): boolean {
    return this.#places.has(personId);
  }

  /** 1 is next. Absent people count: they may come back to their place. */
  position(personId: number): number {
    return this.#everybody.before(this.#placeOf(personId).sequence) + 1;
  }

  sequence(personId: number): number {
    return this.#placeOf(personId).sequence;
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
      this.#everybody.at(sequence) === undefined
    );
  }

  /** Joins at the end. */
  join(personId: number): void {
    this.#place(personId, this.#nextSequence);
    this.#nextSequence += 1;
  }

  /** Comes back to a place that honours() said is still good. */
  comeBack(personId: number, sequence: number): void {
    const place = this.#places.get(personId);
    if (place === undefined) {
      this.#place(personId, sequence);
    } else if (place.absentUntilMs !== null) {
      place.absentUntilMs = null;
      this.#present.add(place.sequence, personId);
    }
  }

  /** The connection is lost: the place stays, and is passed over. */
  goAbsent(personId: number, nowMs: number): void {
    const place = this.#placeOf(personId);
    if (place.absentUntilMs !== null) return;
    place.absentUntilMs = nowMs + this.#ticketLifeMs;
    this.#present.remove(place.sequence);
    this.#absences.add(personId, place.absentUntilMs);
  }

  /** Gives the place up. */
  leave(personId: number): void {
    const place = this.#placeOf(personId);
    this.#places.delete(personId);
    this.#everybody.remove(place.sequence);
    this.#present.remove(place.sequence);
  }

  /** The first who is present leaves the queue, to be seated; whether they had been told to wait. */
  callNext(): { readonly personId: number; readonly waited: boolean } | null {
    const sequence = this.#present.first();
    if (sequence === null) return null;
    const personId = this.#present.at(sequence)!;
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
    const sinceMs = this.#toldAtMs === null ? 0 : nowMs - this.#toldAtMs;
    this.#toldAtMs = nowMs;
    this.#tellDue += (this.#present.size * sinceMs) / this.#positionsEveryMs;
    let batch = Math.min(Math.floor(this.#tellDue), this.#present.size);
    this.#tellDue = this.#present.size === 0 ? 0 : Math.min(this.#tellDue - batch, this.#present.size);
    const told: Told[] = [];
    for (; batch > 0; batch -= 1) {
      const sequence = this.#present.nth(this.#present.before(this.#tellFrom)) ?? this.#present.first()!;
      this.#tellFrom = sequence + 1;
      const personId = this.#present.at(sequence)!;
      const position = this.#everybody.before(sequence) + 1;
      if (!this.toldPosition(personId, position)) continue;
      told.push({ personId, sequence, position });
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

  #place(personId: number, sequence: number): void {
    this.#places.set(personId, { sequence, absentUntilMs: null, toldPosition: 0 });
    this.#everybody.add(sequence, personId);
    this.#present.add(sequence, personId);
  }

  #placeOf(personId: number): Place {
    const place = this.#places.get(personId);
    if (place === undefined) throw new Error(`person ${personId} is not in the waiting room`);
    return place;
  }
}
