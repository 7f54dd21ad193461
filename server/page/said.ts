/** What the server said, checked: from the text of a frame to a typed message. */
import { z } from 'zod';
import {
  type ServerMessage,
  type ServerMessageName,
  serverMessageByLetter,
  serverMessages,
  type User,
  user,
} from '../protocol/messages.ts';
import { splitFrame } from '../protocol/wire.ts';

/** A message and, where it has one, its list of users; `users` is empty for all others. */
export type Said = {
  readonly [N in ServerMessageName]: {
    readonly name: N;
    readonly head: ServerMessage<N>;
    readonly users: readonly User[];
  };
}[ServerMessageName];

const userList = z.array(user);

/** Null when it is no message of this version: the page goes on without it. */
export function readSaid(text: string): Said | null {
  const frame = splitFrame(text);
  const name = serverMessageByLetter.get(frame.letter as never);
  if (name === undefined) return null;
  const head = serverMessages[name].safeParse(parse(frame.head));
  const users = userList.safeParse(frame.bulk === null ? [] : parse(frame.bulk));
  if (!head.success || !users.success) return null;
  return { name, head: head.data, users: users.data } as Said;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
