import { expect, test } from 'vitest';
import { createNames } from './name.ts';

test('names do not depend on who was asked for before', () => {
  const forwards = createNames(4);
  const backwards = createNames(4);
  const people = Array.from({ length: 300 }, (_, id) => id);
  const names = people.map(forwards);
  expect(people.toReversed().map(backwards).toReversed()).toEqual(names);
  expect(people.map(createNames(5))).not.toEqual(names);
});

test('every name fits the protocol, and several scripts are among them', () => {
  const names = Array.from({ length: 5_000 }, (_, id) => id).map(createNames(1));
  for (const name of names) {
    expect(name.length).toBeGreaterThan(0);
    expect(name.length).toBeLessThanOrEqual(64);
    expect(name.isWellFormed()).toBe(true);
  }
  for (const script of ['Latin', 'Cyrillic', 'Han', 'Hangul', 'Arabic']) {
    expect(names.some((name) => new RegExp(`\\p{Script=${script}}`, 'u').test(name))).toBe(true);
  }
});
