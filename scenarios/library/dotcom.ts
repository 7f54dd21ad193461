/** 4 February 2021, later that evening: the second surge comes before the first one is over. */
import type { ScenarioInput } from '../schema.ts';
import { COMMON_OBJECTIVES, common, commonSources } from './common.ts';

export const dotcom: ScenarioInput = {
  ...common,
  id: 'dotcom',
  title: 'The second surge',
  story:
    'Kim Dotcom tweets that he is in the room too, and his followers pour onto a platform that is already ' +
    'suffering. The room and its overflow are nearly full, people who were turned away keep tapping, others open ' +
    'rooms of their own: a server that only just carried the first surge shows it now.',
  rooms: {
    main: { room: 'main', title: 'The Good Time Show', seats: 1500 },
    overflow: { seats: 1500, roomsMax: 1 },
    parallel: { seats: 500, roomsMax: 20 },
  },
  phases: { rampMs: 12_000, baselineMs: 8_000, surgeMs: 32_000, tailMs: 25_000, leavingMs: 4_000 },
  moments: [
    { id: 'reveal', afterSurgeStartMs: 0, title: 'The first surge: a celebrity is there' },
    { id: 'dotcom-tweet', afterSurgeStartMs: 15_000, title: 'Dotcom invites his followers' },
    { id: 'end', afterSurgeStartMs: 57_000, title: 'The talk ends' },
  ],
  incumbents: { count: 500, model: { kind: 'even' } },
  waves: [
    {
      id: 'first',
      moment: 'reveal',
      from: 'twitter',
      count: 2500,
      overMs: 15_000,
      model: { kind: 'seismic', compression: 60 },
    },
    {
      id: 'dotcom',
      moment: 'dotcom-tweet',
      from: 'followers',
      count: 2500,
      overMs: 17_000,
      model: { kind: 'seismic', compression: 60 },
    },
  ],
  bodies: {
    incumbents: { signal: 0.7, webrtc: 0.3 },
    arrivals: { signal: 0.95, webrtc: 0.05 },
  },
  crowd: {
    ...common.crowd,
    parallel: { openShare: 0.02, joinShare: 0.15 },
    retap: { ...common.crowd.retap, triesMax: 12 },
  },
  objectives: [...COMMON_OBJECTIVES],
  sources: {
    ...commonSources,
    'rooms.main.seats': { assumption: '1,500 seats stand for the 5,000 of C1' },
    'rooms.overflow': { facts: ['C6'], note: 'overflow rooms existed; one of the same size here' },
    'rooms.parallel': {
      facts: ['B2'],
      note: 'unofficial rooms were opened; how many, and how large, is an assumption',
    },
    'phases.surgeMs': { facts: ['B3', 'B4'], note: 'two surges; their distance is an assumption' },
    moments: { facts: ['B3', 'B4', 'C11'], note: 'order known, distances assumed' },
    'incumbents.count': { assumption: 'a third of the seats' },
    'waves.0': {
      facts: ['B3', 'M1'],
      note: 'kernel as published, one second for a minute; the count fills main and overflow room',
    },
    'waves.1': {
      facts: ['B4', 'M1'],
      note: 'as above; as many again, for whom hardly a seat is left',
    },
    'crowd.parallel': {
      assumption: 'one in fifty who are told "full" opens a room, one in seven goes to one that is there',
    },
    'crowd.retap': {
      facts: ['M8', 'M9'],
      note: 'twelve tries, an assumption: who was turned away is still there when the second surge comes',
    },
  },
};
