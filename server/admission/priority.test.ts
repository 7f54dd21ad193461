/** Who goes first, who is refused early, and that nobody waits for ever. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LANES, Priority, priorityParameters } from './priority.ts';
import type { ServerSignals } from './step.ts';
import { WaitingRoom } from './waiting-room.ts';

const parameters = priorityParameters.parse({});
const signals = (workerCpuShare: number | null, eventLoopLagMs = 0): ServerSignals => ({
  eventLoopLagMs,
  cpuShare: 0,
  workerCpuShare,
  admissionToAudioMs: null,
});
const people = Array.from({ length: 10_000 }, (_, nth) => nth);
const admitted = (priority: Priority, lane: (typeof LANES)[number], nowMs = 0): number =>
  people.filter((personId) => priority.admits(personId, lane, nowMs)).length;

describe('the lane of somebody', () => {
  test('a speaker before one who lost a seat before one who was never in', () => {
    const priority = new Priority(parameters);
    priority.lost(2);
    priority.lost(3);
    priority.settled(3);
    expect([1, 2, 3].map((personId) => priority.laneOf(personId, personId === 1))).toEqual([
      'speaker',
      'returning',
      'new',
    ]);
  });
});

describe('refusing early', () => {
  test('a calm server admits everybody', () => {
    const priority = new Priority(parameters);
    priority.observe(signals(0.5));
    for (const lane of LANES) expect(admitted(priority, lane)).toBe(10_000);
  });

  test('each overloaded second refuses a twentieth more of those who were never in, and nobody else', () => {
    const priority = new Priority(parameters);
    let before = admitted(priority, 'new');
    for (let second = 0; second < 10; second += 1) {
      priority.observe(signals(0.95));
      const after = admitted(priority, 'new');
      expect(after).toBeLessThanOrEqual(0.95 * before);
      // The threshold moves by whole levels, each of which holds about a 128th of the people.
      expect(after).toBeGreaterThan(0.95 * before - 120);
      before = after;
    }
    expect(admitted(priority, 'returning')).toBe(10_000);
  });

  test('a late event loop is an overload too, and an idle overloaded second refuses nobody more', () => {
    const priority = new Priority(parameters);
    priority.observe(signals(null, 21));
    expect(admitted(priority, 'new')).toBe(10_000);
    priority.observe(signals(null, 21));
    expect(admitted(priority, 'new')).toBeLessThan(9_600);
  });

  test('calm seconds admit more again, until everybody is', () => {
    const priority = new Priority(parameters);
    admitted(priority, 'new');
    priority.observe(signals(1));
    let last = admitted(priority, 'new');
    for (let second = 0; last < 10_000; second += 1) {
      priority.observe(signals(0.1));
      const now = admitted(priority, 'new');
      expect(now).toBeGreaterThan(last);
      expect(second).toBeLessThan(20);
      last = now;
    }
  });

  test('bad luck does not last: the order within a group is drawn anew', () => {
    const priority = new Priority(parameters);
    admitted(priority, 'new');
    priority.observe(signals(1));
    const refusedAt = (nowMs: number) =>
      new Set(people.filter((personId) => !priority.admits(personId, 'new', nowMs)));
    const [first, second] = [refusedAt(0), refusedAt(parameters.rehashMs)];
    const both = [...first].filter((personId) => second.has(personId)).length;
    expect(first.size).toBeGreaterThan(400);
    expect(both).toBeLessThan(first.size / 5);
  });
});

describe('lanes', () => {
  const room = (lastLaneOneIn: number) =>
    new WaitingRoom({
      ticketLifeMs: 1_000,
      positionsEveryMs: 1_000,
      nextSequence: 1,
      lanes: LANES.length,
      lastLaneOneIn,
    });

  test('a better lane goes first, one call in so many goes to the last', () => {
    const waiting = room(3);
    for (const personId of [1, 2, 3]) waiting.join(personId, 2);
    for (const personId of [11, 12, 13]) waiting.join(personId, 1);
    waiting.join(21, 0);
    expect(waiting.position(21)).toBe(1);
    expect(waiting.position(12)).toBe(3);
    expect(waiting.position(2)).toBe(6);
    expect(Array.from({ length: 7 }, () => waiting.callNext()?.personId)).toEqual([21, 11, 1, 12, 13, 2, 3]);
  });

  test('nobody starves: position p of the last lane is called within p times so many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 60 }), (oneIn, position) => {
        const waiting = room(oneIn);
        for (let personId = 1; personId <= position; personId += 1) waiting.join(personId, 2);
        let calls = 0;
        for (let better = 1_000; waiting.has(position); better += 1) {
          waiting.join(better, 1);
          waiting.join(better + 100_000, 1);
          waiting.callNext();
          calls += 1;
        }
        expect(calls).toBe(position * oneIn);
      }),
      { numRuns: 500 },
    );
  });
});
