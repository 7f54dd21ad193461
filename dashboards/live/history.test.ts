import { expect, test } from 'vitest';
import { smallNight } from '../../reports/testing/hand-log.ts';
import type { HelloFrame, MarkFrame, SecondFrame } from './frames.ts';
import { History } from './history.ts';
import { NightStory } from './night-story.ts';

function storyOf(nth: number) {
  const size = { people: 9, seed: 1, scale: 1, timeScale: 1, mainSeats: 1, overflowSeats: 0 };
  const story = new NightStory({ nth, name: 'guarded', scenario: smallNight(), ...size });
  const second = (nightS: number) =>
    story.second({
      nightMs: 1000 * nightS,
      // Two get in each second, and one of them is lost again.
      counters: { firstIns: 2 * nightS, ejected: nightS },
      ...{ sample: null, probeMs: null, rooms: null },
    });
  return { second, mark: (atS: number, text: string) => story.mark('moment', 1000 * atS, text) };
}

const framesOf = (history: History) => (JSON.parse(history.hello()) as HelloFrame).frames;
const secondsOf = (history: History) =>
  framesOf(history).filter((frame): frame is SecondFrame => frame.type === 'second');

test('who comes is told everything so far, in order and as it was told', () => {
  const history = new History();
  expect(framesOf(history)).toEqual([]);
  const { second, mark } = storyOf(0);
  const told = [second(1), mark(1, '</script>\n\u2028'), second(2)];
  const texts = told.map((frame) => history.add(frame));
  expect(texts.map((text) => JSON.parse(text))).toEqual(told);
  expect(framesOf(history)).toEqual(told);
  // A line break would end the event.
  expect(history.hello()).not.toMatch(/[\r\n]/);
  history.add(second(3));
  expect(secondsOf(history).map(({ nightMs }) => nightMs)).toEqual([1_000, 2_000, 3_000]);
});

test('what grows too long is thinned: nobody who joined or was lost is gone, nor is any moment', () => {
  const history = new History(8);
  const [first, next] = [storyOf(0), storyOf(1)];
  for (let second = 1; second <= 5; second++) history.add(first.second(second));
  history.add(first.mark(5, 'the end'));
  for (let second = 1; second <= 50; second++) {
    history.add(next.second(second));
    if (second === 20) history.add(next.mark(20, 'in the middle'));
    expect(secondsOf(history).length).toBeLessThanOrEqual(8);
  }
  const of = (nth: number) => secondsOf(history).filter((frame) => frame.nth === nth);
  const sum = (frames: readonly SecondFrame[], what: 'joins' | 'losses') =>
    frames.reduce((all, frame) => all + frame[what], 0);
  expect([sum(of(0), 'joins'), sum(of(0), 'losses')]).toEqual([10, 5]);
  expect([sum(of(1), 'joins'), sum(of(1), 'losses')]).toEqual([100, 50]);
  expect([of(0).at(-1)!.nightMs, of(1).at(-1)!.nightMs]).toEqual([5_000, 50_000]);
  const marks = framesOf(history).filter((frame): frame is MarkFrame => frame.type === 'mark');
  expect(marks.map(({ text }) => text)).toEqual(['the end', 'in the middle']);
});
