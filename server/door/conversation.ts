/** What each message of a listener leads to, and the three strikes of those who do not speak the protocol. */
import type { ServerLog } from '../log.ts';
import type { ErrorCode } from '../protocol/messages.ts';
import { FROM_SERVER } from '../protocol/wire.ts';
import type { Hallway } from '../rooms/hallway.ts';
import type { Connection } from '../signalling/connection.ts';
import { isStrike, readMessage } from '../signalling/incoming.ts';
import type { Outgoing } from '../signalling/outgoing.ts';
import type { Door } from './door.ts';

const STRIKES_MAX = 3;

export class Conversation {
  readonly #door: Door;
  readonly #outgoing: Outgoing;
  readonly #hallway: Hallway;
  readonly #log: ServerLog;

  constructor(door: Door, outgoing: Outgoing, hallway: Hallway, log: ServerLog) {
    this.#door = door;
    this.#outgoing = outgoing;
    this.#hallway = hallway;
    this.#log = log;
  }

  /** One payload has arrived. */
  hear(connection: Connection, payload: Buffer, isBinary: boolean, nowMs: number): void {
    if (connection.state.at === 'closing') return;
    this.#log.received(payload.length);
    const message = readMessage(payload, isBinary);
    switch (message.name) {
      case null:
        this.#wrong(connection, message.code, message.message);
        break;
      case 'heartbeat':
        this.#outgoing.send(connection, FROM_SERVER.heartbeat, message.head);
        break;
      case 'hallway':
        this.#log.hallwayRead();
        this.#outgoing.sendFrame(connection, Buffer.from(FROM_SERVER.hallway + this.#hallway.read(nowMs)));
        break;
      case 'ask':
        this.#door.ask(connection, message.head);
        break;
      case 'open':
        this.#door.open(connection, message.head);
        break;
      case 'connect':
        this.#door.connect(connection, message.head);
        break;
      case 'roster':
        this.#door.audience.roster(connection, message.head);
        break;
      case 'profile':
        this.#door.audience.profile(connection, message.head);
        break;
      case 'hand':
        this.#door.audience.hand(connection, message.head);
        break;
      case 'bye':
        this.#door.bye(connection);
        break;
    }
  }

  /** The WebSocket layer itself refused what came: too large, or not a WebSocket frame. */
  unreadable(connection: Connection): void {
    if (connection.state.at === 'closing') return;
    this.#strike(connection, 'bad-frame');
    this.#door.lose(connection, 'protocol-error');
  }

  #wrong(connection: Connection, code: ErrorCode, message: string): void {
    this.#door.error(connection, code, message);
    if (!isStrike(code)) return;
    this.#strike(connection, code);
    if (connection.strikes < STRIKES_MAX) return;
    this.#door.error(connection, 'three-strikes', `${STRIKES_MAX} messages were unknown or malformed`);
    this.#door.lose(connection, 'protocol-error');
  }

  #strike(connection: Connection, code: ErrorCode): void {
    connection.strikes += 1;
    const { state } = connection;
    this.#log.row('strike', 'asker' in state ? state.asker : null, { cause: code });
  }
}
