/** 8 February 2021: full rooms are dropped in the middle of their talks, and everybody is back at once. */
import type { ScenarioInput } from '../schema.ts';
import { common, commonSources, OBJECTIVES } from './common.ts';

export const eviction: ScenarioInput = {
  ...common,
  id: 'eviction',
  title: 'The eviction',
  story:
    'Several full rooms are dropped at once in the middle of a talk, as on the night when Clubhouse was blocked in ' +
    'China. Everybody who sat there comes back in the same second, the curious come on top, and thousands flood ' +
    'rooms that have just been made.',
  rooms: {
    main: { room: 'main', title: 'A talk across the strait', seats: 600 },
    overflow: { seats: 600, roomsMax: 4 },
    parallel: { seats: 500, roomsMax: 20 },
  },
  phases: { rampMs: 16_000, baselineMs: 8_000, surgeMs: 15_000, tailMs: 26_000, leavingMs: 4_000 },
  moments: [
    { id: 'drop', afterSurgeStartMs: 0, title: 'All rooms are dropped', action: 'drop-rooms' },
    { id: 'news', afterSurgeStartMs: 1_000, title: 'Word of it gets out' },
    { id: 'end', afterSurgeStartMs: 41_000, title: 'The talk ends' },
  ],
  incumbents: { count: 1800, model: { kind: 'even' }, speakers: 8 },
  waves: [
    {
      id: 'curious',
      moment: 'news',
      count: 2000,
      overMs: 14_000,
      model: { kind: 'seismic', compression: 60 },
    },
  ],
  bodies: {
    incumbents: { signal: 0.88, webrtc: 0.12 },
    arrivals: { signal: 0.95, webrtc: 0.05 },
  },
  crowd: { ...common.crowd, parallel: { openShare: 0.02, joinShare: 0.3 } },
  objectives: [
    OBJECTIVES.stranded,
    OBJECTIVES.answered,
    {
      id: 'back-soon',
      title: 'Whoever was thrown out and comes back is in again soon: p90',
      measure: 'ejections.returnMs.p90',
      op: '<=',
      limit: 10_000,
      unit: 'ms',
    },
    OBJECTIVES.seatsFilled,
  ],
  sources: {
    ...commonSources,
    'rooms.main.seats': {
      assumption: '600 seats stand for the 5,000 of C12: several full rooms fit two cores',
    },
    'rooms.overflow': { facts: ['C12', 'C6'], note: 'several full rooms; three of them are full here' },
    'rooms.parallel': {
      facts: ['C12'],
      note: 'newly made rooms were flooded; how many, and how large, is an assumption',
    },
    'phases.surgeMs': { assumption: 'the news of a drop spreads within a quarter of a minute' },
    moments: { facts: ['C12'], note: 'dropped mid-talk; distances assumed' },
    'incumbents.count': { facts: ['C12'], note: 'several rooms at their cap: three of 600' },
    'incumbents.speakers': { assumption: 'a stage of eight, who have to come back too' },
    'waves.0': {
      facts: ['C12', 'M1'],
      note: 'thousands; kernel as published, one second for a minute; the count is an assumption',
    },
    'crowd.parallel': {
      facts: ['C12'],
      note: 'new rooms were flooded; the shares (twice the Zuckerberg room) are assumptions',
    },
    objectives: { assumption: 'the drop itself is the night: what is promised is the way back' },
  },
};
