/**
 * The door: what listeners ask of the server. It is where people's connections and the admission policy meet;
 * `decisions.ts` carries out what the policy decides, `losses.ts` what befalls those who have something to lose, and
 * `audience.ts` what those who sit ask of each other.
 */
import type { Claim, ServerSignals } from '../admission/step.ts';
import type { EjectionCause, ErrorCode, ListenerMessage } from '../protocol/messages.ts';
import { FROM_SERVER } from '../protocol/wire.ts';
import type { Asker, Connection } from '../signalling/connection.ts';
import { Audience } from './audience.ts';
import { Decisions } from './decisions.ts';
import { beginClosing, CLOSE_CODE, closeSocket } from './farewell.ts';
import { type Emptying, Losses } from './losses.ts';
import { type DoorParts, mediaOf, People } from './people.ts';

/** The name in log and answer of a parallel room that was not opened. */
const NO_PARALLEL_ROOM = 'parallel';

export class Door {
  /** Those who sit, among themselves. */
  readonly audience: Audience;
  readonly #people: People;
  readonly #decisions: Decisions;
  readonly #losses: Losses;
  readonly #speakers: ReadonlySet<number>;

  constructor(parts: DoorParts) {
    this.#people = new People(parts);
    this.audience = new Audience(this.#people);
    this.#decisions = new Decisions(this.#people, (connection) => this.lose(connection, 'media-lost'));
    this.#losses = new Losses(this.#people, this.#decisions);
    this.#speakers = new Set(parts.config.speakers);
  }

  /** Somebody in the hallway asks for a seat. */
  ask(connection: Connection, head: ListenerMessage<'ask'>): void {
    const { log, rooms } = this.#people.parts;
    if (connection.state.at !== 'hallway') {
      this.error(connection, 'wrong-state', 'ask was sent before');
      return;
    }
    if (!rooms.known(head.room)) {
      this.error(connection, 'unknown-room', `there is no room ${head.room}`);
      return;
    }
    const { personId, attempt, name, media, profile = null } = head;
    const asker: Asker = { personId, attempt, connectionId: connection.id, name, profile, media };
    log.row('asked', asker, { room: head.room });
    if (rooms.isParallel(head.room)) {
      this.#sitAside(connection, asker, head.room);
      return;
    }
    const { claim, nonce } = this.#redeem(connection, asker, head.ticket);
    const other = this.#people.connections.get(personId);
    if (other !== undefined) this.#losses.displace(other);
    connection.state = { at: 'asking', asker, nonce };
    this.#people.connections.set(personId, connection);
    this.#decisions.apply(
      this.#decisions.step({ type: 'asked', personId, claim, isSpeaker: this.#speakers.has(personId) }),
    );
  }

  /** Somebody in the hallway opens a parallel room. */
  open(connection: Connection, head: ListenerMessage<'open'>): void {
    if (connection.state.at !== 'hallway') {
      this.error(connection, 'wrong-state', 'a room is opened from the hallway');
      return;
    }
    const { personId, attempt, name, title, profile = null } = head;
    const asker: Asker = { personId, attempt, connectionId: connection.id, name, profile, media: 'none' };
    const room = this.#people.parts.parallel.open(title) ?? NO_PARALLEL_ROOM;
    this.#people.parts.log.row('asked', asker, { room });
    this.#sitAside(connection, asker, room);
  }

  /** The listener's certificate: audio flows once it is known. */
  connect(connection: Connection, head: ListenerMessage<'connect'>): void {
    const { state } = connection;
    if (state.at !== 'seated' || state.media === null || state.connected) {
      this.error(connection, 'wrong-state', 'connect follows a seated that carries media, once');
      return;
    }
    const { media } = state;
    if ('sink' in head !== (media.offer.kind === 'rtp')) {
      this.error(
        connection,
        'wrong-state',
        `connect must answer the offer that was made: ${media.offer.kind}`,
      );
      return;
    }
    connection.state = { ...state, connected: true };
    media.connect(head).then(
      () => {
        if (mediaOf(connection) === media)
          this.#people.parts.outgoing.send(connection, FROM_SERVER.connected, {});
      },
      () => {
        if (mediaOf(connection) === media) this.lose(connection, 'media-lost');
      },
    );
  }

