/** From the text of a server's message to what a listener hears. Nothing unchecked comes past this point. */
import { serverMessageByLetter, serverMessages } from '../../../server/protocol/messages.ts';
import type { HeardMessage, ListenerEvent } from '../../listener/events.ts';

const HEARD: ReadonlySet<string> = new Set<HeardMessage>([
  'waiting',
  'seated',
  'moved',
  'ejected',
  'full',
  'error',
  'heartbeat',
]);

/** @returns null for a message of the protocol that a listener does not act on. */
export function hear(text: string): ListenerEvent | null {
  const name = serverMessageByLetter.get(text.slice(0, 1));
  if (name === undefined) return { type: 'garbage' };
  if (!HEARD.has(name)) return null;
  let head: unknown;
  try {
    head = JSON.parse(text.slice(1));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { type: 'garbage' };
  }
  const parsed = serverMessages[name].safeParse(head);
  if (!parsed.success) return { type: 'garbage' };
  return { type: 'message', name, head: parsed.data } as ListenerEvent;
}
