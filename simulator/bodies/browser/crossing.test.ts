import { expect, test } from 'vitest';
import { fromText, toText } from './crossing.ts';

test('numbers that JSON lacks survive the way into a page', () => {
  const traits = { never: Number.NaN, forever: Number.POSITIVE_INFINITY, at: 1.5, none: null, deep: [-0.5] };
  expect(fromText(toText(traits))).toEqual(traits);
});
