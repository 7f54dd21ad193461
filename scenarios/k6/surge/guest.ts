/** One person of a virtual user: the very listener of every other body, and hands made of a k6 WebSocket and timers. */
import { WebSocket } from 'k6/websockets';
import { FROM_SERVER } from '../../../server/protocol/wire.ts';
import type { NightHead, NightPerson } from '../../../simulator/bodies/k6/night-lines.ts';
import { type Hands, type RowEffect, tell } from '../../../simulator/listener/carry-out.ts';
import type { TimerKind } from '../../../simulator/listener/effects.ts';
import type { ListenerEvent } from '../../../simulator/listener/events.ts';
import { createListener, type Listener } from '../../../simulator/listener/listener.ts';
import { sequence } from '../../../simulator/plan/draws.ts';
import { Figures } from './figures.ts';
import { hear } from './hear.ts';
import { writeRow } from './rows.ts';

/** What the people of a virtual user share. */
export type GuestSide = {
  nowMs(): number;
  nextConnection(): number;
  /** Keeps a connection that fell silent, until the night's end. */
  keepSilent(socket: WebSocket): void;
  onRow(guest: Guest, row: RowEffect): void;
  onTrouble(code: string): void;
  readonly traffic: { messagesIn: number; messagesOut: number };
};

/** The generator's own failures, by how Go words them: they say nothing of the server. */
const TROUBLES = [
  ['too many open files', 'EMFILE'],
  ['cannot assign requested address', 'EADDRNOTAVAIL'],
  ['no buffer space available', 'ENOBUFS'],
  ['cannot allocate memory', 'ENOMEM'],
] as const;

export class Guest implements Hands {
  readonly listener: Listener;
  readonly figures: Figures;
  readonly #target: string;
  readonly #draw: () => number;
  readonly #side: GuestSide;
  readonly #timers = new Map<TimerKind, ReturnType<typeof setTimeout>>();
  #socket: WebSocket | null = null;
  #connectionId: number | null = null;

  constructor(person: NightPerson, head: NightHead, side: GuestSide) {
    this.listener = createListener(person, head.rules, 'none');
    this.figures = new Figures(person, head.surgeStartMs);
    this.#target = head.target;
    this.#draw = sequence(person.seed);
    this.#side = side;
  }

  tell(event: ListenerEvent): void {
    tell(this.listener, event, this);
  }

  nowMs(): number {
    return this.#side.nowMs();
  }

  draw(): number {
    return this.#draw();
  }

  dial(): void {
    this.#connectionId = this.#side.nextConnection();
    const socket = new WebSocket(this.#target);
    this.#socket = socket;
    let stood = false;
    socket.onopen = () => {
      stood = true;
      if (this.#socket === socket) this.tell({ type: 'opened' });
      // Given up meanwhile. A k6 socket that is closed while it connects would hold up everybody else.
      else socket.close();
    };
    socket.onmessage = (event) => this.#hear(socket, (event as { data: unknown }).data);
    socket.onerror = (event) => this.#noteTrouble(String((event as unknown as { error: string }).error));
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.tell({ type: stood ? 'closed' : 'refused' });
    };
  }

  send(frame: string): void {
    if (this.#socket?.readyState !== OPEN) return;
    this.#side.traffic.messagesOut++;
    this.#socket.send(frame);
  }

  /** k6 has no way to drop a socket: both ways end with a closing handshake, and nothing of it is heard any more. */
  close(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (socket?.readyState === OPEN) socket.close();
  }

  setTimer(kind: TimerKind, inMs: number): void {
    this.clearTimer(kind);
    const id = setTimeout(() => {
      this.#timers.delete(kind);
      this.tell({ type: 'timer', kind });
    }, inMs);
    this.#timers.set(kind, id);
  }

  clearTimer(kind: TimerKind): void {
    const id = this.#timers.get(kind);
    if (id === undefined) return;
    clearTimeout(id);
    this.#timers.delete(kind);
  }

  /** No listener of k6 asks for media. */
  connectMedia(): void {}

  closeMedia(): void {}

  silence(): void {
    if (this.#socket === null) return;
    this.#side.keepSilent(this.#socket);
    this.#socket = null;
  }

  row(row: RowEffect): void {
    const { personId } = this.listener.traits;
    writeRow(row.row, personId, row.attempt, this.#connectionId, row.room, row.cause, row.value);
    this.figures.note(row, this.nowMs());
    this.#side.onRow(this, row);
  }

  gone(): void {
    for (const id of this.#timers.values()) clearTimeout(id);
    this.#timers.clear();
  }

  #hear(socket: WebSocket, data: unknown): void {
    this.#side.traffic.messagesIn++;
    if (typeof data === 'string' && data.charAt(0) === FROM_SERVER.presence) return;
    if (this.#socket !== socket) return;
    const event = typeof data === 'string' ? hear(data) : ({ type: 'garbage' } as const);
    if (event !== null) this.tell(event);
  }

  #noteTrouble(error: string): void {
    const known = TROUBLES.find(([words]) => error.includes(words));
    if (known !== undefined) this.#side.onTrouble(known[1]);
  }
}

/** The readyState of a WebSocket that stands; k6 exports no names for them. */
const OPEN = 1;
