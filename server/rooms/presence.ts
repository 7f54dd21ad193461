/**
 * Who hears that somebody came or went: everybody in the room at once, or everybody once in a while with a
 * count and a bounded sample. A frame is encoded once, however many it goes to.
 */
import type { ServerLog } from '../log.ts';
import type { User } from '../protocol/messages.ts';
import { encodeFrame, FROM_SERVER } from '../protocol/wire.ts';
import type { Outgoing } from '../signalling/outgoing.ts';
import type { Member, Room } from './room.ts';

const PRESENCE_SAMPLE_USERS = 50;

export type Presence = {
  /** The member is in the room already and hears nothing of their own coming. */
  joined(room: Room, member: Member): void;
  /** The member is out of the room already. */
  left(room: Room, member: Member): void;
  /** Tells what has gathered. */
  flush(): void;
};

/** Every join and leave to everybody in the room, at once. */
export function presenceEach(outgoing: Outgoing, log: ServerLog): Presence {
  const tell = (kind: 'joined' | 'left', room: Room, member: Member): void => {
    const head = { kind, listeners: room.listeners, user: member.user };
    const frame = Buffer.from(encodeFrame(FROM_SERVER.presence, head));
    log.delivered(outgoing.broadcast(room.connections, frame, member.connection));
  };
  return {
    joined: (room, member) => tell('joined', room, member),
    left: (room, member) => tell('left', room, member),
    flush: () => {},
  };
}

type Changes = { readonly joined: User[]; readonly left: number[] };

/** A count, and at most 50 who came and 50 who went, each time that flush is called. */
export function presenceBatched(outgoing: Outgoing, log: ServerLog): Presence {
  const changed = new Map<Room, Changes>();
  const changesOf = (room: Room): Changes => {
    let changes = changed.get(room);
    if (changes === undefined) {
      changes = { joined: [], left: [] };
      changed.set(room, changes);
    }
    return changes;
  };
  return {
    joined: (room, member) => {
      const { joined } = changesOf(room);
      if (joined.length < PRESENCE_SAMPLE_USERS) joined.push(member.user);
    },
    left: (room, member) => {
      const { left } = changesOf(room);
      if (left.length < PRESENCE_SAMPLE_USERS) left.push(member.user.id);
    },
    flush: () => {
      for (const [room, changes] of changed) {
        const head = { kind: 'batch', listeners: room.listeners, ...changes };
        const frame = Buffer.from(encodeFrame(FROM_SERVER.presence, head));
        log.delivered(outgoing.broadcast(room.connections, frame, null));
      }
      changed.clear();
    },
  };
}
