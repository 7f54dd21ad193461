/**
 * What a crowd tells of itself while the night plays: counts and sums over the rows of its people, fed with each row as it
 * goes into the log, whatever carries the people out. Provisional, for whoever watches: the figures of a run are queries
 * over the whole log, which also has the other side's rows. Imports nothing but this folder, so that k6 can run it.
 */
import { LATE_ARRIVAL_MS, type RowEffect } from './carry-out.ts';
import type { ListenerTraits } from './listener.ts';

/**
 * States of a person, as the measure "States of a listener" has them; in addition `stranded`: thrown out, tried to come
 * back, and gave up.
 */
export const LIVE_STATES = [
  'in',
  'overflow',
  'joining',
  'queueing',
  'arriving',
  'ejected',
  'stranded',
  'given-up',
  'left',
] as const;
export type LiveState = (typeof LIVE_STATES)[number];

/** Phases of the try that got in first, as the measure "Phases of a join" has them. */
export const PHASES = ['retries', 'dial', 'hallway', 'signal', 'queue', 'ice', 'dtls', 'firstAudio'] as const;
export type Phase = (typeof PHASES)[number];

const ANSWER_WITHIN_MS = 2_000;
/** Who still waits for an answer is counted by their planned arrival, in steps of so much. */
const STEP_MS = 100;

/** A row of the log as far as it is counted here; others are passed over. */
type TallyRow = Pick<RowEffect, 'room' | 'cause' | 'value'> & { readonly row: string };
type TallyPerson = Pick<ListenerTraits, 'personId' | 'intendedMs'>;

type TallyOptions = {
  /** Whoever sits in another room is in overflow. */
  readonly mainRoom: string;
  /** Whoever is to come from then on has a right to a quick answer, ms of the night. */
  readonly surgeStartMs: number;
  /** The talk is over: a seat that is lost after it is no loss, as in the measure. */
  readonly tailEndMs: number;
};

/** Sums since the night's start. */
type Totals = {
  late: number;
  attempts: number;
  ejected: number;
  gaveUp: number;
  left: number;
  /** People with at least one loss. */
  ejectedPeople: number;
  /** People who were in at least once. */
  firstIns: number;
  /** Of those who came in the surge or after it: answered in time, and not answered in time. */
  answeredWithin2s: number;
  answerOverdue: number;
};

/** Instants of the present try, ms of the night; NaN: not yet. */
type Try = {
  dial: number;
  opened: number;
  asked: number;
  waiting: number;
  seated: number;
  ice: number;
  dtls: number;
  audio: number;
};

type Person = {
  readonly intendedMs: number;
  /** Null before the arrival. */
  state: LiveState | null;
  isAnswered: boolean;
  /** Of "in" and "ejected" the last one; null: neither yet. */
  was: 'in' | 'ejected' | null;
  wasEverIn: boolean;
  wasEverOut: boolean;
  /** Dialled since the last loss. */
  hasTried: boolean;
  /** Has given up or left: what comes after that is of another room. */
  isDone: boolean;
  readonly now: Try;
};

