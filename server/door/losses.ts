/** How people lose what they have: a connection, a voice, a room, or the whole server. */
import type { EjectionCause } from '../protocol/messages.ts';
import { FROM_SERVER } from '../protocol/wire.ts';
import type { Connection } from '../signalling/connection.ts';
import type { Decisions } from './decisions.ts';
import { beginClosing, CLOSE_CODE, closeSocket } from './farewell.ts';
import { closeMedia, mediaOf, type People, type Seated } from './people.ts';

/** restart-room: everybody out of the main room; drop-rooms: out of every room. */
export type Emptying = 'restart-room' | 'drop-rooms';

export class Losses {
  readonly #people: People;
  readonly #decisions: Decisions;

  constructor(people: People, decisions: Decisions) {
    this.#people = people;
    this.#decisions = decisions;
  }

  /**
   * A connection is lost or thrown out, whatever state it is in. A seated listener is ejected: told so where
   * there is a socket left to tell it on, and the seat held where the policy holds seats.
   */
  lose(connection: Connection, cause: EjectionCause): void {
    const { log, outgoing, nowMs } = this.#people.parts;
    const { state } = connection;
    if (state.at === 'closing') return;
    beginClosing(connection, nowMs());
    if ('asker' in state) {
      const { personId } = state.asker;
      this.#people.connections.delete(personId);
      if (state.at === 'joining' && state.nonce !== null) this.#people.giveBack(state.asker, state.nonce);
      const at = 'room' in state ? { room: state.room, cause } : { cause };
      log.row(state.at === 'seated' ? 'ejected' : 'vanished', state.asker, at);
      const decisions = this.#people.isAside(state)
        ? []
        : this.#decisions.step({ type: 'vanished', personId });
      if (state.at === 'seated') {
        const hold = decisions.find((one) => one.type === 'hold' && one.personId === personId);
        const heldForMs = hold?.type === 'hold' ? hold.holdMs : null;
        outgoing.send(connection, FROM_SERVER.ejected, this.#people.ejection(cause, state, heldForMs));
        this.#people.leaveRoom(state);
      }
      this.#decisions.apply(decisions);
    }
    if (cause === 'slow-client' || cause === 'connection-lost') connection.socket.terminate();
    else closeSocket(connection, CLOSE_CODE.policy);
  }

  /** The media worker died: whoever had audio has lost it. */
  loseVoices(): void {
    for (const connection of [...this.#people.connections.values()])
      if (mediaOf(connection) !== null) this.lose(connection, 'worker-died');
  }

  /**
   * Everybody out at once, as when a host restarts a room. The policy hears of all of them together, so that
   * nobody is promoted or seated in the middle of it.
   */
  emptyRooms(what: Emptying): void {
    const { config, log, nowMs, outgoing, parallel, rooms } = this.#people.parts;
    const out: { readonly connection: Connection; readonly state: Seated }[] = [];
    for (const connection of this.#people.connections.values()) {
      const { state } = connection;
      if (state.at === 'seated' && (what === 'drop-rooms' || state.room === config.mainRoom.room))
        out.push({ connection, state });
    }
    for (const { connection, state } of out) {
      beginClosing(connection, nowMs());
      this.#people.connections.delete(state.asker.personId);
      log.row('ejected', state.asker, { room: state.room, cause: 'room-closed' });
    }
    for (const room of new Set(out.map(({ state }) => state.room))) rooms.vacate(room);
    const personIds = out.flatMap(({ state }) => (this.#people.isAside(state) ? [] : [state.asker.personId]));
    const decisions = this.#decisions.step({ type: 'emptied', personIds });
    const holds = new Map(
      decisions.flatMap((one) => (one.type === 'hold' ? [[one.personId, one.holdMs]] : [])),
    );
    for (const { connection, state } of out) {
      const heldForMs = holds.get(state.asker.personId) ?? null;
      outgoing.send(connection, FROM_SERVER.ejected, this.#people.ejection('room-closed', state, heldForMs));
      closeMedia(state);
      if (this.#people.isAside(state)) parallel.release(state.room, state.seat);
      closeSocket(connection, CLOSE_CODE.policy);
    }
    this.#decisions.apply(decisions);
  }

  /** The server ends: the seated are told, with the ticket to their seat, and nothing is released. */
  stop(): void {
    for (const connection of [...this.#people.connections.values()]) {
      const { state } = connection;
      beginClosing(connection, this.#people.parts.nowMs());
      if (state.at === 'seated') {
        this.#people.parts.log.row('ejected', state.asker, { room: state.room, cause: 'server-restart' });
        const heldForMs = this.#people.isAside(state) ? null : this.#people.heldForMs;
        const ejection = this.#people.ejection('server-restart', state, heldForMs);
        this.#people.parts.outgoing.send(connection, FROM_SERVER.ejected, ejection);
        closeMedia(state);
      }
      closeSocket(connection, CLOSE_CODE.goingAway);
    }
    this.#people.connections.clear();
  }

  /** The same person asked on another connection, which takes over the seat or the place. */
  displace(connection: Connection): void {
    const { log, nowMs, outgoing } = this.#people.parts;
    const { state } = connection;
    beginClosing(connection, nowMs());
    if (state.at === 'seated') {
      log.row('ejected', state.asker, { room: state.room, cause: 'displaced' });
      outgoing.send(connection, FROM_SERVER.ejected, this.#people.ejection('displaced', state, null));
      this.#people.leaveRoom(state);
    } else {
      outgoing.send(connection, FROM_SERVER.bye, {});
    }
    closeSocket(connection, CLOSE_CODE.normal);
  }
}
