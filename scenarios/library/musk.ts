/** 31 January 2021: an announced guest, a crowd that waits for the doors, and ten times as many people as seats. */
import type { ScenarioInput } from '../schema.ts';
import { COMMON_OBJECTIVES, common, commonSources, NO_PARALLEL_ROOMS, OBJECTIVES } from './common.ts';

export const musk: ScenarioInput = {
  ...common,
  id: 'musk',
  title: 'The Musk room',
  story:
    'Ten times as many people as the room has seats want to hear an announced guest, and a third of them wait in ' +
    'the hallway before the doors open. The main room is full within seconds; overflow rooms of the same size open ' +
    'one after the other and carry the voice; as people leave, those who came first move back to the main room.',
  rooms: {
    main: { room: 'main', title: 'The Good Time Show: Elon Musk', seats: 600 },
    overflow: { seats: 600, roomsMax: 8 },
    parallel: NO_PARALLEL_ROOMS,
  },
  phases: { rampMs: 4_000, baselineMs: 12_000, surgeMs: 20_000, tailMs: 30_000, leavingMs: 4_000 },
  moments: [
    { id: 'doors', afterSurgeStartMs: 0, title: 'The doors open' },
    { id: 'tweet', afterSurgeStartMs: 0, title: 'He tweets that he is on' },
    { id: 'end', afterSurgeStartMs: 50_000, title: 'The talk ends' },
  ],
  incumbents: { count: 60, model: { kind: 'even' } },
  waves: [
    {
      id: 'waiting',
      moment: 'doors',
      count: 2000,
      overMs: 2_000,
      model: { kind: 'even' },
      hallwayMs: 8_000,
    },
    {
      id: 'twitter',
      moment: 'tweet',
      from: 'twitter',
      count: 4000,
      overMs: 20_000,
      model: { kind: 'seismic', compression: 60 },
    },
  ],
  bodies: { incumbents: { signal: 0.5, webrtc: 0.5 }, arrivals: { signal: 0.89, webrtc: 0.11 } },
  crowd: { ...common.crowd, stayMeanMs: 15_000, silentLeaverShare: 0.3 },
  server: { ...common.server, seatHoldMs: 10_000, pacing: { seatsPerSecond: 300, burst: 100 } },
  objectives: [
    ...COMMON_OBJECTIVES,
    OBJECTIVES.relayLag,
    OBJECTIVES.promotionGap,
    OBJECTIVES.overAdmitted,
    OBJECTIVES.leakedSeats,
  ],
  sources: {
    ...commonSources,
    'rooms.main.seats': {
      assumption: '600 seats stand for the 5,000 of C1, so that ten times as many people fit two cores',
    },
    'rooms.overflow': {
      facts: ['C6', 'C8'],
      note: 'an overflow room filled, then another; ten full rooms were seen: nine here with the main one',
    },
    'phases.baselineMs': {
      assumption: 'long enough to know a quiet room, the first seconds before anybody waits in the hallway',
    },
    'phases.surgeMs': { facts: ['C4'], note: 'full 3 to 5 minutes before the start; compressed to seconds' },
    moments: { facts: ['C3', 'C4'], note: 'announced on Twitter; distances assumed' },
    'incumbents.count': { assumption: "a tenth of the seats: the hosts' friends" },
    'waves.0': {
      facts: ['C5', 'C8'],
      note: 'people waited hours ahead; a third of a demand of ten times the cap, and all at the doors at once, are assumptions',
    },
    'waves.1': {
      facts: ['C3', 'C8', 'M1'],
      note: 'kernel as published, one second for a minute; with the first wave ten times the cap',
    },
    'crowd.stayMeanMs': {
      assumption: 'a quarter of a minute: the main room must empty for anybody to be moved back to it',
    },
    'crowd.silentLeaverShare': {
      facts: ['M6'],
      note: 'the low end: more of them would fill the room with ghosts',
    },
    'server.seatHoldMs': {
      assumption: 'long enough for a few tries; the seats of silent leavers come free within the night',
    },
    'server.pacing': { assumption: 'twice the common pace: few of these listeners carry media' },
  },
};
