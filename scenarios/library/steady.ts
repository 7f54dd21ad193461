/** The control: a calm evening that any server must carry. Nothing may be reported of it. */
import type { ScenarioInput } from '../schema.ts';
import { COMMON_OBJECTIVES, common, commonSources, NO_PARALLEL_ROOMS } from './common.ts';

export const steady: ScenarioInput = {
  ...common,
  id: 'steady',
  title: 'A steady evening',
  story: 'Nobody famous comes: a few people arrive, evenly, and there is room for all of them.',
  rooms: {
    main: { room: 'main', title: 'The Good Time Show', seats: 2000 },
    overflow: { seats: 2000, roomsMax: 1 },
    parallel: NO_PARALLEL_ROOMS,
  },
  phases: { rampMs: 5_000, baselineMs: 5_000, surgeMs: 10_000, tailMs: 8_000, leavingMs: 4_000 },
  moments: [
    { id: 'doors', afterSurgeStartMs: 0, title: 'More people arrive, evenly' },
    { id: 'end', afterSurgeStartMs: 18_000, title: 'The talk ends' },
  ],
  incumbents: { count: 100, model: { kind: 'even' } },
  waves: [{ id: 'evening', moment: 'doors', count: 100, overMs: 10_000, model: { kind: 'even' } }],
  bodies: { incumbents: { signal: 0.8, webrtc: 0.2 }, arrivals: { signal: 0.8, webrtc: 0.2 } },
  objectives: [...COMMON_OBJECTIVES],
  sources: {
    ...commonSources,
    'rooms.main.seats': { assumption: 'as in the Zuckerberg room: ten times what is needed' },
    'rooms.overflow': { assumption: 'as in the Zuckerberg room; nobody needs it' },
    'phases.surgeMs': { assumption: 'short: a control that is run often' },
    moments: { assumption: 'no moment at all, but a window to compare' },
    'incumbents.count': { assumption: 'a twentieth of the seats' },
    'waves.0': { assumption: 'ten people a second' },
  },
};
