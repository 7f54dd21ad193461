/**
 * The audience as far as this page knows it: the pages that were asked for, kept up by presence. A count and a
 * bounded sample cannot keep a large list true, so the number of listeners is the truth and the list a courtesy.
 */
import type { ServerMessage, User } from '../protocol/messages.ts';

/** A larger audience is counted and not listed: nobody reads further. */
export const AUDIENCE_LISTED_MAX = 2_000;

type Audience = {
  readonly listeners: number;
  readonly audience: readonly User[];
  readonly nextPage: number | null;
};

/** Who left goes; who came is added where the list is whole, and else comes with its page. */
export function withChanges<A extends Audience>(seat: A, change: ServerMessage<'presence'>): A {
  const { listeners } = change;
  switch (change.kind) {
    case 'joined':
      return { ...seat, listeners, audience: added(seat, [change.user]) };
    case 'left':
      return { ...seat, listeners, audience: without(seat.audience, [change.user.id]) };
    case 'batch': {
      const audience = without(seat.audience, change.left);
      return { ...seat, listeners, audience: added({ ...seat, audience }, change.joined) };
    }
  }
}

/** One page more; people who moved between pages meanwhile stand in the list once. */
export function withPage<A extends Audience>(
  seat: A,
  { page, pages }: ServerMessage<'roster'>,
  users: readonly User[],
): A {
  const all = { ...seat, nextPage: null };
  const isLast = page + 1 >= pages || seat.audience.length + users.length >= AUDIENCE_LISTED_MAX;
  return { ...seat, audience: added(all, users), nextPage: isLast ? null : page + 1 };
}

function added({ audience, nextPage }: Audience, users: readonly User[]): readonly User[] {
  if (nextPage !== null || users.length === 0) return audience;
  const known = new Set(audience.map(({ id }) => id));
  return [...audience, ...users.filter(({ id }) => !known.has(id))].slice(0, AUDIENCE_LISTED_MAX);
}

function without(audience: readonly User[], ids: readonly number[]): readonly User[] {
  if (!audience.some(({ id }) => ids.includes(id))) return audience;
  return audience.filter(({ id }) => !ids.includes(id));
}
