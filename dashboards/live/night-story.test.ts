import { expect, test } from 'vitest';
import type { Summary } from '../../reports/summary.ts';
import { smallNight } from '../../reports/testing/hand-log.ts';
import { NightStory, type ObservedSecond } from './night-story.ts';
import { roomBegins, roomSecond } from './room-story.ts';

const scenario = smallNight();

function story(people = 16) {
  const size = { people, seed: 3, scale: 0.5, timeScale: 1, mainSeats: 10, overflowSeats: 5 };
  return new NightStory({ nth: 1, name: 'guarded', scenario, ...size });
}

const QUIET: ObservedSecond = { nightMs: 1_000, counters: {}, sample: null, probeMs: null, rooms: null };

test('a night begins with its times, its moments and what is promised', () => {
  expect(story().begins()).toEqual({
    ...{ type: 'night', nth: 1, name: 'guarded', title: 'A small night', people: 16 },
    ...{ seed: 3, scale: 0.5, timeScale: 1, mainSeats: 10, overflowSeats: 5 },
    ...{ surgeStartMs: 4_000, surgeEndMs: 14_000, nightEndMs: 26_000 },
    moments: [
      { nightMs: 4_000, title: 'Somebody walks in' },
      { nightMs: 4_000, title: 'Word gets out' },
      { nightMs: 8_000, title: 'A tweet' },
    ],
    objectives: [
      { id: 'ejections', unit: 'share', text: 'People who had a seat keep it: at most 0.1 %', isLive: true },
      {
        id: 'stranded',
        unit: 'people',
        text: 'Whoever is thrown out can come back: at most 0',
        isLive: true,
      },
      {
        id: 'answered',
        unit: 'share',
        text: 'A seat, a position or a time to retry within 2 s: at least 99 %',
        isLive: true,
      },
      {
        id: 'incumbents-loss',
        unit: 'share',
        text: 'Those inside keep hearing the host: packets lost in the surge: at most 1 %',
        isLive: false,
      },
      {
        id: 'incumbents-gap',
        unit: 'ms',
        text: 'Those inside keep hearing the host: longest gap: at most 500 ms',
        isLive: false,
      },
      {
        id: 'seats-filled',
        unit: 'share',
        text: 'Seats are used, or nobody waits: at least 95 %',
        isLive: false,
      },
    ],
  });
});

test('a second has what rose in it, and everything else as it is', () => {
  const one = story();
  const first = { firstIns: 10, ejected: 1, 'ejected.pong-timeout': 1, 'phaseMs.dial': 50, arrived: 20 };
  one.second({ ...QUIET, counters: first });
  const second = one.second({
    nightMs: 2_000.4,
    counters: {
      ...{ arrived: 40, late: 1, firstIns: 14, ejected: 4, ejectedPeople: 3 },
      ...{ 'ejected.pong-timeout': 3, 'ejected.media-lost': 1 },
      ...{ 'crowd.in': 9, 'crowd.overflow': 2, 'crowd.ejected': 3, 'crowd.stranded': 0 },
      ...{ 'phaseMs.dial': 70, 'phaseMs.queue': 4_000, 'phaseMs.ice': 0 },
    },
    sample: {
      elapsedMs: 2_000,
      cpuMs: new Map([
        ['server', 500],
        ['worker', 250],
        ['swarm-signal', 200],
        ['swarm-webrtc', 400],
        ['rehearsal', 40],
      ]),
      coreBusyShare: [0.9, 0.4],
      foreignCpuShare: [0.01, 0.25],
    },
    probeMs: 3.149,
    rooms: {
      rooms: [
        { id: 'main', kind: 'main', taken: 12, seats: null },
        { id: 'main-overflow-1', kind: 'overflow', taken: 2, seats: 5 },
      ],
    },
  });
  expect(second).toEqual({
    ...{ type: 'second', nth: 1, nightMs: 2_000, arrived: 40, joins: 4, losses: 3, probeMs: 3.1 },
    crowd: {
      ...{ in: 9, overflow: 2, joining: 0, queueing: 0, arriving: 0, ejected: 3, stranded: 0 },
      ...{ 'given-up': 0, left: 0 },
    },
    lossesByCause: { 'pong-timeout': 3, 'media-lost': 1 },
    // Over the four who got in, whoever of them queued.
    phaseMs: {
      ...{ retries: null, dial: 5, hallway: null, signal: null, queue: 1_000 },
      ...{ ice: null, dtls: null, firstAudio: null },
    },
    rooms: [
      { id: 'main', kind: 'main', taken: 12, seats: 10 },
      { id: 'main-overflow-1', kind: 'overflow', taken: 2, seats: 5 },
    ],
    cpu: { server: 0.25, worker: 0.125, swarm: 0.3, swarmCoreBusy: 0.9, foreign: 0.25 },
    lateShare: 0.025,
    objectives: {
      ejections: { value: 3 / 14, isBroken: true },
      stranded: { value: 0, isBroken: false },
      answered: { value: null, isBroken: false },
    },
  });
});

