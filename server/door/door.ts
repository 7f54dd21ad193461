/**
 * The door: takes asks to the admission policy and carries out what it decides. It is the only part that
 * knows both the policy and the people's connections.
 */
import type { Admission, AdmissionEvent, Claim, Decision, Draw } from '../admission/step.ts';
import type { ServerConfig } from '../config.ts';
import type { ServerLog, Who } from '../log.ts';
import type { ListenerMedia } from '../media/port.ts';
import type { EjectionCause, ErrorCode, ListenerMessage } from '../protocol/messages.ts';
import { FROM_SERVER } from '../protocol/wire.ts';
import type { SeatJournal } from '../rooms/journal.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Tickets } from '../rooms/tickets.ts';
import type { Voices } from '../rooms/voice.ts';
import type { Asker, Connection, ConnectionState } from '../signalling/connection.ts';
import type { Outgoing } from '../signalling/outgoing.ts';
import { beginClosing, CLOSE_CODE, closeSocket } from './farewell.ts';

/** A ticket's own expiry, long enough for a night; the policy decides how long a seat or place is kept. */
const TICKET_NIGHT_MS = 12 * 3_600_000;
/** Told to somebody whose seat could not be made ready (no disk, no media): the server does not know better. */
const RETRY_AFTER_FAILURE_MS = 1_000;

const RELEASE_CAUSE = {
  left: 'left',
  vanished: 'ejected',
  expired: 'expired',
  superseded: 'superseded',
} as const;

type Joining = Extract<ConnectionState, { at: 'joining' }>;

export type DoorParts = {
  readonly config: ServerConfig;
  readonly admission: Admission;
  readonly tickets: Tickets;
  readonly journal: SeatJournal;
  readonly rooms: Rooms;
  /** null: this server has no media. */
  readonly voices: Voices | null;
  readonly outgoing: Outgoing;
  readonly log: ServerLog;
  readonly draw: Draw;
  readonly nowMs: () => number;
  readonly wallMs: () => number;
};

export class Door {
  readonly #parts: DoorParts;
  /** The connection on which each person waits, joins or sits. */
  readonly #connections = new Map<number, Connection>();
  readonly #heldForMs: number | null;

  constructor(parts: DoorParts) {
    this.#parts = parts;
    this.#heldForMs = parts.config.features.hold === 'held' ? parts.config.timers.seatHoldMs : null;
  }

  /** Somebody in the hallway asks for a seat. */
  ask(connection: Connection, head: ListenerMessage<'ask'>): void {
    const { log, rooms } = this.#parts;
    if (connection.state.at !== 'hallway') {
      this.error(connection, 'wrong-state', 'ask was sent before');
      return;
    }
    if (!rooms.known(head.room)) {
      this.error(connection, 'unknown-room', `there is no room ${head.room}`);
      return;
    }
    const { personId, attempt, name, media } = head;
    const asker: Asker = { personId, attempt, connectionId: connection.id, name, media };
    log.row('asked', asker, { room: head.room });
    const { claim, nonce } = this.#redeem(connection, asker, head.ticket);
    const other = this.#connections.get(personId);
    if (other !== undefined) this.#displace(other);
    connection.state = { at: 'asking', asker, nonce };
    this.#connections.set(personId, connection);
    this.#apply(this.#step({ type: 'asked', personId, claim }));
  }

  /** The listener's certificate: audio flows once it is known. */
  connect(connection: Connection, head: ListenerMessage<'connect'>): void {
    const { state } = connection;
    if (state.at !== 'seated' || state.media === null || state.connected) {
      this.error(connection, 'wrong-state', 'connect follows a seated that carries media, once');
      return;
    }
    const { media } = state;
    connection.state = { ...state, connected: true };
    media.connect(head.fingerprint).then(
      () => {
        if (mediaOf(connection) === media) this.#parts.outgoing.send(connection, FROM_SERVER.connected, {});
      },
      () => {
        if (mediaOf(connection) === media) this.lose(connection, 'media-lost');
      },
    );
  }

  roster(connection: Connection, head: ListenerMessage<'roster'>): void {
    const { state } = connection;
    const room = state.at === 'seated' ? this.#parts.rooms.get(state.room) : undefined;
    if (room === undefined || room.info.name !== head.room) {
      this.error(connection, 'wrong-state', 'the roster is shown to those who sit in the room');
      return;
    }
    const answer = { room: head.room, page: head.page, pages: room.pages };
    this.#parts.outgoing.send(connection, FROM_SERVER.roster, answer, room.rosterPage(head.page));
  }

