/** A night of somebody's own: what is wrong with it is said at once, with each path. */
import { expect, test } from 'vitest';
import type { UsageError } from '../errors.ts';
import { checkScenario, findScenario } from './index.ts';
import { zuckerberg } from './library/zuckerberg.ts';
import { nightTimes } from './schema.ts';

function problemOf(night: unknown): string {
  try {
    checkScenario(night, 'mine');
  } catch (error) {
    return (error as UsageError).message;
  }
  throw new Error('expected the night to be refused');
}

test('the phases of the Zuckerberg night stand one after the other', () => {
  expect(nightTimes(checkScenario(zuckerberg, 'zuckerberg'))).toEqual({
    rampStartMs: 0,
    baselineStartMs: 20_000,
    surgeStartMs: 35_000,
    surgeEndMs: 65_000,
    tailEndMs: 100_000,
    nightEndMs: 106_000,
  });
});

test('an unknown key is refused by its name', () => {
  expect(problemOf({ ...zuckerberg, colour: 'red' })).toContain('"colour"');
});

test('every problem is listed at once, each with its path', () => {
  const problem = problemOf({
    ...zuckerberg,
    incumbents: { count: -1, model: { kind: 'even' } },
    crowd: { ...zuckerberg.crowd, returnShare: 2 },
    waves: [{ ...zuckerberg.waves[0]!, moment: 'nowhere' }],
  });
  expect(problem).toContain('incumbents.count:');
  expect(problem).toContain('crowd.returnShare:');
  expect(problem).toContain('3 problems');
});

test('a wave names a moment of the night', () => {
  const problem = problemOf({ ...zuckerberg, waves: [{ ...zuckerberg.waves[0]!, moment: 'nowhere' }] });
  expect(problem).toContain(
    "waves.0.moment: expected one of the night's moments (reveal, twitter, dotcom-tweet, end), got 'nowhere'",
  );
});

test('shares of bodies sum to 1', () => {
  const problem = problemOf({
    ...zuckerberg,
    bodies: { incumbents: { signal: 0.5 }, arrivals: { signal: 1 } },
  });
  expect(problem).toContain('bodies.incumbents: expected shares that sum to 1');
});

test('a mistyped name gets the nearest one', async () => {
  await expect(findScenario('zukerberg')).rejects.toMatchObject({
    code: 'unknown-scenario',
    hint: 'did you mean zuckerberg?',
    exitCode: 2,
  });
});

test('a path that does not exist is said', async () => {
  await expect(findScenario('./nowhere.json')).rejects.toMatchObject({ code: 'no-such-file', exitCode: 2 });
});