test('a share of answers is broken while it is under its limit, and a count once it is over', () => {
  const one = story();
  const standings = (counters: ObservedSecond['counters']) => one.second({ ...QUIET, counters }).objectives;
  expect(standings({ answeredWithin2s: 98, answerOverdue: 2 })['answered']).toEqual({
    value: 0.98,
    isBroken: true,
  });
  expect(standings({ answeredWithin2s: 990, answerOverdue: 10 })['answered']).toEqual({
    value: 0.99,
    isBroken: false,
  });
  expect(standings({ 'crowd.stranded': 1 })['stranded']).toEqual({ value: 1, isBroken: true });
  expect(Object.keys(standings({}))).toEqual(['ejections', 'stranded', 'answered']);
});

test('a night without anybody is told in zeros', () => {
  const { crowd, lateShare, phaseMs, cpu, rooms } = story(0).second(QUIET);
  expect(Object.values(crowd).every((people) => people === 0)).toBe(true);
  expect([lateShare, phaseMs.dial, cpu, rooms]).toEqual([0, null, null, null]);
  expect(story(0).second({ ...QUIET, nightMs: 0 }).joins).toBe(0);
});

test('the first look at the processes has nothing to tell', () => {
  const sample = { elapsedMs: 1_000, cpuMs: new Map(), coreBusyShare: [0.1], foreignCpuShare: [0] };
  expect(story().second({ ...QUIET, sample }).cpu).toBeNull();
});

test('the verdict says of each objective what was measured, with its unit', () => {
  const objective = (id: string, over: object) => ({
    ...{ id, unit: 'share', measured: 0.25, pass: false, reason: null },
    ...over,
  });
  const verdict = {
    result: 'fail',
    reasons: ['too many were thrown out'],
    objectives: [
      objective('lost', {}),
      objective('late', { unit: 'ms', measured: 1_500, pass: true }),
      objective('never', { measured: null, reason: 'not reached: too many never got in' }),
      objective('not-judged', { measured: null, pass: null, reason: 'no incumbent carries media' }),
    ],
  } as unknown as Summary['verdict'];
  expect(story().verdict({ verdict })).toEqual({
    ...{ type: 'verdict', nth: 1, result: 'fail', reasons: ['too many were thrown out'] },
    objectives: [
      { id: 'lost', isPass: false, measured: '25 %' },
      { id: 'late', isPass: true, measured: '1.50 s' },
      { id: 'never', isPass: false, measured: 'not reached: too many never got in' },
    ],
  });
  expect(story().verdict(null)).toMatchObject({ result: null, objectives: [] });
});

test('a room that is served alone is told as its ledger has it', () => {
  const room = {
    name: 'guarded, waiting-room',
    title: 'The Good Time Show',
    mainSeats: 10,
    overflowSeats: 5,
  };
  expect(roomBegins(room)).toMatchObject({ nth: 0, nightEndMs: null, moments: [], objectives: [] });
  const rooms = {
    queue: 4,
    rooms: [
      { id: 'main', kind: 'main' as const, taken: 10, seats: 10 },
      { id: 'main-overflow-1', kind: 'overflow' as const, taken: 3, seats: 5 },
      { id: 'parallel-1', kind: 'parallel' as const, taken: 2, seats: 50 },
    ],
  };
  const second = roomSecond(room, { atMs: 3_000.2, rooms, cpu: { server: 0.1, worker: 0.2 } });
  expect(second).toMatchObject({
    nightMs: 3_000,
    crowd: { in: 10, overflow: 3, queueing: 4, joining: 0 },
    arrived: 17,
    cpu: { server: 0.1, worker: 0.2, swarm: 0 },
  });
  expect(second.rooms).toHaveLength(3);
  expect(roomSecond(room, { atMs: 0, rooms: null, cpu: null })).toMatchObject({ rooms: null, arrived: 0 });
});
