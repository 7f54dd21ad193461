/** All open rooms, and what coming, going and moving means for those who are in them. */
import type { ServerConfig } from '../config.ts';
import type { ServerLog } from '../log.ts';
import type { Outgoing } from '../signalling/outgoing.ts';
import { type Hallway, hallwayCached, hallwayComputed } from './hallway.ts';
import { type Presence, presenceBatched, presenceEach } from './presence.ts';
import { type Member, Room } from './room.ts';

export class Rooms {
  readonly hallway: Hallway;
  readonly #config: ServerConfig;
  readonly #log: ServerLog;
  readonly #presence: Presence;
  readonly #rooms = new Map<string, Room>();

  constructor(config: ServerConfig, outgoing: Outgoing, log: ServerLog) {
    const { features, timers } = config;
    this.#config = config;
    this.#log = log;
    this.#presence =
      features.presence === 'each' ? presenceEach(outgoing, log) : presenceBatched(outgoing, log);
    const rooms = () => this.#rooms.values();
    this.hallway =
      features.hallway === 'computed' ? hallwayComputed(rooms) : hallwayCached(rooms, timers.hallwayCacheMs);
    const { room: name, title } = config.mainRoom;
    const seats = features.cap === 'none' ? null : config.mainRoom.seats;
    this.#add(new Room({ name, title, seats, kind: 'main', relayOf: null }));
  }

  get(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  all(): Iterable<Room> {
    return this.#rooms.values();
  }

  /** Whether this is the main room, one of its overflow rooms or a parallel one, open or not: an ask may name any. */
  known(name: string): boolean {
    const { room } = this.#config.mainRoom;
    return name === room || name.startsWith(`${room}-overflow-`) || this.isParallel(name);
  }

  /** Whether a room of this name, open or not, is one that listeners opened themselves. */
  isParallel(name: string): boolean {
    return name !== this.#config.mainRoom.room && /^parallel-[1-9][0-9]*$/.test(name);
  }

  openOverflow(name: string, seats: number, relayOf: string): void {
    const number = name.slice(relayOf.length + '-overflow-'.length);
    const title = `${this.#config.mainRoom.title} (overflow ${number})`.slice(0, 128);
    this.#add(new Room({ name, title, seats, kind: 'overflow', relayOf }));
  }

  openParallel(name: string, title: string, seats: number): void {
    this.#add(new Room({ name, title, seats, kind: 'parallel', relayOf: null }));
  }

  close(name: string, cause: string): void {
    this.#rooms.delete(name);
    this.#log.row('room-closed', null, { room: name, cause });
  }

  join(name: string, member: Member): Room {
    const room = this.#open(name);
    room.add(member);
    return room;
  }

  /** Tells the room of a member who joined; apart from join, so that their own answer goes out first. */
  announce(room: Room, member: Member): void {
    this.#presence.joined(room, member);
  }

  leave(name: string, personId: number): void {
    const room = this.#open(name);
    const member = room.remove(personId);
    if (member !== null) this.#presence.left(room, member);
  }

  /** Takes everybody out at once; there is nobody left to tell. */
  vacate(name: string): void {
    this.#open(name).clear();
  }

  flushPresence(): void {
    this.#presence.flush();
  }

  /** The answer's list of users, and how many further pages there are. */
  roster(room: Room): { readonly bulk: string; readonly furtherPages: number } {
    if (this.#config.features.roster === 'whole') return { bulk: room.rosterWhole(), furtherPages: 0 };
    return { bulk: room.rosterPage(0), furtherPages: Math.max(0, room.pages - 1) };
  }

  #open(name: string): Room {
    const room = this.#rooms.get(name);
    if (room === undefined) throw new Error(`room ${name} is not open`);
    return room;
  }

  #add(room: Room): void {
    this.#rooms.set(room.info.name, room);
    this.#log.row('room-opened', null, { room: room.info.name, value: room.info.seats });
  }
}
