/** From a payload to a checked message, or to the code of what is wrong with it. */
import { isUtf8 } from 'node:buffer';
import {
  type ErrorCode,
  type ListenerMessage,
  type ListenerMessageName,
  listenerMessageByLetter,
  listenerMessages,
} from '../protocol/messages.ts';
import { PROTOCOL_VERSION, splitFrame } from '../protocol/wire.ts';

export type Incoming =
  | {
      readonly [N in ListenerMessageName]: { readonly name: N; readonly head: ListenerMessage<N> };
    }[ListenerMessageName]
  | { readonly name: null; readonly code: ErrorCode; readonly message: string };

/** Takes a payload apart and checks it. Never throws. */
export function readMessage(payload: Buffer, isBinary: boolean): Incoming {
  if (isBinary || payload.length === 0 || !isUtf8(payload))
    return wrong('bad-frame', 'expected a text frame in UTF-8 that begins with a letter');
  const frame = splitFrame(payload.toString());
  const name = listenerMessageByLetter.get(frame.letter as never);
  if (name === undefined)
    return wrong('unknown-type', `no message begins with ${JSON.stringify(frame.letter)}`);
  const head = parseObject(frame.head);
  if (head === null) return wrong('bad-json', 'expected a JSON object after the letter');
  if (frame.bulk !== null) return wrong('bad-message', `${name} has no second line`);
  if (
    (name === 'ask' || name === 'open') &&
    'v' in head &&
    Number.isInteger(head.v) &&
    head.v !== PROTOCOL_VERSION
  )
    return wrong('unsupported-version', `this server speaks version ${PROTOCOL_VERSION}, not ${head.v}`);
  const parsed = listenerMessages[name].safeParse(head);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return wrong(
      'bad-message',
      `${name}: ${issue?.path.join('.') || 'head'}: ${issue?.message}`.slice(0, 200),
    );
  }
  return { name, head: parsed.data } as Incoming;
}

/** Codes that count as a strike: whoever sends these does not speak the protocol. */
export function isStrike(code: ErrorCode): boolean {
  return code === 'bad-frame' || code === 'bad-json' || code === 'unknown-type' || code === 'bad-message';
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function wrong(code: ErrorCode, message: string): Incoming {
  return { name: null, code, message };
}
