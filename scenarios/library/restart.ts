/** A host restarts the room because nothing else helps: everybody out, and who comes back? */
import type { ScenarioInput } from '../schema.ts';
import { common, commonSources, NO_PARALLEL_ROOMS, OBJECTIVES } from './common.ts';

export const restart: ScenarioInput = {
  ...common,
  id: 'restart',
  title: 'The restart',
  story:
    'A host restarts a strained room: everybody is out in the same second. As on the Space of May 2023, not quite a ' +
    'quarter are back early and as many again take their time; the others are gone, while newcomers keep arriving ' +
    'and the seats of those who do not return are held for nobody.',
  rooms: {
    main: { room: 'main', title: 'The Good Time Show', seats: 1000 },
    overflow: { seats: 1000, roomsMax: 1 },
    parallel: NO_PARALLEL_ROOMS,
  },
  phases: { rampMs: 12_000, baselineMs: 8_000, surgeMs: 20_000, tailMs: 26_000, leavingMs: 4_000 },
  moments: [
    { id: 'arrivals', afterSurgeStartMs: 0, title: 'More people arrive than find room' },
    { id: 'restart', afterSurgeStartMs: 5_000, title: 'The host restarts the room', action: 'restart-room' },
    { id: 'end', afterSurgeStartMs: 46_000, title: 'The talk ends' },
  ],
  incumbents: { count: 900, model: { kind: 'even' }, speakers: 8 },
  waves: [{ id: 'evening', moment: 'arrivals', count: 800, overMs: 20_000, model: { kind: 'even' } }],
  bodies: {
    incumbents: { signal: 0.8, webrtc: 0.2 },
    arrivals: { signal: 0.85, webrtc: 0.15 },
  },
  crowd: { ...common.crowd, returnShare: 0.45, returnLate: { share: 0.49, meanMs: 6_000 } },
  objectives: [OBJECTIVES.stranded, OBJECTIVES.answered, OBJECTIVES.seatsFilled],
  sources: {
    ...commonSources,
    'rooms.main.seats': { assumption: '1,000 seats stand for the 5,000 of C1' },
    'rooms.overflow': { facts: ['C6'], note: 'overflow rooms existed; one of the same size here' },
    'phases.surgeMs': { assumption: 'a strained evening, the restart in its first third' },
    moments: { facts: ['C10', 'E1'], note: 'hosts restarted rooms; distances assumed' },
    'incumbents.count': { assumption: 'nearly full' },
    'incumbents.speakers': { assumption: 'a stage of eight, who have to come back too' },
    'waves.0': { assumption: 'forty people a second: the room was strained before it was restarted' },
    'crowd.returnShare': { facts: ['E1', 'M8'], note: '45-50 % were back in the end' },
    'crowd.returnLate': {
      facts: ['E1'],
      note: '23 % early, 22 % later; how late is an assumption: six seconds for ten minutes',
    },
    objectives: { assumption: 'the restart itself is the night: what is promised is the way back' },
  },
};