export class Tally {
  readonly #options: TallyOptions;
  readonly #people = new Map<number, Person>();
  readonly #inState: Record<LiveState, number> = zeros(LIVE_STATES);
  readonly #phaseMs: Record<Phase, number> = zeros(PHASES);
  readonly #byCause = new Map<string, number>();
  readonly #totals: Totals = {
    late: 0,
    attempts: 0,
    ejected: 0,
    gaveUp: 0,
    left: 0,
    ejectedPeople: 0,
    firstIns: 0,
    answeredWithin2s: 0,
    answerOverdue: 0,
  };
  /** Who came in the surge and still waits for an answer, by the step of their planned arrival. */
  readonly #unanswered: number[] = [];
  /** The 2 s of all steps before this one are over. */
  #stepsOver = 0;

  constructor(options: TallyOptions) {
    this.#options = options;
  }

  /** Takes one row of a person's story. @param atMs its instant, ms of the night. */
  note(who: TallyPerson, row: TallyRow, atMs: number): void {
    const totals = this.#totals;
    const person = this.#person(who);
    switch (row.row) {
      case 'arrive':
        if (row.value! > LATE_ARRIVAL_MS) totals.late++;
        this.#await(person);
        this.#move(person, 'arriving');
        return;
      case 'dial':
        totals.attempts++;
        beginTry(person.now, atMs);
        person.hasTried = true;
        break;
      case 'opened':
      case 'asked':
      case 'ice':
      case 'dtls':
        person.now[row.row] = atMs;
        return;
      case 'first-audio':
        person.now.audio = atMs;
        return;
      case 'waiting':
        if (Number.isNaN(person.now.waiting)) person.now.waiting = atMs;
        this.#answer(person, atMs);
        break;
      case 'full':
        // "Full" without a time to retry leaves a person to guess, and is no answer.
        if (row.value !== null) this.#answer(person, atMs);
        break;
      case 'seated':
        person.now.seated = atMs;
        this.#answer(person, atMs);
        break;
      case 'in':
        person.was = 'in';
        if (!person.wasEverIn) this.#firstIn(person);
        break;
      case 'ejected':
        this.#eject(person, row.cause ?? 'unknown', atMs);
        break;
      case 'gave-up':
        totals.gaveUp++;
        break;
      case 'left':
        if (!person.isDone) totals.left++;
        break;
      case 'failed':
      case 'moved':
        break;
      default:
        return;
    }
    // Who waits in the hallway beforehand is in no state yet; whoever is done stays so.
    if (person.state === null || person.isDone) return;
    this.#move(person, this.#stateAfter(row, person));
    person.isDone = row.row === 'gave-up' || row.row === 'left';
  }

  /**
   * Sums since the night's start, and people by their state; names with a dot come in groups: `crowd.<state>`,
   * `phaseMs.<phase>` (over all first joins, where 0 is added for who had no such phase), `ejected.<cause>`.
   *
   * @param nowMs of the night: whose time for an answer is over by then counts as not answered.
   */
  counters(nowMs: number): Readonly<Totals> & Readonly<Record<string, number>> {
    this.#passSteps(nowMs);
    const counters: Record<string, number> & Totals = { ...this.#totals };
    for (const state of LIVE_STATES) counters[`crowd.${state}`] = this.#inState[state];
    for (const phase of PHASES) counters[`phaseMs.${phase}`] = this.#phaseMs[phase];
    for (const [cause, losses] of this.#byCause) counters[`ejected.${cause}`] = losses;
    return counters;
  }

  #person({ personId, intendedMs }: TallyPerson): Person {
    let person = this.#people.get(personId);
    if (person === undefined) {
      person = {
        intendedMs,
        state: null,
        isAnswered: false,
        was: null,
        wasEverIn: false,
        wasEverOut: false,
        hasTried: false,
        isDone: false,
        now: beginTry({} as Try, Number.NaN),
      };
      this.#people.set(personId, person);
    }
    return person;
  }

  #move(person: Person, to: LiveState): void {
    if (person.state !== null) this.#inState[person.state]--;
    person.state = to;
    this.#inState[to]++;
  }

  #stateAfter({ row, room }: TallyRow, { was, wasEverOut, hasTried }: Person): LiveState {
    if (row === 'gave-up') return was === 'ejected' && wasEverOut && hasTried ? 'stranded' : 'given-up';
    if (row === 'left') return 'left';
    if (was === 'ejected') return 'ejected';
    if (was === 'in') return room === this.#options.mainRoom ? 'in' : 'overflow';
    if (row === 'waiting') return 'queueing';
    return row === 'seated' || row === 'moved' ? 'joining' : 'arriving';
  }

  /** From now on an answer is awaited. */
  #await({ intendedMs }: Person): void {
    if (intendedMs < this.#options.surgeStartMs) return;
    const step = this.#stepOf(intendedMs);
    if (step < this.#stepsOver) this.#totals.answerOverdue++;
    else this.#unanswered[step] = (this.#unanswered[step] ?? 0) + 1;
  }

  #answer(person: Person, atMs: number): void {
    const { intendedMs, isAnswered } = person;
    if (isAnswered) return;
    person.isAnswered = true;
    if (intendedMs < this.#options.surgeStartMs) return;
    const isInTime = atMs - intendedMs <= ANSWER_WITHIN_MS;
    const step = this.#stepOf(intendedMs);
    if (step >= this.#stepsOver) {
      this.#unanswered[step]!--;
      if (!isInTime) this.#totals.answerOverdue++;
    } else if (isInTime) {
      // A row may be told after its instant: a browser tells once a second.
      this.#totals.answerOverdue--;
    }
    if (isInTime) this.#totals.answeredWithin2s++;
  }

  #stepOf(intendedMs: number): number {
    return Math.floor((intendedMs - this.#options.surgeStartMs) / STEP_MS);
  }

  #passSteps(nowMs: number): void {
    const over = this.#stepOf(nowMs - ANSWER_WITHIN_MS);
    while (this.#stepsOver < over && this.#stepsOver < this.#unanswered.length) {
      this.#totals.answerOverdue += this.#unanswered[this.#stepsOver] ?? 0;
      this.#stepsOver++;
    }
  }

  #eject(person: Person, cause: string, atMs: number): void {
    person.was = 'ejected';
    person.hasTried = false;
    if (atMs > this.#options.tailEndMs) return;
    this.#totals.ejected++;
    if (!person.wasEverOut) this.#totals.ejectedPeople++;
    person.wasEverOut = true;
    this.#byCause.set(cause, (this.#byCause.get(cause) ?? 0) + 1);
  }

  #firstIn(person: Person): void {
    person.wasEverIn = true;
    this.#totals.firstIns++;
    const { intendedMs, now } = person;
    this.#add('retries', intendedMs, now.dial);
    this.#add('dial', Math.max(now.dial, intendedMs), now.opened);
    this.#add('hallway', Math.max(now.opened, intendedMs), now.asked);
    this.#add('signal', now.asked, Number.isNaN(now.waiting) ? now.seated : now.waiting);
    this.#add('queue', now.waiting, now.seated);
    this.#add('ice', now.seated, now.ice);
    this.#add('dtls', now.ice, now.dtls);
    // A body rtp has neither ICE nor DTLS.
    this.#add('firstAudio', Number.isNaN(now.dtls) ? now.seated : now.dtls, now.audio);
  }

  #add(phase: Phase, fromMs: number, toMs: number): void {
    const ms = toMs - fromMs;
    // NaN: this body or this try has no such phase.
    if (ms > 0) this.#phaseMs[phase] += ms;
  }
}

/** Sets the instants of a try that begins; the object stays, as each row costs the crowd's core. */
function beginTry(now: Try, dialMs: number): Try {
  now.dial = dialMs;
  now.opened = Number.NaN;
  now.asked = Number.NaN;
  now.waiting = Number.NaN;
  now.seated = Number.NaN;
  now.ice = Number.NaN;
  now.dtls = Number.NaN;
  now.audio = Number.NaN;
  return now;
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}
