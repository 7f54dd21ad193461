/**
 * The crowd of one process: sends everybody on their way at their planned instant, carries out what each
 * listener wants, and writes down what happens. Arrivals follow the plan's clock whatever the server does.
 */
import type { EventWriter } from '../../events/writer.ts';
import { nightTimes, type Scenario } from '../../scenarios/schema.ts';
import { SignalConnection, type Target, type Traffic } from '../bodies/signal/connection.ts';
import { hear } from '../bodies/signal/hear.ts';
import type { RowEffect } from '../listener/carry-out.ts';
import { TIMER_KINDS } from '../listener/effects.ts';
import { createListener, type ListenerRules, type ListenerTraits, type Phase } from '../listener/listener.ts';
import { Tally } from '../listener/tally.ts';
import { PURPOSE, unitFor } from '../plan/draws.ts';
import type { Plan } from '../plan/plan.ts';
import type { SwarmCounters } from './config.ts';
import type { MediaSide } from './media.ts';
import { Member, type MemberSide } from './member.ts';
import { rulesOf } from './rules.ts';
import { Timers } from './timers.ts';

/** Connects a turn: each takes some 0.1 ms, and a step of thousands must not block the loop. */
const DIALS_A_TURN = 48;
const STEPS_A_TURN = 400;

/** The generator's own failures, which say nothing of the server: the run cannot be trusted. */
const TROUBLES = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'EADDRINUSE', 'ENOBUFS', 'ENOMEM']);

type CrowdOptions = {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly plan: Plan;
  /** Whom this process carries out. */
  readonly people: readonly number[];
  readonly traitsOf: (personId: number) => ListenerTraits;
  readonly target: Target;
  /** Where to dial from, in turn; empty: let the system choose. */
  readonly sources: readonly string[];
  /** Null: nobody here has media. */
  readonly media: MediaSide | null;
  readonly cuts: readonly { readonly atMs: number; readonly share: number }[];
  readonly log: EventWriter;
  /** Messages came in a read. */
  readonly onMessages: (count: number) => void;
};

export class Crowd {
  readonly traffic: Traffic = { bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 };
  /** The generator's own failures since they were last taken, by code. */
  readonly troubles = new Map<string, number>();
  readonly #options: CrowdOptions;
  readonly #rules: ListenerRules;
  readonly #queue: readonly number[];
  /** Those who wait in the hallway beforehand, in the order in which they come there. */
  readonly #hallwayQueue: readonly number[];
  readonly #members = new Map<number, Member>();
  readonly #timers: Timers;
  readonly #side: MemberSide;
  readonly #toDial: Member[] = [];
  readonly #silent: SignalConnection[] = [];
  readonly #cuts: { readonly atMs: number; readonly share: number; readonly nth: number }[];
  readonly #tally: Tally;
  /** performance.now() at the night's zero. */
  #zeroMs = Number.POSITIVE_INFINITY;
  #nightStartNs = 0n;
  #arrived = 0;
  #cameToHallway = 0;
  #dialled = 0;

