/** What the client and the night give every listener alike, taken from a night at its size. */
import { nightTimes, type Scenario } from '../../scenarios/schema.ts';
import type { ListenerRules } from '../listener/listener.ts';

export function rulesOf(scenario: Scenario): ListenerRules {
  const { client, crowd, phases, rooms } = scenario;
  return {
    room: rooms.main.room,
    ...client,
    parallelRoomsMax: rooms.parallel.roomsMax,
    retapFirstMs: crowd.retap.firstMs,
    retapThenMeanMs: crowd.retap.thenMeanMs,
    triesMax: crowd.retap.triesMax,
    tailEndMs: nightTimes(scenario).tailEndMs,
    leavingMs: phases.leavingMs,
  };
}
