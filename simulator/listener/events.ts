/** What can happen to a listener; the body tells it. */
import type { MediaAnswer, ServerMessage } from '../../server/protocol/messages.ts';
import type { TimerKind } from './effects.ts';

/** The messages of the server that a listener acts on; the body skips the others. */
export type HeardMessage =
  | 'hallway'
  | 'waiting'
  | 'seated'
  | 'moved'
  | 'ejected'
  | 'full'
  | 'error'
  | 'heartbeat';

export type ListenerEvent =
  /** The person goes to the hallway, to wait there for the moment of the intended arrival. */
  | { readonly type: 'browse' }
  /** The plan's clock reached the person's intended arrival. */
  | { readonly type: 'arrive' }
  /** The connection stands. */
  | { readonly type: 'opened' }
  /** The connection was refused, or the upgrade was. */
  | { readonly type: 'refused' }
  /** The connection ended, and not by us. */
  | { readonly type: 'closed' }
  | {
      readonly [N in HeardMessage]: {
        readonly type: 'message';
        readonly name: N;
        readonly head: ServerMessage<N>;
      };
    }[HeardMessage]
  /** The server sent what is not in the protocol. */
  | { readonly type: 'garbage' }
  /** Our side of the media transport is ready; the server must know its certificate, or its address. */
  | { readonly type: 'media-answer'; readonly answer: MediaAnswer }
  /** tNs: when it happened, where that is known better than by the time of the event. */
  | { readonly type: 'ice' | 'dtls' | 'first-audio'; readonly tNs: bigint | null }
  | { readonly type: 'media-lost' }
  | { readonly type: 'timer'; readonly kind: TimerKind }
  /** The night is over for everybody who has not gone. */
  | { readonly type: 'night-end' };
