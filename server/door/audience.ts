/** What those who sit ask of their room: who else is there, who somebody is, and to be seen with a raised hand. */
import type { ListenerMessage } from '../protocol/messages.ts';
import { FROM_SERVER } from '../protocol/wire.ts';
import type { Room } from '../rooms/room.ts';
import type { Connection } from '../signalling/connection.ts';
import type { People, Seated } from './people.ts';

export class Audience {
  readonly #people: People;

  constructor(people: People) {
    this.#people = people;
  }

  roster(connection: Connection, head: ListenerMessage<'roster'>): void {
    const seat = this.#seatOf(connection);
    if (seat === null || seat.room.info.name !== head.room) {
      this.#people.error(connection, 'wrong-state', 'the roster is shown to those who sit in the room');
      return;
    }
    const answer = { room: head.room, page: head.page, pages: seat.room.pages };
    this.#people.parts.outgoing.send(connection, FROM_SERVER.roster, answer, seat.room.rosterPage(head.page));
  }

  /** Somebody in the same room; who sits elsewhere, or nowhere, is nobody here. */
  profile(connection: Connection, { id }: ListenerMessage<'profile'>): void {
    const seat = this.#seatOf(connection);
    if (seat === null) {
      this.#people.error(connection, 'wrong-state', 'profiles are shown to those who sit in the room');
      return;
    }
    const other = this.#people.connections.get(id)?.state;
    const answer =
      other?.at === 'seated' && other.room === seat.state.room
        ? { id, name: other.asker.name, profile: other.asker.profile }
        : { id, name: null, profile: null };
    this.#people.parts.outgoing.send(connection, FROM_SERVER.profile, answer);
  }

  hand(connection: Connection, { raised }: ListenerMessage<'hand'>): void {
    const seat = this.#seatOf(connection);
    if (seat === null) {
      this.#people.error(connection, 'wrong-state', 'a hand is raised from a seat');
      return;
    }
    const { room, state } = seat;
    const { log, outgoing } = this.#people.parts;
    if (room.isRaised(state.asker.personId) !== raised) {
      room.setHand(state.asker.personId, raised);
      log.row('hand', state.asker, { room: state.room, value: raised ? 1 : 0 });
    }
    outgoing.send(connection, FROM_SERVER.hand, { raised, hands: room.hands });
  }

  #seatOf({ state }: Connection): { readonly state: Seated; readonly room: Room } | null {
    const room = state.at === 'seated' ? this.#people.parts.rooms.get(state.room) : undefined;
    return state.at === 'seated' && room !== undefined ? { state, room } : null;
  }
}
