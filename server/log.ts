/** What the server writes into the event log, and the running counts that become rows once a second. */
import type { RowType } from '../events/row.ts';
import type { EventWriter } from '../events/writer.ts';

/** The part of the event writer that the server uses. */
export type EventSink = Pick<EventWriter, 'row' | 'close'>;

/** Whom a row is about. */
export type Who = { readonly personId: number; readonly attempt: number; readonly connectionId: number };

const NOTHING_COUNTED = {
  deliveries: 0,
  hallway: 0,
  ticketsIssued: 0,
  bytesIn: 0,
  bytesOut: 0,
  messagesIn: 0,
  messagesOut: 0,
};
type Counts = typeof NOTHING_COUNTED;

export class ServerLog {
  readonly #sink: EventSink;
  /** Since the last second; `takeCounts` sets them to zero. */
  #counts: Counts = { ...NOTHING_COUNTED };

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  row(
    type: RowType,
    who: Who | null,
    more: { readonly room?: string; readonly cause?: string; readonly value?: number | null } = {},
  ): void {
    this.#sink.row(
      type,
      who?.personId ?? null,
      who?.attempt ?? null,
      who?.connectionId ?? null,
      more.room ?? null,
      more.cause ?? null,
      more.value ?? null,
    );
  }

  /** A row about somebody of whom only the seat is known. */
  personRow(
    type: RowType,
    personId: number,
    more: { readonly room?: string; readonly cause?: string; readonly value?: number },
  ): void {
    this.#sink.row(type, personId, null, null, more.room ?? null, more.cause ?? null, more.value ?? null);
  }

  sent(messages: number, bytes: number): void {
    this.#counts.messagesOut += messages;
    this.#counts.bytesOut += bytes;
  }

  received(bytes: number): void {
    this.#counts.messagesIn += 1;
    this.#counts.bytesIn += bytes;
  }

  delivered(presenceFrames: number): void {
    this.#counts.deliveries += presenceFrames;
  }

  /** Somebody was given the list of rooms. */
  hallwayRead(): void {
    this.#counts.hallway += 1;
  }

  ticketIssued(): void {
    this.#counts.ticketsIssued += 1;
  }

  takeCounts(): Readonly<Counts> {
    const counts = this.#counts;
    this.#counts = { ...NOTHING_COUNTED };
    return counts;
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}

/** For a server that nobody reads the log of. */
export const NO_SINK: EventSink = { row: () => {}, close: async () => {} };