  bye(connection: Connection): void {
    const { state } = connection;
    beginClosing(connection, this.#parts.nowMs());
    this.#parts.outgoing.send(connection, FROM_SERVER.bye, {});
    closeSocket(connection, CLOSE_CODE.normal);
    if (!('asker' in state)) return;
    const { asker } = state;
    this.#connections.delete(asker.personId);
    if (state.at === 'seated') this.#leaveRoom(state);
    const room = 'room' in state ? { room: state.room } : {};
    this.#parts.log.row('left', asker, { ...room, cause: 'goodbye' });
    this.#apply(this.#step({ type: 'left', personId: asker.personId }));
  }

  /**
   * A connection is lost or thrown out, whatever state it is in. A seated listener is ejected: told so where
   * there is a socket left to tell it on, and the seat held where the policy holds seats.
   */
  lose(connection: Connection, cause: EjectionCause): void {
    const { log, outgoing, nowMs, tickets } = this.#parts;
    const { state } = connection;
    if (state.at === 'closing') return;
    beginClosing(connection, nowMs());
    if ('asker' in state) {
      const { personId } = state.asker;
      this.#connections.delete(personId);
      if (state.at === 'joining' && state.nonce !== null) tickets.giveBack(state.nonce);
      const at = 'room' in state ? { room: state.room, cause } : { cause };
      log.row(state.at === 'seated' ? 'ejected' : 'vanished', state.asker, at);
      const decisions = this.#step({ type: 'vanished', personId });
      if (state.at === 'seated') {
        const hold = decisions.find((one) => one.type === 'hold' && one.personId === personId);
        const heldForMs = hold?.type === 'hold' ? hold.holdMs : null;
        outgoing.send(connection, FROM_SERVER.ejected, this.#ejection(cause, state, heldForMs));
        this.#leaveRoom(state);
      }
      this.#apply(decisions);
    }
    if (cause === 'slow-client' || cause === 'connection-lost') connection.socket.terminate();
    else closeSocket(connection, CLOSE_CODE.policy);
  }

  /** The media worker died: whoever had audio has lost it. */
  loseVoices(): void {
    for (const connection of [...this.#connections.values()])
      if (mediaOf(connection) !== null) this.lose(connection, 'worker-died');
  }

  tick(): void {
    this.#apply(this.#step({ type: 'tick' }));
  }

  /** The server ends: the seated are told, with the ticket to their seat, and nothing is released. */
  stop(): void {
    for (const connection of [...this.#connections.values()]) {
      const { state } = connection;
      beginClosing(connection, this.#parts.nowMs());
      if (state.at === 'seated') {
        this.#parts.log.row('ejected', state.asker, { room: state.room, cause: 'server-restart' });
        const ejection = this.#ejection('server-restart', state, this.#heldForMs);
        this.#parts.outgoing.send(connection, FROM_SERVER.ejected, ejection);
        state.media?.close();
      }
      closeSocket(connection, CLOSE_CODE.goingAway);
    }
    this.#connections.clear();
  }

  error(connection: Connection, code: ErrorCode, message: string): void {
    this.#parts.outgoing.send(connection, FROM_SERVER.error, { code, message });
  }

  #step(event: AdmissionEvent): readonly Decision[] {
    return this.#parts.admission.step(event, this.#parts.nowMs(), this.#parts.draw);
  }

  #apply(decisions: readonly Decision[]): void {
    for (const decision of decisions) this.#carryOut(decision);
  }

  #carryOut(decision: Decision): void {
    const { journal, log, rooms, voices } = this.#parts;
    switch (decision.type) {
      case 'seat':
        this.#seat(decision);
        break;
      case 'wait':
        this.#wait(decision);
        break;
      case 'full':
        this.#full(decision.personId, decision.retryAfterMs);
        break;
      case 'move':
        this.#move(decision);
        break;
      case 'open-room':
        rooms.openOverflow(decision.room, decision.seats, decision.relayOf);
        voices?.open(decision.room, decision.relayOf);
        break;
      case 'close-room':
        rooms.close(decision.room, 'empty');
        voices?.close(decision.room);
        break;
      case 'release': {
        const { personId, room, seat } = decision;
        journal.released(room, seat);
        if (decision.cause === 'expired') log.personRow('expired', personId, { room });
        log.personRow('released', personId, { room, value: seat, cause: RELEASE_CAUSE[decision.cause] });
        break;
      }
      case 'hold':
        log.personRow('held', decision.personId, { room: decision.room, value: decision.holdMs });
        break;
      case 'expire':
        log.personRow('expired', decision.personId, {});
        break;
    }
  }

  /** Checks the ticket of an ask; a refused one is answered and logged, and the ask goes on without it. */
  #redeem(
    connection: Connection,
    asker: Asker,
    ticket: string | undefined,
  ): { readonly claim: Claim; readonly nonce: string | null } {
    const { admission, log, nowMs, tickets, wallMs } = this.#parts;
    const none = { claim: { kind: 'none' }, nonce: null } as const;
    if (ticket === undefined) return none;
    const redeemed = tickets.redeem(ticket, asker.personId, wallMs());
    if (redeemed.ok && admission.honours(asker.personId, redeemed.claim, nowMs())) return redeemed;
    const code = redeemed.ok ? 'ticket-expired' : redeemed.code;
    log.row('ticket-refused', asker, { cause: code });
    this.error(connection, code, 'the ask goes on without the ticket');
    return none;
  }

  /** The same person asked on another connection, which takes over the seat or the place. */
  #displace(connection: Connection): void {
    const { log, nowMs, outgoing } = this.#parts;
    const { state } = connection;
    beginClosing(connection, nowMs());
    if (state.at === 'seated') {
      log.row('ejected', state.asker, { room: state.room, cause: 'displaced' });
      outgoing.send(connection, FROM_SERVER.ejected, this.#ejection('displaced', state, null));
      this.#leaveRoom(state);
    } else {
      outgoing.send(connection, FROM_SERVER.bye, {});
    }
    closeSocket(connection, CLOSE_CODE.normal);
  }

  #wait(decision: Extract<Decision, { type: 'wait' }>): void {
    const { config, journal, log, outgoing, tickets, wallMs } = this.#parts;
    const { personId, position, estimatedWaitMs, sequence } = decision;
    const connection = this.#connections.get(personId);
    const { ticketLifeMs } = config.timers;
    if (connection?.state.at === 'asking') {
      const { asker } = connection.state;
      connection.state = { at: 'waiting', asker };
      journal.placed(sequence);
      log.row('waiting', asker, { value: position });
      if (estimatedWaitMs !== null) log.row('eta', asker, { value: estimatedWaitMs });
      const ticket = tickets.place(personId, config.mainRoom.room, sequence, wallMs() + TICKET_NIGHT_MS);
      outgoing.send(connection, FROM_SERVER.waiting, { ticket, position, estimatedWaitMs, ticketLifeMs });
    } else if (connection?.state.at === 'waiting') {
      const update = { ticket: null, position, estimatedWaitMs, ticketLifeMs };
      outgoing.send(connection, FROM_SERVER.waiting, update);
    }
  }

  #full(personId: number, retryAfterMs: number | null): void {
    const connection = this.#connections.get(personId);
    if (connection === undefined || !('asker' in connection.state)) return;
    const { asker } = connection.state;
    const { room } = this.#parts.config.mainRoom;
    this.#connections.delete(personId);
    connection.state = { at: 'hallway' };
    this.#parts.log.row('full', asker, { room, value: retryAfterMs });
    this.#parts.outgoing.send(connection, FROM_SERVER.full, { room, retryAfterMs });
  }

