/** One WebSocket of a listener, and how far it has come: hallway, waiting, joining, seated, closing. */
import type { WebSocket } from 'ws';
import type { Who } from '../log.ts';
import type { ListenerMedia } from '../media/port.ts';
import type { Profile } from '../protocol/messages.ts';

/** The person who asked on this connection. */
export type Asker = Who & {
  readonly name: string;
  /** null: the ask brought none. */
  readonly profile: Profile | null;
  readonly media: 'none' | 'webrtc' | 'rtp';
};

export type ConnectionState =
  | { readonly at: 'hallway' }
  /** The ask is with the admission policy. `nonce`: of the ticket that it used up. */
  | { readonly at: 'asking'; readonly asker: Asker; readonly nonce: string | null }
  | { readonly at: 'waiting'; readonly asker: Asker }
  /** A seat is decided and being taken. A promotion may change which. */
  | {
      readonly at: 'joining';
      readonly asker: Asker;
      readonly nonce: string | null;
      readonly resumed: boolean;
      room: string;
      seat: number;
    }
  | {
      readonly at: 'seated';
      readonly asker: Asker;
      readonly room: string;
      readonly seat: number;
      readonly media: ListenerMedia | null;
      readonly connected: boolean;
      /** The transport that goes on until the present one carries audio. */
      readonly former?: ListenerMedia;
    }
  /** Nothing is read or sent any more; at `untilMs` the socket is cut if the other side has not closed it. */
  | { readonly at: 'closing'; readonly untilMs: number };

export type Connection = {
  readonly id: number;
  readonly socket: WebSocket;
  lastHeardMs: number;
  strikes: number;
  state: ConnectionState;
};
