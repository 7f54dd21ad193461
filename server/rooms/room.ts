/** One room: who is in it, and their users as JSON text that is made once a member and never again. */
import type { User } from '../protocol/messages.ts';
import type { Connection } from '../signalling/connection.ts';

const ROSTER_PAGE_USERS = 50;

export type Member = { readonly user: User; readonly connection: Connection };

export type RoomInfo = {
  readonly name: string;
  readonly title: string;
  readonly kind: 'main' | 'overflow' | 'parallel';
  /** null: without limit. */
  readonly seats: number | null;
  readonly relayOf: string | null;
};

export class Room {
  readonly info: RoomInfo;
  readonly #members = new Map<number, { readonly member: Member; index: number }>();
  readonly #connections = new Set<Connection>();
  /** `{"id":1,"name":"..."}` of each member, in no particular order: a leaver's gap is filled by the last. */
  readonly #fragments: string[] = [];
  readonly #owners: number[] = [];
  readonly #raised = new Set<number>();

  constructor(info: RoomInfo) {
    this.info = info;
  }

  get listeners(): number {
    return this.#members.size;
  }

  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** Raised hands. */
  get hands(): number {
    return this.#raised.size;
  }

  isRaised(personId: number): boolean {
    return this.#raised.has(personId);
  }

  /** Raises a member's hand, or lowers it; it goes down by itself when the member goes. */
  setHand(personId: number, raised: boolean): void {
    if (raised) this.#raised.add(personId);
    else this.#raised.delete(personId);
  }

  /** Pages of the whole roster. */
  get pages(): number {
    return Math.ceil(this.#fragments.length / ROSTER_PAGE_USERS);
  }

  add(member: Member): void {
    const { id } = member.user;
    if (this.#members.has(id)) throw new Error(`person ${id} is already in ${this.info.name}`);
    this.#members.set(id, { member, index: this.#fragments.length });
    this.#connections.add(member.connection);
    this.#fragments.push(JSON.stringify(member.user));
    this.#owners.push(id);
  }

  /** Takes a member out; null when the person is not here. */
  remove(personId: number): Member | null {
    const entry = this.#members.get(personId);
    if (entry === undefined) return null;
    this.#members.delete(personId);
    this.#connections.delete(entry.member.connection);
    this.#raised.delete(personId);
    const lastFragment = this.#fragments.pop()!;
    const lastOwner = this.#owners.pop()!;
    if (lastOwner !== personId) {
      this.#fragments[entry.index] = lastFragment;
      this.#owners[entry.index] = lastOwner;
      this.#members.get(lastOwner)!.index = entry.index;
    }
    return entry.member;
  }

  /** Takes everybody out. */
  clear(): void {
    this.#members.clear();
    this.#connections.clear();
    this.#raised.clear();
    this.#fragments.length = 0;
    this.#owners.length = 0;
  }

  /** The whole roster as a JSON list. */
  rosterWhole(): string {
    return `[${this.#fragments.join(',')}]`;
  }

  /** One page of the roster as a JSON list; empty beyond the end. */
  rosterPage(page: number): string {
    const from = page * ROSTER_PAGE_USERS;
    return `[${this.#fragments.slice(from, from + ROSTER_PAGE_USERS).join(',')}]`;
  }
}