  #seat(decision: Extract<Decision, { type: 'seat' }>): void {
    const { personId, room, seat, resumed } = decision;
    const connection = this.#connections.get(personId);
    const state = connection?.state;
    if (connection === undefined || (state?.at !== 'asking' && state?.at !== 'waiting'))
      throw new Error(`person ${personId} was given a seat without having asked`);
    const nonce = state.at === 'asking' ? state.nonce : null;
    const joining: Joining = { at: 'joining', asker: state.asker, nonce, resumed, room, seat };
    connection.state = joining;
    this.#parts.log.row('seated', state.asker, { room, value: seat, cause: resumed ? 'resumed' : 'new' });
    this.#take(connection, joining).catch((error: unknown) => this.#notTaken(connection, joining, error));
  }

  /** What has to be awaited between the decision for a seat and its taking: the journal, and the transport. */
  async #take(connection: Connection, joining: Joining): Promise<void> {
    const { journal, voices } = this.#parts;
    await journal.taken(joining.asker.personId, joining.room, joining.seat);
    if (connection.state !== joining) return;
    let media: ListenerMedia | null = null;
    if (voices !== null && joining.asker.media) {
      media = await voices.addListener(joining.room, () => this.lose(connection, 'media-lost'));
      if (connection.state !== joining) {
        media.close();
        return;
      }
    }
    this.#taken(connection, joining, media);
  }

  #taken(connection: Connection, joining: Joining, media: ListenerMedia | null): void {
    const { log, outgoing, rooms } = this.#parts;
    const { asker, resumed, room: name, seat } = joining;
    const { personId } = asker;
    const decisions = this.#step({ type: 'took', personId });
    log.row('took', asker, { room: name, value: seat });
    connection.state = { at: 'seated', asker, room: name, seat, media, connected: false };
    const member = { user: { id: personId, name: asker.name }, connection };
    const room = rooms.join(name, member);
    const { bulk, furtherPages: rosterPages } = rooms.roster(room);
    const ticket = this.#seatTicket(asker, name, seat, TICKET_NIGHT_MS);
    const { listeners } = room;
    outgoing.send(
      connection,
      FROM_SERVER.seated,
      {
        room: name,
        seat,
        resumed,
        ticket,
        heldForMs: this.#heldForMs,
        listeners,
        rosterPages,
        media: media?.offer ?? null,
      },
      bulk,
    );
    rooms.announce(room, member);
    this.#apply(decisions);
  }

  /** The disk or the media failed. The seat is given up, and the person may ask again on this connection. */
  #notTaken(connection: Connection, joining: Joining, error: unknown): void {
    console.error(`seat not taken: ${error instanceof Error ? error.message : error}`);
    if (connection.state !== joining) return;
    const { personId } = joining.asker;
    if (joining.nonce !== null) this.#parts.tickets.giveBack(joining.nonce);
    this.#full(personId, RETRY_AFTER_FAILURE_MS);
    this.#apply(this.#step({ type: 'vanished', personId }));
  }

  /** Promotion: the membership changes, the voice is the same and its transport stays. */
  #move(decision: Extract<Decision, { type: 'move' }>): void {
    const { journal, log, outgoing, rooms } = this.#parts;
    const { personId, from, to, seat } = decision;
    const connection = this.#connections.get(personId);
    const state = connection?.state;
    if (connection === undefined || (state?.at !== 'seated' && state?.at !== 'joining'))
      throw new Error(`person ${personId} was moved without having a seat`);
    journal.moved(personId, { room: from, seat: state.seat }, { room: to, seat });
    log.row('moved', state.asker, { room: to, value: seat });
    if (state.at === 'joining') {
      state.room = to;
      state.seat = seat;
      return;
    }
    rooms.leave(from, personId);
    connection.state = { ...state, room: to, seat };
    const member = { user: { id: personId, name: state.asker.name }, connection };
    const room = rooms.join(to, member);
    const ticket = this.#seatTicket(state.asker, to, seat, TICKET_NIGHT_MS);
    const head = { room: to, seat, ticket, heldForMs: this.#heldForMs, media: null };
    outgoing.send(connection, FROM_SERVER.moved, head);
    rooms.announce(room, member);
  }

  #leaveRoom(state: Extract<ConnectionState, { at: 'seated' }>): void {
    state.media?.close();
    this.#parts.rooms.leave(state.room, state.asker.personId);
  }

  #ejection(
    cause: EjectionCause,
    state: Extract<ConnectionState, { at: 'seated' }>,
    heldForMs: number | null,
  ): object {
    const ticket =
      heldForMs === null ? null : this.#seatTicket(state.asker, state.room, state.seat, heldForMs);
    return { cause, ticket, heldForMs };
  }

  #seatTicket(who: Who, room: string, seat: number, lifeMs: number): string | null {
    const { tickets, wallMs } = this.#parts;
    return this.#heldForMs === null ? null : tickets.seat(who.personId, room, seat, wallMs() + lifeMs);
  }
}

function mediaOf(connection: Connection): ListenerMedia | null {
  return connection.state.at === 'seated' ? connection.state.media : null;
}
