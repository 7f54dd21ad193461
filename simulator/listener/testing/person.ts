/** For tests: one listener by hand; events go in at given instants, and what comes out is kept. */
import type { MediaOffer, ServerMessage } from '../../../server/protocol/messages.ts';
import type { Effect } from '../effects.ts';
import type { HeardMessage, ListenerEvent } from '../events.ts';
import { createListener, type ListenerRules, type ListenerTraits } from '../listener.ts';
import { step } from '../step.ts';

const rules: ListenerRules = {
  room: 'main',
  heartbeatMs: 10_000,
  pongTimeoutMs: 5_000,
  joinTimeoutMs: 8_000,
  mediaTimeoutMs: 10_000,
  hallwayPollMs: 2_000,
  parallelRoomsMax: 2,
  retapFirstMs: 200,
  retapThenMeanMs: 2_000,
  triesMax: 3,
  tailEndMs: 100_000,
  leavingMs: 6_000,
};
const traits: ListenerTraits = {
  personId: 42,
  name: 'Ada',
  profile: null,
  intendedMs: 1_000,
  startPatienceMs: 30_000,
  queuePatienceMs: 20_000,
  stayMs: 600_000,
  raisesHandAfterMs: Number.NaN,
  leavesSilently: false,
  returns: true,
  returnDelayMs: 0,
  joinsParallel: false,
  opensParallel: false,
};

/** Plays events against one listener and keeps what came out of each. */
export function person(over: Partial<ListenerTraits> = {}, hasMedia = false) {
  const listener = createListener({ ...traits, ...over }, rules, hasMedia ? 'webrtc' : 'none');
  const all: Effect[] = [];
  const at = (nowMs: number, event: ListenerEvent): Effect[] => {
    const effects: Effect[] = [];
    step(listener, event, nowMs, () => 0.5, effects);
    all.push(...effects);
    return effects;
  };
  const says = <N extends HeardMessage>(nowMs: number, name: N, head: ServerMessage<N>) =>
    at(nowMs, { type: 'message', name, head } as ListenerEvent);
  const rows = () =>
    all.flatMap((effect) =>
      effect.type === 'row' ? [effect.cause === null ? effect.row : `${effect.row}:${effect.cause}`] : [],
    );
  const timerOf = (effects: Effect[], kind: string) =>
    effects.find((effect) => effect.type === 'set-timer' && effect.kind === kind);
  const seatedHead = (seat: number, resumed = false, media: MediaOffer | null = null) =>
    ({
      room: 'main',
      seat,
      resumed,
      ticket: `ticket-${seat}`,
      heldForMs: 30_000,
      listeners: 1,
      rosterPages: 0,
      media,
    }) satisfies ServerMessage<'seated'>;
  /** The connection opens and the list of rooms comes at once. */
  const opens = (nowMs: number, ...parallel: [listeners: number, seats: number][]) => {
    const list = [{ room: 'main', title: 'M', kind: 'main', listeners: 9, seats: 9 } as const];
    const others = parallel.map(([listeners, seats], nth) => {
      return { room: `parallel-${nth + 1}`, title: 'P', kind: 'parallel', listeners, seats } as const;
    });
    at(nowMs, { type: 'opened' });
    return says(nowMs, 'hallway', { rooms: [...list, ...others] });
  };
  const arrive = () => {
    at(1_010, { type: 'arrive' });
    opens(1_020);
  };
  const getIn = () => {
    arrive();
    says(1_030, 'seated', seatedHead(7));
  };
  return { listener, at, says, opens, rows, timerOf, seatedHead, arrive, getIn, all };
}
