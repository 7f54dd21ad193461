/** What is said aloud: what happens, and not every second. */
import { expect, test } from 'vitest';
import type { LiveFrame } from '../frames.ts';
import { handNight, handPlan } from '../testing/hand-night.ts';
import { newsBetween } from './announce.ts';
import { type LiveEvent, NOTHING_YET, reduce } from './state.ts';

/** All that is said while these come one by one. */
function newsOf(events: readonly LiveEvent[]): readonly string[] {
  let view = NOTHING_YET;
  return events.flatMap((event) => {
    const before = view;
    view = reduce(view, event);
    return newsBetween(before, view);
  });
}

const hello = (frames: readonly LiveFrame[]): LiveEvent => ({ type: 'hello', frames });

test('a whole night is a handful of sentences', () => {
  expect(
    newsOf([
      hello([]),
      ...handNight('collapsing', 115),
      { type: 'verdict', nth: 0, result: 'fail', reasons: [], objectives: [] },
      { type: 'end', hasReport: false },
    ]),
  ).toEqual([
    'Connected. No night has begun yet.',
    'The night begins on clubhouse-2021.',
    '0:35: The guest walks in.',
    'Broken: An answer within 2 s: at least 99 %.',
    '0:46: the first seats are lost, by pong-timeout and connection-lost.',
    'Broken: People who had a seat keep it: at most 0.1 %.',
    '0:47: Word goes round.',
    '1:40: The talk ends.',
    'Verdict on clubhouse-2021: fail.',
    'The run is over.',
  ]);
});

test('whoever comes in the midst is told where things stand, and whoever comes again that they are back', () => {
  const frames = handNight('collapsing', 60);
  expect(newsOf([hello(frames), { type: 'lost' }, { type: 'lost' }, hello(frames)])).toEqual([
    'Connected. A night made by hand, clubhouse-2021, at 1:00.',
    'The connection is lost; trying again.',
    'Connected again. A night made by hand, clubhouse-2021, at 1:00.',
  ]);
});

test('a night that was stopped is said to be', () => {
  const [, ...news] = newsOf([
    hello([handPlan()]),
    { type: 'verdict', nth: 0, result: null, reasons: [], objectives: [] },
  ]);
  expect(news).toEqual(['Verdict on clubhouse-2021: stopped before it was measured.']);
});
