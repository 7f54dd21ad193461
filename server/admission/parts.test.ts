/** A policy as data: what is read, and what is refused with every problem at once. */
import { describe, expect, test } from 'vitest';
import { PART_NAMES, readPolicy } from './parts.ts';

const problemsOf = (...parts: readonly ({ readonly part: string } & Record<string, unknown>)[]): string[] => {
  const read = readPolicy(parts);
  return read.ok ? [] : read.problems;
};

describe('a policy that can work', () => {
  test('has its defaults written out and keeps what it sets', () => {
    const read = readPolicy([
      { part: 'priority', lastLaneOneIn: 5 },
      { part: 'adaptive', workerCpuShareTarget: 0.6 },
      { part: 'cap', seats: 600 },
      { part: 'overflow', roomsMax: 2 },
    ]);
    expect(read).toMatchObject({
      ok: true,
      policy: {
        parts: ['priority', 'adaptive', 'cap', 'overflow'],
        parameters: {
          priority: { lastLaneOneIn: 5, lessShare: 0.05, moreShare: 0.01 },
          adaptive: { workerCpuShareTarget: 0.6, growthMax: 1.25 },
          cap: { seats: 600 },
          overflow: { roomsMax: 2 },
        },
      },
    });
  });
});

describe('a policy that cannot work is refused', () => {
  test('for a part that does not exist, named with those that do', () => {
    expect(problemsOf({ part: 'lottery' }, { part: 'cap' })).toEqual([
      `0: expected one of ${PART_NAMES.join(', ')}, got 'lottery'`,
    ]);
  });

  test('for parameters out of range or unknown, with their paths', () => {
    const problems = problemsOf(
      { part: 'token-bucket', seatsPerSecond: -1, burst: 0, colour: 'red' },
      { part: 'cap', seats: 1.5 },
    );
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      '0.token-bucket.seatsPerSecond',
      '0.token-bucket.burst',
      '0.token-bucket',
      '1.cap.seats',
    ]);
  });

  test.each([
    [['waiting-room'], 'expected exactly one of open, cap-soft and cap, got none'],
    [['cap-soft', 'cap'], 'expected exactly one of open, cap-soft and cap, got cap-soft, cap'],
    [['cap', 'cap'], 'cap stands twice'],
    [['open', 'overflow'], 'overflow contradicts open'],
    [['waiting-room', 'open'], 'waiting-room contradicts open'],
    [['cap', 'adaptive'], 'cap stands in the wrong place: expected adaptive > cap'],
  ])('%j: %s', (parts, problem) => {
    expect(problemsOf(...parts.map((part) => ({ part }))).join('\n')).toContain(problem);
  });

  test('for an adaptive limit that can never fall below the cap', () => {
    expect(problemsOf({ part: 'adaptive', seatsMin: 50 }, { part: 'cap', seats: 50 })).toEqual([
      'adaptive contradicts the cap: its limit never falls below seatsMin 50, and the cap is 50',
    ]);
  });

  test('with every problem at once', () => {
    expect(problemsOf({ part: 'overflow' }, { part: 'open' }, { part: 'lottery' })).toHaveLength(3);
  });
});