  constructor(options: CrowdOptions) {
    this.#options = options;
    this.#rules = rulesOf(options.scenario);
    this.#tally = new Tally({ mainRoom: this.#rules.room, ...nightTimes(options.scenario) });
    const { intendedMs, hallwayAtMs } = options.plan.columns;
    this.#queue = inOrder(options.people, intendedMs);
    this.#hallwayQueue = inOrder(
      options.people.filter((personId) => !Number.isNaN(hallwayAtMs[personId]!)),
      hallwayAtMs,
    );
    this.#timers = new Timers(options.plan.size * TIMER_KINDS.length);
    this.#side = {
      media: options.media,
      timers: this.#timers,
      nowMs: () => this.nowMs(),
      dial: (member) => {
        this.#toDial.push(member);
        return ++this.#dialled;
      },
      keepSilent: (connection) => this.#silent.push(connection),
      row: (member, row) => this.#row(member, row),
    };
    this.#cuts = options.cuts.map((cut, nth) => ({ ...cut, nth })).sort((a, b) => a.atMs - b.atMs);
  }

  /** The night's zero on CLOCK_MONOTONIC, which all processes of a machine share. */
  start(nightStartNs: bigint): void {
    this.#nightStartNs = nightStartNs;
    this.#zeroMs = performance.now() + Number(nightStartNs - process.hrtime.bigint()) / 1e6;
  }

  /** Instant of the night, ms. */
  nowMs(): number {
    return performance.now() - this.#zeroMs;
  }

  /** The room that a person sits in or asks for; null before the first ask. */
  roomOf(personId: number): string | null {
    return this.#members.get(personId)?.listener.room ?? null;
  }

  /**
   * Does what is due: people to the hallway, arrivals, timers, cuts, connects.
   *
   * @returns whether connects were left for the next turn.
   */
  beat(): boolean {
    const nowMs = this.nowMs();
    const { intendedMs, hallwayAtMs } = this.#options.plan.columns;
    for (let steps = 0; steps < STEPS_A_TURN && this.#cameToHallway < this.#hallwayQueue.length; steps++) {
      const personId = this.#hallwayQueue[this.#cameToHallway]!;
      if (hallwayAtMs[personId]! > nowMs) break;
      this.#cameToHallway++;
      this.#member(personId).tell({ type: 'browse' });
    }
    for (let steps = 0; steps < STEPS_A_TURN && this.#arrived < this.#queue.length; steps++) {
      const personId = this.#queue[this.#arrived]!;
      if (intendedMs[personId]! > nowMs) break;
      this.#arrived++;
      this.#member(personId).tell({ type: 'arrive' });
    }
    this.#timers.fire(nowMs, STEPS_A_TURN, (key) => this.#onTimer(key));
    while (this.#cuts.length > 0 && this.#cuts[0]!.atMs <= nowMs) this.#cut(this.#cuts.shift()!);
    for (const member of this.#toDial.splice(0, DIALS_A_TURN)) this.#connect(member);
    return this.#toDial.length > 0;
  }

  counters(): SwarmCounters {
    const phases: Record<Phase, number> = {
      idle: 0,
      dialing: 0,
      browsing: 0,
      asking: 0,
      waiting: 0,
      seated: 0,
      in: 0,
      aside: 0,
      pausing: 0,
      gone: 0,
    };
    let joined = 0;
    for (const { listener } of this.#members.values()) {
      // Whoever still waits for the moment has yet to come.
      if (!listener.hasArrived) continue;
      phases[listener.phase]++;
      if (listener.stayEndMs !== null) joined++;
    }
    return {
      arrived: this.#arrived,
      dialing: phases.dialing + phases.browsing + phases.asking + phases.seated,
      waiting: phases.waiting,
      pausing: phases.pausing,
      in: phases.in,
      joined,
      ...this.#tally.counters(this.nowMs()),
    };
  }

  /** The night is over: a last row for everybody who has not gone, and every connection ends, silent ones too. */
  endNight(): void {
    for (const member of this.#members.values()) member.tell({ type: 'night-end' });
    this.#toDial.length = 0;
    for (const connection of this.#silent) connection.drop();
    this.#silent.length = 0;
  }

  /** One person of the plan, made when they are first needed. */
  #member(personId: number): Member {
    const known = this.#members.get(personId);
    if (known !== undefined) return known;
    const { plan, traitsOf, media } = this.#options;
    const listener = createListener(traitsOf(personId), this.#rules, media?.kind ?? 'none');
    const member = new Member(listener, plan.columns.seed[personId]!, this.#side);
    this.#members.set(personId, member);
    return member;
  }

  #row(member: Member, effect: RowEffect): void {
    const { log, media } = this.#options;
    const { tNs } = effect;
    const atMs = tNs === null ? this.nowMs() : Number(tNs - this.#nightStartNs) / 1e6;
    this.#tally.note(member.listener.traits, effect, atMs);
    if (effect.row === 'moved') media?.moved(member.personId);
    log.row(
      effect.row,
      member.personId,
      effect.attempt,
      member.connectionId,
      effect.room,
      effect.cause,
      effect.value,
      null,
      null,
      tNs ?? undefined,
    );
  }

  #onTimer(key: number): void {
    const member = this.#members.get(Math.floor(key / TIMER_KINDS.length));
    member?.tell({ type: 'timer', kind: TIMER_KINDS[key % TIMER_KINDS.length]! });
  }

  #connect(member: Member): void {
    const { listener } = member;
    // It may have given up in the turns that it waited for this one.
    if (listener.phase !== 'dialing' || member.connection !== null) return;
    const { target, sources } = this.#options;
    const source = sources.length === 0 ? null : sources[member.connectionId! % sources.length]!;
    member.connection = new SignalConnection(
      target,
      source,
      {
        onOpen: () => member.tell({ type: 'opened' }),
        onHead: (text) => {
          const event = hear(text);
          if (event !== null) member.tell(event);
        },
        onBroken: () => member.tell({ type: 'garbage' }),
        onEnded: (how, code) => {
          member.connection = null;
          if (code !== null && TROUBLES.has(code))
            this.troubles.set(code, (this.troubles.get(code) ?? 0) + 1);
          member.tell({ type: how });
        },
      },
      this.traffic,
      this.#options.onMessages,
      listener.traits.personId,
    );
  }

  /** A fault of the network: it takes the connections of a share of those who sit, drawn from the seed. */
  #cut({ share, nth }: { readonly share: number; readonly nth: number }): void {
    const unit = unitFor(this.#options.seed, PURPOSE.cut + nth);
    for (const { listener, personId, connection } of this.#members.values()) {
      const isSeated = listener.phase === 'seated' || listener.phase === 'in';
      if (isSeated && unit(personId) < share) connection?.cut();
    }
  }
}

function inOrder(people: readonly number[], atMs: Float64Array): number[] {
  return [...people].sort((a, b) => atMs[a]! - atMs[b]! || a - b);
}
