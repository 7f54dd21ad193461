/**
 * Who is on which connection, and what each of them may be told or given: shared by the three sides of the door
 * (asking, deciding, losing), so that none of them keeps a list of its own.
 */
import type { AdmissionComposition } from '../admission/composition.ts';
import type { Admission, Draw } from '../admission/step.ts';
import type { ServerConfig } from '../config.ts';
import type { ServerLog, Who } from '../log.ts';
import type { ListenerMedia } from '../media/port.ts';
import type { EjectionCause, ErrorCode } from '../protocol/messages.ts';
import { FROM_SERVER } from '../protocol/wire.ts';
import type { SeatJournal } from '../rooms/journal.ts';
import type { ParallelRooms } from '../rooms/parallel.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Tickets } from '../rooms/tickets.ts';
import type { Voices } from '../rooms/voice.ts';
import type { Asker, Connection, ConnectionState } from '../signalling/connection.ts';
import type { Outgoing } from '../signalling/outgoing.ts';
import type { Signals } from '../signals.ts';

/** A ticket's own expiry, long enough for a night; the policy decides how long a seat or place is kept. */
export const TICKET_NIGHT_MS = 12 * 3_600_000;

export type Joining = Extract<ConnectionState, { at: 'joining' }>;
export type Seated = Extract<ConnectionState, { at: 'seated' }>;

export type DoorParts = {
  readonly config: ServerConfig;
  readonly composition: AdmissionComposition;
  readonly signals: Signals;
  readonly admission: Admission;
  readonly tickets: Tickets;
  readonly journal: SeatJournal;
  readonly rooms: Rooms;
  readonly parallel: ParallelRooms;
  /** null: this server has no media. */
  readonly voices: Voices | null;
  readonly outgoing: Outgoing;
  readonly log: ServerLog;
  readonly draw: Draw;
  readonly nowMs: () => number;
  readonly wallMs: () => number;
};

export class People {
  readonly parts: DoorParts;
  /** The connection on which each person waits, joins or sits. */
  readonly connections = new Map<number, Connection>();
  /** How long the policy keeps a seat; null: it keeps none. */
  readonly heldForMs: number | null;

  constructor(parts: DoorParts) {
    this.parts = parts;
    this.heldForMs = parts.composition.hold?.holdMs ?? null;
  }

  /** Whether somebody sits in a parallel room, of which the policy knows nothing. */
  isAside(state: ConnectionState): boolean {
    return state.at === 'seated' && this.parts.rooms.isParallel(state.room);
  }

  error(connection: Connection, code: ErrorCode, message: string): void {
    this.parts.outgoing.send(connection, FROM_SERVER.error, { code, message });
  }

  refuse(connection: Connection, asker: Asker, room: string, retryAfterMs: number | null): void {
    this.parts.log.row('full', asker, { room, value: retryAfterMs });
    this.parts.outgoing.send(connection, FROM_SERVER.full, { room, retryAfterMs });
  }

  /** The seat is theirs: into the room, the answer to them, and then the room is told. */
  welcome(connection: Connection, state: Seated, resumed: boolean): void {
    const { outgoing, rooms } = this.parts;
    const { asker, room: name, seat, media } = state;
    connection.state = state;
    const member = { user: { id: asker.personId, name: asker.name }, connection };
    const room = rooms.join(name, member);
    const { bulk, furtherPages: rosterPages } = rooms.roster(room);
    const isAside = this.isAside(state);
    const ticket = isAside ? null : this.seatTicket(asker, name, seat, TICKET_NIGHT_MS);
    const heldForMs = isAside ? null : this.heldForMs;
    const { listeners } = room;
    outgoing.send(
      connection,
      FROM_SERVER.seated,
      { room: name, seat, resumed, ticket, heldForMs, listeners, rosterPages, media: media?.offer ?? null },
      bulk,
    );
    rooms.announce(room, member);
  }

  leaveRoom(state: Seated): void {
    closeMedia(state);
    this.parts.rooms.leave(state.room, state.asker.personId);
    if (this.isAside(state)) this.parts.parallel.release(state.room, state.seat);
  }

  /** The last message to somebody whose seat is lost, with the ticket to it while it is kept. */
  ejection(cause: EjectionCause, state: Seated, heldForMs: number | null): object {
    const ticket =
      heldForMs === null ? null : this.seatTicket(state.asker, state.room, state.seat, heldForMs);
    return { cause, ticket, heldForMs };
  }

  seatTicket(who: Who, room: string, seat: number, lifeMs: number): string | null {
    const { log, tickets, wallMs } = this.parts;
    if (this.heldForMs === null) return null;
    log.ticketIssued();
    return tickets.seat(who.personId, room, seat, wallMs() + lifeMs);
  }

  /** The listener was lost before the answer to their ticket could be sent: it may be used again. */
  giveBack(asker: Asker, nonce: string): void {
    this.parts.tickets.giveBack(nonce);
    this.parts.log.row('ticket-returned', asker, { cause: nonce });
  }
}

/** Both transports, where one is being followed by another. */
export function closeMedia({ former, media }: Seated): void {
  former?.close();
  media?.close();
}

export function mediaOf(connection: Connection): ListenerMedia | null {
  return connection.state.at === 'seated' ? connection.state.media : null;
}
