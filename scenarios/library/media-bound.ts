/** Media as the scarce thing: every listener costs the media worker, and hardly anything else. */
import type { ScenarioInput } from '../schema.ts';
import { common, commonSources, NO_PARALLEL_ROOMS, OBJECTIVES } from './common.ts';

export const mediaBound: ScenarioInput = {
  ...common,
  id: 'media-bound',
  title: 'The media worker',
  story:
    'Every listener really receives the host, fifty packets a second, from one media worker that carries only so ' +
    'many. Twice as many want in: whoever lets them all in takes the voice from those who were there before.',
  rooms: {
    main: { room: 'main', title: 'The Good Time Show', seats: 750 },
    overflow: { seats: 750, roomsMax: 0 },
    parallel: NO_PARALLEL_ROOMS,
  },
  phases: { rampMs: 10_000, baselineMs: 5_000, surgeMs: 15_000, tailMs: 10_000, leavingMs: 3_000 },
  moments: [
    { id: 'reveal', afterSurgeStartMs: 0, title: 'A celebrity walks in' },
    { id: 'end', afterSurgeStartMs: 25_000, title: 'The talk ends' },
  ],
  incumbents: { count: 600, model: { kind: 'even' } },
  waves: [{ id: 'crowd', moment: 'reveal', count: 2400, overMs: 15_000, model: { kind: 'even' } }],
  bodies: { incumbents: { rtp: 1 }, arrivals: { rtp: 1 } },
  server: { ...common.server, frameMs: 20 },
  objectives: [
    OBJECTIVES.ejections,
    OBJECTIVES.incumbentsLoss,
    OBJECTIVES.incumbentsGap,
    OBJECTIVES.incumbentsLate,
  ],
  sources: {
    ...commonSources,
    'rooms.main.seats': {
      assumption: 'what a planner would set who knows the worker: about two thirds of what it carries here',
    },
    'rooms.overflow': { assumption: 'none: a relayed room would load the same worker' },
    'phases.surgeMs': { assumption: 'long enough to fill the worker, short enough to be played often' },
    moments: { assumption: 'one celebrity' },
    'incumbents.count': { assumption: 'under half of what the worker carries, so that they are safe before' },
    'waves.0': { assumption: 'with the incumbents twice what the worker carries, evenly' },
    bodies: { assumption: 'everybody receives media; its packets are counted and not decrypted' },
    'server.frameMs': { facts: ['C17', 'E3'], note: '20 ms: 50 packets a second; Discord had 46 a listener' },
    objectives: {
      assumption: 'those inside keep their seat and hear the host; nothing is said of the others',
    },
  },
};
