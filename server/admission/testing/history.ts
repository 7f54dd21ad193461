/**
 * For tests: a small world that plays a history against a policy, keeps its own books from the decisions
 * alone, and compares them with the policy's after every step.
 */
import { strict as assert } from 'node:assert';
import { type AdmissionComposition, createAdmission } from '../composition.ts';
import type { Lane } from '../priority.ts';
import type { Admission, AdmissionEvent, Claim, Decision } from '../step.ts';

export type Move =
  | { readonly do: 'ask'; readonly personId: number; readonly claim: 'none' | 'seat' | 'place' }
  | { readonly do: 'took' | 'left' | 'vanished'; readonly personId: number }
  | { readonly do: 'emptied' }
  | {
      readonly do: 'observed';
      readonly eventLoopLagMs: number;
      readonly workerCpuShare: number | null;
    }
  | { readonly do: 'pass'; readonly ms: number };

/** Person 1 speaks, whatever else they do. */
const SPEAKER = 1;

type Book =
  | {
      readonly at: 'waiting';
      readonly sequence: number;
      readonly absent: boolean;
      readonly lane: Lane | null;
    }
  | { readonly at: 'decided' | 'taken' | 'held'; readonly room: string; readonly seat: number };

export class World {
  readonly admission: Admission;
  readonly #composition: AdmissionComposition;
  readonly #books = new Map<number, Book>();
  readonly #tickets = new Map<number, { seat?: Claim; place?: Claim }>();
  /** Who had a seat and lost it, and neither left nor has one again: with priority they have a lane of their own. */
  readonly #lost = new Set<number>();
  /** Whose decided seat had been held for them. */
  readonly #resumed = new Set<number>();
  /** Who took an overflow seat, in that order. */
  #overflowOrder: number[] = [];
  nowMs = 0;

  constructor(composition: AdmissionComposition) {
    this.#composition = composition;
    this.admission = createAdmission(composition, 'main');
  }

