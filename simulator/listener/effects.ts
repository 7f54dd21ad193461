/** What a listener wants done; the body does it, in order. */
import type { RowType } from '../../events/row.ts';
import type { MediaOffer } from '../../server/protocol/messages.ts';
import type { ListenerLetter } from '../../server/protocol/wire.ts';

export const TIMER_KINDS = [
  'start-patience',
  'queue-patience',
  'join',
  'heartbeat',
  'pong',
  'media',
  'retap',
  'stay',
  'end',
  'poll',
  'hand',
] as const;
export type TimerKind = (typeof TIMER_KINDS)[number];

/** Why a try ended without a seat. */
export type FailureCause =
  | 'join-timeout'
  | 'impatient'
  | 'connection-refused'
  | 'connection-lost'
  | 'full'
  | 'protocol-error'
  /** The page of a real browser failed, and with it whoever lived in it; `page-…` is no doing of the server's. */
  | 'page-load'
  | 'page-crash'
  | 'page-hang';

/** Why a person stopped trying. */
export type GaveUpCause = 'queue-patience' | 'refused' | 'tries' | 'no-return' | 'parallel' | 'page';

/** The rows of the event log that a listener's own story consists of. */
export type ListenerRow = Extract<
  RowType,
  | 'arrive'
  | 'dial'
  | 'opened'
  | 'browsed'
  | 'asked'
  | 'waiting'
  | 'full'
  | 'seated'
  | 'ice'
  | 'dtls'
  | 'first-audio'
  | 'in'
  | 'moved'
  | 'hand'
  | 'ejected'
  | 'failed'
  | 'gave-up'
  | 'parallel'
  | 'parallel-lost'
  | 'left'
  | 'at-end'
>;

export type Effect =
  | { readonly type: 'dial' }
  | { readonly type: 'send'; readonly letter: ListenerLetter; readonly head: object }
  /** graceful: with a closing handshake; abrupt: the socket is dropped. No event of it may follow. */
  | { readonly type: 'close'; readonly how: 'graceful' | 'abrupt' }
  /** A timer that runs is set anew. */
  | { readonly type: 'set-timer'; readonly kind: TimerKind; readonly inMs: number }
  | { readonly type: 'clear-timer'; readonly kind: TimerKind }
  /** Replaces the media of an earlier offer, if there is one. */
  | { readonly type: 'connect-media'; readonly offer: MediaOffer }
  | { readonly type: 'close-media' }
  /** Socket and media stay as they are and nothing is ever answered again. */
  | { readonly type: 'silence' }
  | {
      readonly type: 'row';
      readonly row: ListenerRow;
      readonly attempt: number | null;
      readonly room: string | null;
      readonly cause: string | null;
      readonly value: number | null;
      readonly tNs: bigint | null;
    }
  /** The person is done; every timer is to be forgotten. */
  | { readonly type: 'gone' };
