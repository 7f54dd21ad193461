/** 4 February 2021: a surprise guest, word of mouth, the tweet of another celebrity into the same evening. */
import type { ScenarioInput } from '../schema.ts';
import { COMMON_OBJECTIVES, common, commonSources } from './common.ts';

export const zuckerberg: ScenarioInput = {
  ...common,
  id: 'zuckerberg',
  title: 'The Zuckerberg room',
  story:
    'A talk is under way when Mark Zuckerberg joins unannounced. The word spreads inside the network, then on ' +
    'Twitter; later Kim Dotcom announces on Twitter that he is there too, and his followers come. The room ' +
    'fills to its cap, people open rooms of their own to talk about it, servers are strained, people are thrown ' +
    'out and cannot come back.',
  rooms: {
    main: { room: 'main', title: 'The Good Time Show', seats: 2000 },
    overflow: { seats: 2000, roomsMax: 1 },
    parallel: { seats: 500, roomsMax: 20 },
  },
  phases: { rampMs: 20_000, baselineMs: 15_000, surgeMs: 30_000, tailMs: 35_000, leavingMs: 6_000 },
  moments: [
    { id: 'reveal', afterSurgeStartMs: 0, title: 'Zuckerberg walks in' },
    { id: 'twitter', afterSurgeStartMs: 0, title: 'Word reaches Twitter' },
    { id: 'dotcom-tweet', afterSurgeStartMs: 12_000, title: 'Dotcom invites his followers' },
    { id: 'end', afterSurgeStartMs: 65_000, title: 'The talk ends' },
  ],
  incumbents: { count: 600, model: { kind: 'even' } },
  waves: [
    {
      id: 'inside',
      moment: 'reveal',
      count: 1300,
      overMs: 30_000,
      model: { kind: 'bass', innovatorsPerSecond: 0.15, imitatorsPerSecond: 0.6 },
    },
    {
      id: 'twitter',
      moment: 'twitter',
      from: 'twitter',
      count: 1700,
      overMs: 30_000,
      model: { kind: 'seismic', compression: 60 },
    },
    {
      id: 'dotcom',
      moment: 'dotcom-tweet',
      from: 'followers',
      count: 1000,
      overMs: 18_000,
      model: { kind: 'seismic', compression: 60 },
    },
  ],
  bodies: {
    incumbents: { signal: 2 / 3, webrtc: 1 / 3 },
    arrivals: { signal: 1 - 0.078, webrtc: 0.078 },
  },
  crowd: { ...common.crowd, parallel: { openShare: 0.02, joinShare: 0.15 } },
  objectives: [...COMMON_OBJECTIVES],
  sources: {
    ...commonSources,
    'rooms.main.seats': {
      assumption: '2,000 seats stand for the 5,000 of C1, so that the night fits two cores',
    },
    'rooms.overflow': { facts: ['C6'], note: 'overflow rooms existed; one of the same size here' },
    'rooms.parallel': {
      facts: ['B2'],
      note: 'unofficial rooms were opened; how many, and how large, is an assumption',
    },
    'phases.surgeMs': { facts: ['C4', 'C2'], note: 'full within minutes; compressed to half a minute' },
    moments: { facts: ['B1', 'B2', 'B3', 'B4', 'C9', 'C11'], note: 'order known, distances assumed' },
    'incumbents.count': { assumption: '30 % of the cap: a well visited show before its guest' },
    'waves.0': { facts: ['B1', 'M3'], note: 'shape only; the rates are assumptions' },
    'waves.1': {
      facts: ['B3', 'M1'],
      note: 'kernel as published, one second for a minute; the count is an assumption',
    },
    'waves.2': { facts: ['B4', 'C11', 'M1'], note: 'as above' },
    'crowd.parallel': {
      assumption: 'one in fifty who are told "full" opens a room, one in seven goes to one that is there',
    },
  },
};