  play(moves: readonly Move[]): Decision[] {
    return moves.flatMap((move) => this.#play(move));
  }

  /** Everybody leaves and all time passes. */
  empty(): void {
    for (const personId of [...this.#books.keys()]) this.#step({ type: 'left', personId });
    for (let i = 0; i < 20; i += 1) this.#play({ do: 'pass', ms: 10_000 });
  }

  #play(move: Move): readonly Decision[] {
    switch (move.do) {
      case 'pass':
        this.nowMs += move.ms;
        return this.#step({ type: 'tick' });
      case 'ask': {
        const claim = this.#tickets.get(move.personId)?.[move.claim as 'seat' | 'place'] ?? { kind: 'none' };
        const isSpeaker = move.personId === SPEAKER;
        return this.#step({ type: 'asked', personId: move.personId, claim, isSpeaker });
      }
      case 'emptied':
        return this.#step({ type: 'emptied', personIds: this.#seated() });
      case 'observed': {
        const { eventLoopLagMs, workerCpuShare } = move;
        const signals = { eventLoopLagMs, cpuShare: 0, workerCpuShare, admissionToAudioMs: null };
        return this.#step({ type: 'observed', signals });
      }
      case 'vanished':
        return this.#step({ type: 'vanished', personId: move.personId });
      default:
        return this.#step({ type: move.do, personId: move.personId });
    }
  }

  #step(event: AdmissionEvent): readonly Decision[] {
    const decisions = this.admission.step(event, this.nowMs, () => 0.5);
    this.#note(event);
    for (const decision of decisions) this.#book(decision, event);
    this.#compare();
    return decisions;
  }

  #seated(): number[] {
    return [...this.#books].filter(([, book]) => book.at === 'taken').map(([personId]) => personId);
  }

  /** What the owner of the policy knows by itself. */
  #note(event: AdmissionEvent): void {
    if (event.type === 'emptied') for (const personId of event.personIds) this.#lost.add(personId);
    if (!('personId' in event)) return;
    const { personId } = event;
    const book = this.#books.get(personId);
    if (event.type === 'left') this.#lost.delete(personId);
    if (event.type === 'vanished' && (book?.at === 'taken' || this.#isResumed(personId)))
      this.#lost.add(personId);
    if (event.type === 'took' && book?.at === 'decided') {
      this.#books.set(personId, { ...book, at: 'taken' });
      if (book.room !== 'main') this.#overflowOrder.push(personId);
    }
    if (book?.at !== 'waiting') return;
    if (event.type === 'left') this.#books.delete(personId);
    if (event.type === 'vanished') this.#books.set(personId, { ...book, absent: true });
    if (event.type !== 'asked' || !book.absent) return;
    // Only the ticket brings an absent person back to their place.
    const { claim } = event;
    if (claim.kind === 'place' && claim.sequence === book.sequence)
      this.#books.set(personId, { ...book, absent: false });
    else this.#books.delete(personId);
  }

  #book(decision: Decision, event: AdmissionEvent): void {
    if (decision.type === 'open-room' || decision.type === 'close-room') return;
    const { personId } = decision;
    const book = this.#books.get(personId);
    const tickets = this.#tickets.get(personId) ?? {};
    this.#tickets.set(personId, tickets);
    switch (decision.type) {
      case 'wait':
        assert(book === undefined || book.at === 'waiting', 'somebody seated is told to wait');
        this.#books.set(personId, {
          at: 'waiting',
          sequence: decision.sequence,
          absent: false,
          lane: decision.lane,
        });
        tickets.place = { kind: 'place', sequence: decision.sequence };
        break;
      case 'seat':
        this.#bookSeat(decision, event, book);
        tickets.seat = { kind: 'seat', room: decision.room, seat: decision.seat };
        break;
      case 'move': {
        assert(book?.at === 'taken' && book.room === decision.from, 'only who sits there is moved');
        const promotable = this.#overflowOrder.filter((one) => this.#sitsInOverflow(one));
        assert.equal(promotable[0], personId, 'promotion goes by arrival');
        this.#overflowOrder = this.#overflowOrder.filter((one) => one !== personId);
        this.#books.set(personId, { at: 'taken', room: decision.to, seat: decision.seat });
        tickets.seat = { kind: 'seat', room: decision.to, seat: decision.seat };
        break;
      }
      case 'hold':
        this.#overflowOrder = this.#overflowOrder.filter((one) => one !== personId);
        assert(book !== undefined && book.at !== 'waiting');
        this.#books.set(personId, { ...book, at: 'held' });
        break;
      case 'release':
      case 'expire':
        this.#overflowOrder = this.#overflowOrder.filter((one) => one !== personId);
        this.#books.delete(personId);
        break;
      case 'full':
        assert(book === undefined, 'somebody with a seat or a place is told that it is full');
        break;
    }
  }

  #bookSeat(
    decision: Extract<Decision, { type: 'seat' }>,
    event: AdmissionEvent,
    book: Book | undefined,
  ): void {
    const { personId, room, seat } = decision;
    if (book !== undefined && book.at !== 'waiting') {
      assert(event.type === 'asked' && event.personId === personId);
      assert(book.room === room && book.seat === seat, 'who has a seat keeps it');
      if (book.at === 'held') {
        this.#books.set(personId, { at: 'decided', room, seat });
        this.#resumed.add(personId);
        this.#lost.delete(personId);
      }
      return;
    }
    const lane = book?.at === 'waiting' ? book.lane : this.#laneOf(personId);
    this.#resumed.delete(personId);
    this.#lost.delete(personId);
    const returning = event.type === 'asked' && event.personId === personId && event.claim.kind === 'place';
    for (const other of this.#books.values()) {
      if (other.at !== 'waiting' || other.absent || other.lane !== lane) continue;
      const before = book?.at === 'waiting' ? other.sequence < book.sequence : !returning;
      assert(!before, `person ${personId} overtook number ${other.sequence}`);
    }
    this.#books.set(personId, { at: 'decided', room, seat });
  }

  #laneOf(personId: number): Lane | null {
    if (this.#composition.priority === null) return null;
    if (personId === SPEAKER) return 'speaker';
    return this.#lost.has(personId) ? 'returning' : 'new';
  }

  /** A decided seat that was theirs before. */
  #isResumed(personId: number): boolean {
    return this.#books.get(personId)?.at === 'decided' && this.#resumed.has(personId);
  }

  #sitsInOverflow(personId: number): boolean {
    const book = this.#books.get(personId);
    return book?.at === 'taken' && book.room !== 'main';
  }

  #compare(): void {
    const seats = new Set<string>();
    let waiting = 0;
    const counts = new Map<string, { decided: number; taken: number; held: number }>();
    for (const book of this.#books.values()) {
      if (book.at === 'waiting') {
        waiting += 1;
        continue;
      }
      assert(!seats.has(`${book.room} ${book.seat}`), `two people on seat ${book.seat} of ${book.room}`);
      seats.add(`${book.room} ${book.seat}`);
      const count = counts.get(book.room) ?? { decided: 0, taken: 0, held: 0 };
      count[book.at] += 1;
      counts.set(book.room, count);
    }
    assert.equal(this.admission.waiting(), waiting, 'people waiting');
    for (const room of this.admission.occupancy()) {
      const { decided, taken, held } = room;
      const expected = counts.get(room.room) ?? { decided: 0, taken: 0, held: 0 };
      assert.deepEqual({ decided, taken, held }, expected, `seats of ${room.room}`);
      counts.delete(room.room);
      if (this.#composition.cap.kind === 'exact') assert(decided + taken + held <= (room.seats ?? 0), 'cap');
    }
    assert.equal(counts.size, 0, 'seats in a room that is not open');
  }
}
