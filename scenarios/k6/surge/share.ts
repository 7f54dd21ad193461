/**
 * The share of the night that one virtual user carries: sends its people on their way at their planned instant,
 * whatever the server does, and says each second how it fares. Everything happens on the virtual user's own event
 * loop, within one iteration, which ends with its last socket.
 */
import exec from 'k6/execution';
import http from 'k6/http';
import type { WebSocket } from 'k6/websockets';
import type { NightHead, NightPerson } from '../../../simulator/bodies/k6/night-lines.ts';
import { Tally } from '../../../simulator/listener/tally.ts';
import { Guest, type GuestSide } from './guest.ts';
import { writeRow } from './rows.ts';

/** Distance of the ticks by which the loop watches itself, ms. */
const TICK_MS = 20;
/** http: the other side refuses connections, so its process is gone. */
const REFUSED = 1212;

type Arrival = { readonly atMs: number; readonly guest: Guest; readonly type: 'browse' | 'arrive' };

export class Share {
  readonly #head: NightHead;
  readonly #guests: readonly Guest[];
  readonly #control: string | null;
  readonly #zeroMs: number;
  readonly #onDone: () => void;
  /** In the order in which they are due. */
  readonly #arrivals: readonly Arrival[];
  readonly #silent: WebSocket[] = [];
  readonly #troubles = new Map<string, number>();
  readonly #traffic = { messagesIn: 0, messagesOut: 0 };
  readonly #tally: Tally;
  readonly #intervals: ReturnType<typeof setInterval>[] = [];
  #came = 0;
  #dialled: number;
  #lastMs = 0;
  #lastTickMs = 0;
  #stallMs = 0;

  /**
   * @param zeroMs the night's zero on the wall clock, ms.
   * @param control whom to tell how it goes; null: nobody.
   * @param onDone the night's last row is written.
   */
  constructor(
    people: readonly NightPerson[],
    head: NightHead,
    zeroMs: number,
    control: string | null,
    onDone: () => void,
  ) {
    this.#head = head;
    this.#onDone = onDone;
    this.#zeroMs = zeroMs;
    this.#control = control;
    const { rules, surgeStartMs } = head;
    this.#tally = new Tally({ mainRoom: rules.room, surgeStartMs, tailEndMs: rules.tailEndMs });
    // Numbers of connections are this process's own: each virtual user has a million of them.
    this.#dialled = (exec.vu.idInTest - 1) * 1_000_000;
    const side: GuestSide = {
      nowMs: () => this.#nowMs(),
      nextConnection: () => ++this.#dialled,
      keepSilent: (socket) => this.#silent.push(socket),
      onRow: ({ listener }, row) => this.#tally.note(listener.traits, row, this.#nowMs()),
      onTrouble: (code) => this.#troubles.set(code, (this.#troubles.get(code) ?? 0) + 1),
      traffic: this.#traffic,
    };
    const guests: Guest[] = [];
    const arrivals: Arrival[] = [];
    for (const person of people) {
      const guest = new Guest(person, head, side);
      guests.push(guest);
      if (!Number.isNaN(person.hallwayAtMs))
        arrivals.push({ atMs: person.hallwayAtMs, guest, type: 'browse' });
      arrivals.push({ atMs: person.intendedMs, guest, type: 'arrive' });
    }
    this.#guests = guests;
    this.#arrivals = arrivals.sort((a, b) => a.atMs - b.atMs);
  }

  /** Plays it; returns at once, and the iteration goes on until the night is over. */
  play(): void {
    this.#lastTickMs = Date.now();
    this.#intervals.push(
      setInterval(() => this.#tick(), TICK_MS),
      setInterval(() => this.#second(), 1000),
    );
    setTimeout(() => this.#endNight(), this.#inMs(this.#head.nightEndMs));
    this.#sendOff();
  }

  /** Instant of the night, ms; k6 has the wall clock only, in whole milliseconds, and it may be set back. */
  #nowMs(): number {
    this.#lastMs = Math.max(this.#lastMs, Date.now() - this.#zeroMs);
    return this.#lastMs;
  }

  #inMs(atMs: number): number {
    return Math.max(0, this.#zeroMs + atMs - Date.now());
  }

  /** Everybody whose instant has come, and then waits for the next. */
  #sendOff(): void {
    const nowMs = Date.now() - this.#zeroMs;
    while (this.#came < this.#arrivals.length) {
      const { atMs, guest, type } = this.#arrivals[this.#came]!;
      if (atMs > nowMs) {
        // The clock's last millisecond is not over when the timer's is.
        setTimeout(() => this.#sendOff(), Math.max(1, this.#inMs(atMs)));
        return;
      }
      this.#came++;
      guest.tell({ type });
    }
  }

  #tick(): void {
    const nowMs = Date.now();
    this.#stallMs = Math.max(this.#stallMs, nowMs - this.#lastTickMs - TICK_MS);
    this.#lastTickMs = nowMs;
  }

  #second(): void {
    this.#tick();
    const row = (type: Parameters<typeof writeRow>[0], value: number, cause: string | null = null) =>
      writeRow(type, null, null, null, null, cause, value);
    row('stall', Math.max(0, this.#stallMs));
    row('messages-in', this.#traffic.messagesIn);
    row('messages-out', this.#traffic.messagesOut);
    for (const [cause, count] of this.#troubles) row('trouble', count, cause);
    this.#troubles.clear();
    this.#traffic.messagesIn = 0;
    this.#traffic.messagesOut = 0;
    this.#stallMs = 0;
    this.#report(false);
  }

  #report(isLast: boolean): void {
    if (this.#control === null) return;
    const body = JSON.stringify({ user: exec.vu.idInTest, isLast, counters: this.#counters() });
    http.asyncRequest('POST', `${this.#control}/counters`, body).then((answer) => {
      if (!isLast && answer.error_code === REFUSED)
        exec.test.abort('the process that started this k6 is gone');
    });
  }

  #counters(): Readonly<Record<string, number>> {
    const counters = {
      ...{ arrived: 0, dialing: 0, waiting: 0, pausing: 0, in: 0, joined: 0 },
      ...this.#tally.counters(this.#nowMs()),
    };
    for (const { listener } of this.#guests) {
      // Whoever still waits for the moment has yet to come.
      if (!listener.hasArrived) continue;
      counters.arrived++;
      if (listener.stayEndMs !== null) counters.joined++;
      if (listener.phase === 'waiting') counters.waiting++;
      else if (listener.phase === 'pausing') counters.pausing++;
      else if (listener.phase === 'in') counters.in++;
      else if (JOINING.has(listener.phase)) counters.dialing++;
    }
    return counters;
  }

  /** A last row for everybody who has not gone; with the last socket the iteration ends. */
  #endNight(): void {
    this.#second();
    for (const id of this.#intervals) clearInterval(id);
    this.#report(true);
    for (const guest of this.#guests) {
      const { phase } = guest.listener;
      // Nobody who has not come yet has a story to end.
      if (phase !== 'idle' || guest.listener.attempt > 0) guest.tell({ type: 'night-end' });
      guest.figures.close(phase !== 'gone');
    }
    for (const socket of this.#silent) socket.close();
    this.#onDone();
  }
}

const JOINING: ReadonlySet<string> = new Set(['dialing', 'browsing', 'asking', 'seated']);
