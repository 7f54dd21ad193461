/**
 * The server's metrics, counted from the rows of its event log as they pass on their way there: what is counted once
 * cannot differ from itself, and a presence frame costs nothing, because none is a row. Figures that the log has by
 * the second (traffic, tickets issued, seats) are so old here too.
 */
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { RowType } from '../../events/row.ts';
import type { ServerSignals } from '../admission/step.ts';
import type { EventSink } from '../log.ts';
import { createMetrics } from './definition.ts';
import { ROOM_KINDS, type RoomKind, SERVER_METRICS } from './definitions.ts';

/** A row as far as it is counted. */
type Facts = { readonly kind: RoomKind; readonly cause: string; readonly value: number };
type CounterName = {
  [Name in keyof typeof SERVER_METRICS]: (typeof SERVER_METRICS)[Name]['type'] extends 'counter'
    ? Name
    : never;
}[keyof typeof SERVER_METRICS];
type Counting = {
  readonly metric: CounterName;
  readonly labels: (facts: Facts) => Record<string, string>;
  readonly by: (facts: Facts) => number;
};

const unlabelled = () => ({});
const byRoom = ({ kind }: Facts) => ({ room_kind: kind });
const byCause = ({ cause }: Facts) => ({ cause });
const once = (metric: CounterName, labels: Counting['labels'] = unlabelled): Counting => ({
  metric,
  labels,
  by: () => 1,
});
const sum = (metric: CounterName, labels: Counting['labels'] = unlabelled): Counting => ({
  metric,
  labels,
  by: ({ value }) => value,
});

/** The counter of each type of row that has one. */
const COUNTED: { readonly [Type in RowType]?: Counting } = {
  asked: once('roomrush_server_asks_total', byRoom),
  seated: once('roomrush_server_seatings_total', ({ cause }) => ({ seat: cause })),
  took: once('roomrush_server_joins_total', byRoom),
  full: once('roomrush_server_refusals_total', byRoom),
  ejected: once('roomrush_server_ejections_total', ({ cause, kind }) => ({ cause, room_kind: kind })),
  vanished: once('roomrush_server_vanished_total', byCause),
  left: once('roomrush_server_goodbyes_total'),
  moved: once('roomrush_server_promotions_total'),
  held: once('roomrush_server_seats_kept_total'),
  released: once('roomrush_server_seats_released_total', byCause),
  'tickets-issued': sum('roomrush_server_tickets_issued_total'),
  'ticket-redeemed': once('roomrush_server_tickets_redeemed_total'),
  'ticket-refused': once('roomrush_server_tickets_refused_total', byCause),
  strike: once('roomrush_server_strikes_total', byCause),
  'room-opened': once('roomrush_server_rooms_opened_total', byRoom),
  'room-closed': once('roomrush_server_rooms_closed_total', byRoom),
  'worker-died': once('roomrush_server_worker_deaths_total'),
  deliveries: sum('roomrush_server_presence_deliveries_total'),
  hallway: sum('roomrush_server_hallway_lists_total'),
  'bytes-in': sum('roomrush_server_signalling_bytes_total', () => ({ direction: 'in' })),
  'bytes-out': sum('roomrush_server_signalling_bytes_total', () => ({ direction: 'out' })),
  'messages-in': sum('roomrush_server_signalling_messages_total', () => ({ direction: 'in' })),
  'messages-out': sum('roomrush_server_signalling_messages_total', () => ({ direction: 'out' })),
};

type Joining = { readonly askedAtMs: number; decidedAtMs: number | null };

