/** No ramp-up at all: everybody is there within one second. */
import type { ScenarioInput } from '../schema.ts';
import { COMMON_OBJECTIVES, common, commonSources, NO_PARALLEL_ROOMS } from './common.ts';

export const step: ScenarioInput = {
  ...common,
  id: 'step',
  title: 'The step',
  story:
    'A notification goes out to every phone at the same instant, and everybody who follows it is there within one ' +
    'second. There is no ramp-up in which a server could notice and adapt.',
  rooms: {
    main: { room: 'main', title: 'The Good Time Show', seats: 1500 },
    overflow: { seats: 1500, roomsMax: 1 },
    parallel: NO_PARALLEL_ROOMS,
  },
  phases: { rampMs: 10_000, baselineMs: 8_000, surgeMs: 5_000, tailMs: 26_000, leavingMs: 4_000 },
  moments: [
    { id: 'push', afterSurgeStartMs: 0, title: 'The notification goes out' },
    { id: 'end', afterSurgeStartMs: 31_000, title: 'The talk ends' },
  ],
  incumbents: { count: 400, model: { kind: 'even' } },
  waves: [{ id: 'push', moment: 'push', count: 2500, overMs: 1_000, model: { kind: 'even' } }],
  bodies: {
    incumbents: { signal: 0.7, webrtc: 0.3 },
    arrivals: { signal: 0.94, webrtc: 0.06 },
  },
  objectives: [...COMMON_OBJECTIVES],
  sources: {
    ...commonSources,
    'rooms.main.seats': { assumption: '1,500 seats stand for the 5,000 of C1' },
    'rooms.overflow': { facts: ['C6'], note: 'overflow rooms existed; one of the same size here' },
    'phases.surgeMs': { assumption: 'the step, and four seconds to see what it did' },
    moments: { assumption: 'one notification' },
    'incumbents.count': { assumption: 'about a quarter of the seats' },
    'waves.0': {
      facts: ['E7'],
      note: 'no ramp-up at all: a step function; 2,500 people stand for the 100,000',
    },
  },
};
