/** From the text of a server's message to what a listener hears. Nothing unchecked comes past this point. */
import { serverMessageByLetter, serverMessages } from '../../../server/protocol/messages.ts';
import { FROM_SERVER } from '../../../server/protocol/wire.ts';
import type { HeardMessage, ListenerEvent } from '../../listener/events.ts';

const HEARD: ReadonlySet<string> = new Set<HeardMessage>([
  'hallway',
  'waiting',
  'seated',
  'moved',
  'ejected',
  'full',
  'error',
  'heartbeat',
]);

/**
 * The last list of rooms. Everybody gets it on every dial, mostly the same, and it is long: in a surge it is
 * checked once for thousands of them.
 */
let lastHallway: { readonly text: string; readonly event: ListenerEvent } = {
  text: '',
  event: { type: 'garbage' },
};

/** @returns null for a message of the protocol that a listener does not act on. */
export function hear(text: string): ListenerEvent | null {
  const letter = text.slice(0, 1);
  const name = serverMessageByLetter.get(letter);
  if (name === undefined) return { type: 'garbage' };
  if (!HEARD.has(name)) return null;
  if (letter !== FROM_SERVER.hallway) return read(name as HeardMessage, text);
  if (lastHallway.text !== text) lastHallway = { text, event: read('hallway', text) };
  return lastHallway.event;
}

function read(name: HeardMessage, text: string): ListenerEvent {
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