export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #metrics = createMetrics(SERVER_METRICS, this.#registry);
  readonly #mainRoom: string;
  readonly #nowMs: () => number;
  /** Asks without a last answer, by connection; each is forgotten with its seat, its refusal or its end. */
  readonly #joining = new Map<number, Joining>();
  readonly #taken = new Map<string, number>();
  readonly #held = new Map<string, number>();
  /** The log has no row a second for rooms that the admission policy does not know: they are counted by who comes and goes. */
  #parallelSeats = 0;
  #isWatched = false;

  constructor(mainRoom: string, nowMs: () => number) {
    this.#mainRoom = mainRoom;
    this.#nowMs = nowMs;
    this.#metrics.roomrush_server_admission_limit_seats.set(Number.NaN);
    this.#metrics.roomrush_server_worker_cpu_ratio.set(Number.NaN);
  }

  /** What the text below is, for its HTTP header. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** A sink that counts each row and hands it on. */
  counting(sink: EventSink): EventSink {
    return {
      row: (type, personId, attempt, connectionId, room, cause, value, ...more) => {
        this.#count(type, connectionId, room, cause, value);
        sink.row(type, personId, attempt, connectionId, room, cause, value, ...more);
      },
      close: () => sink.close(),
    };
  }

  /** Audio flows to somebody, so long after the seat was decided. */
  audioFlows(afterMs: number): void {
    this.#metrics.roomrush_server_join_phase_seconds.observe({ phase: 'audio' }, afterMs / 1000);
  }

  /** The server's own condition, once a second. */
  observe({ eventLoopLagMs }: ServerSignals): void {
    this.#metrics.roomrush_server_event_loop_lag_seconds.set(eventLoopLagMs / 1000);
  }

  /**
   * Everything in Prometheus' text format. What prom-client itself measures of a Node process (its heap, its garbage
   * collections) begins with the first call: a server that nobody scrapes does not pay for it.
   */
  async text(connections: number): Promise<string> {
    if (!this.#isWatched) collectDefaultMetrics({ register: this.#registry });
    this.#isWatched = true;
    const metrics = this.#metrics;
    metrics.roomrush_server_connections.set(connections);
    for (const kind of ROOM_KINDS) {
      const aside = kind === 'parallel' ? this.#parallelSeats : 0;
      metrics.roomrush_server_seats_taken.set({ room_kind: kind }, this.#sum(this.#taken, kind) + aside);
      metrics.roomrush_server_seats_held.set({ room_kind: kind }, this.#sum(this.#held, kind));
    }
    return this.#registry.metrics();
  }

  #count(
    type: RowType,
    connectionId: number | null,
    room: string | null,
    cause: string | null,
    value: number | null,
  ): void {
    const kind = this.#kindOf(room);
    const counting = COUNTED[type];
    if (counting !== undefined) {
      const facts = { kind, cause: cause ?? '', value: value ?? 0 };
      this.#metrics[counting.metric].inc(counting.labels(facts), counting.by(facts));
    }
    if (connectionId !== null) this.#time(type, connectionId);
    if (room !== null) this.#fill(type, room, kind, value ?? 0);
    const metrics = this.#metrics;
    if (type === 'queue') metrics.roomrush_server_queue_length.set(value ?? 0);
    else if (type === 'stall') metrics.roomrush_server_event_loop_stall_seconds.set((value ?? 0) / 1000);
    else if (type === 'worker-cpu') metrics.roomrush_server_worker_cpu_ratio.set(value ?? Number.NaN);
    else if (type === 'limit') metrics.roomrush_server_admission_limit_seats.set(value ?? Number.NaN);
  }

  /** How long the phases of somebody's join took. */
  #time(type: RowType, connectionId: number): void {
    if (type === 'asked') {
      this.#joining.set(connectionId, { askedAtMs: this.#nowMs(), decidedAtMs: null });
      return;
    }
    const joining = this.#joining.get(connectionId);
    if (joining === undefined) return;
    const phases = this.#metrics.roomrush_server_join_phase_seconds;
    if (type === 'seated') {
      joining.decidedAtMs = this.#nowMs();
      phases.observe({ phase: 'decision' }, (joining.decidedAtMs - joining.askedAtMs) / 1000);
    } else if (type === 'took') {
      if (joining.decidedAtMs !== null)
        phases.observe({ phase: 'taking' }, (this.#nowMs() - joining.decidedAtMs) / 1000);
      this.#joining.delete(connectionId);
    } else if (type === 'full' || type === 'vanished' || type === 'left') this.#joining.delete(connectionId);
  }

  /** Seats of rooms. */
  #fill(type: RowType, room: string, kind: RoomKind, value: number): void {
    if (type === 'seats-taken') this.#taken.set(room, value);
    else if (type === 'seats-held') this.#held.set(room, value);
    else if (type === 'room-closed') {
      this.#taken.delete(room);
      this.#held.delete(room);
    } else if (kind === 'parallel') {
      if (type === 'took') this.#parallelSeats += 1;
      else if (type === 'left' || type === 'ejected') this.#parallelSeats -= 1;
    }
  }

  #kindOf(room: string | null): RoomKind {
    if (room === null || room === this.#mainRoom) return 'main';
    return room.startsWith(`${this.#mainRoom}-overflow-`) ? 'overflow' : 'parallel';
  }

  #sum(byRoomName: ReadonlyMap<string, number>, kind: RoomKind): number {
    let total = 0;
    for (const [room, seats] of byRoomName) if (this.#kindOf(room) === kind) total += seats;
    return total;
  }
}
