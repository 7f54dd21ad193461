/** What the live page is told of a room that is served without a night: who is in it by the server's ledger, and its CPU. */
import { LIVE_STATES, type LiveState, PHASES, type Phase } from '../../simulator/listener/tally.ts';
import type { NightFrame, SecondFrame } from './frames.ts';
import { type ToldRoom, withSeats } from './night-story.ts';

export type RoomToTell = {
  readonly name: string;
  readonly title: string;
  readonly mainSeats: number;
  readonly overflowSeats: number;
};

/** A second of it. */
export type RoomSecond = {
  /** Since it opened. */
  readonly atMs: number;
  /** Null: the server has not told yet. */
  readonly rooms: { readonly rooms: readonly ToldRoom[]; readonly queue: number } | null;
  /** Shares of one core; null where there is no /proc. */
  readonly cpu: { readonly server: number; readonly worker: number } | null;
};

export function roomBegins({ name, title, mainSeats, overflowSeats }: RoomToTell): NightFrame {
  return {
    type: 'night',
    nth: 0,
    ...{ name, title, people: 0, seed: 0, scale: 1, timeScale: 1 },
    ...{ surgeStartMs: null, surgeEndMs: null, nightEndMs: null, moments: [] },
    ...{ mainSeats, overflowSeats, objectives: [] },
  };
}

export function roomSecond({ mainSeats }: RoomToTell, { atMs, rooms, cpu }: RoomSecond): SecondFrame {
  const takenIn = (kind: ToldRoom['kind']) =>
    (rooms?.rooms ?? []).reduce((sum, room) => sum + (room.kind === kind ? room.taken : 0), 0);
  const crowd = Object.fromEntries(LIVE_STATES.map((state) => [state, 0])) as Record<LiveState, number>;
  crowd.in = takenIn('main');
  crowd.overflow = takenIn('overflow');
  crowd.queueing = rooms?.queue ?? 0;
  return {
    type: 'second',
    nth: 0,
    nightMs: Math.round(atMs),
    crowd,
    arrived: crowd.in + crowd.overflow + crowd.queueing,
    joins: 0,
    losses: 0,
    lossesByCause: {},
    phaseMs: Object.fromEntries(PHASES.map((phase) => [phase, null])) as Record<Phase, null>,
    rooms: rooms === null ? null : rooms.rooms.map((room) => withSeats(room, mainSeats)),
    cpu: cpu === null ? null : { ...cpu, swarm: 0, swarmCoreBusy: 0, foreign: 0 },
    probeMs: null,
    lateShare: 0,
    objectives: {},
  };
}