  bye(connection: Connection): void {
    const { state } = connection;
    beginClosing(connection, this.#people.parts.nowMs());
    this.#people.parts.outgoing.send(connection, FROM_SERVER.bye, {});
    closeSocket(connection, CLOSE_CODE.normal);
    if (!('asker' in state)) return;
    const { asker } = state;
    this.#people.connections.delete(asker.personId);
    if (state.at === 'seated') this.#people.leaveRoom(state);
    const room = 'room' in state ? { room: state.room } : {};
    this.#people.parts.log.row('left', asker, { ...room, cause: 'goodbye' });
    if (this.#people.isAside(state)) return;
    this.#decisions.apply(this.#decisions.step({ type: 'left', personId: asker.personId }));
  }

  /** A connection is lost or thrown out, whatever state it is in. */
  lose(connection: Connection, cause: EjectionCause): void {
    this.#losses.lose(connection, cause);
  }

  /** The media worker died: whoever had audio has lost it. */
  loseVoices(): void {
    this.#losses.loseVoices();
  }

  /** Everybody out of some rooms at once, as when a host restarts one. */
  emptyRooms(what: Emptying): void {
    this.#losses.emptyRooms(what);
  }

  /** The server's own condition, once a second. */
  observe(signals: ServerSignals): void {
    this.#decisions.apply(this.#decisions.step({ type: 'observed', signals }));
  }

  tick(): void {
    this.#decisions.apply(this.#decisions.step({ type: 'tick' }));
  }

  /** The server ends. */
  stop(): void {
    this.#losses.stop();
  }

  error(connection: Connection, code: ErrorCode, message: string): void {
    this.#people.error(connection, code, message);
  }

  /** Checks the ticket of an ask; a refused one is answered and logged, and the ask goes on without it. */
  #redeem(
    connection: Connection,
    asker: Asker,
    ticket: string | undefined,
  ): { readonly claim: Claim; readonly nonce: string | null } {
    const { admission, log, nowMs, tickets, wallMs } = this.#people.parts;
    const none = { claim: { kind: 'none' }, nonce: null } as const;
    if (ticket === undefined) return none;
    const redeemed = tickets.redeem(ticket, asker.personId, wallMs());
    if (redeemed.ok && admission.honours(asker.personId, redeemed.claim, nowMs())) {
      log.row('ticket-redeemed', asker, { cause: redeemed.nonce });
      return redeemed;
    }
    const code = redeemed.ok ? 'ticket-expired' : redeemed.code;
    log.row('ticket-refused', asker, { cause: code });
    this.error(connection, code, 'the ask goes on without the ticket');
    return none;
  }

  /** A seat in a parallel room, at once or not at all. Whatever the person had of the main room they give up. */
  #sitAside(connection: Connection, asker: Asker, room: string): void {
    const { log, parallel } = this.#people.parts;
    const { personId } = asker;
    const other = this.#people.connections.get(personId);
    if (other !== undefined) {
      const wasAside = this.#people.isAside(other.state);
      this.#losses.displace(other);
      this.#people.connections.delete(personId);
      if (!wasAside) this.#decisions.apply(this.#decisions.step({ type: 'left', personId }));
    }
    const seat = parallel.take(room);
    if (seat === null) {
      this.#people.refuse(connection, asker, room, null);
      return;
    }
    log.row('took', asker, { room, value: seat });
    this.#people.connections.set(personId, connection);
    this.#people.welcome(
      connection,
      { at: 'seated', asker, room, seat, media: null, connected: false },
      false,
    );
  }
}
