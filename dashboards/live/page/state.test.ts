/** What the page knows: told at once or bit by bit, it is the same. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LiveFrame } from '../frames.ts';
import { handNight, handPlan, handSecond } from '../testing/hand-night.ts';
import { type LiveView, NOTHING_YET, nightOf, reduce, SECONDS_MAX } from './state.ts';

const hello = (frames: readonly LiveFrame[]) => ({ type: 'hello', frames }) as const;
const told = (frames: readonly LiveFrame[], from: LiveView = NOTHING_YET) => frames.reduce(reduce, from);

test('a story that is told at once is the one that was told bit by bit, wherever one comes in', () => {
  const frames: readonly LiveFrame[] = [
    ...handNight('collapsing', 70),
    { type: 'verdict', nth: 0, result: 'fail', reasons: [], objectives: [] },
    ...handNight('holding', 40, { nth: 1 }),
    { type: 'end', hasReport: false },
  ];
  const whole = reduce(NOTHING_YET, hello(frames));
  expect(whole.nights.map(({ seconds }) => seconds.length)).toEqual([70, 40]);
  fc.assert(
    fc.property(fc.nat(frames.length), (cameAt) => {
      const before = reduce(NOTHING_YET, hello(frames.slice(0, cameAt)));
      expect(told(frames.slice(cameAt), before)).toEqual(whole);
    }),
  );
});

test('a connection that is lost leaves what is known, and a hello replaces it', () => {
  const view = reduce(NOTHING_YET, hello(handNight('collapsing', 50)));
  const lost = reduce(view, { type: 'lost' });
  expect(lost).toEqual({ ...view, link: 'reconnecting' });
  const again = reduce(lost, hello(handNight('holding', 3)));
  expect([again.link, again.telling, again.nights.map(({ plan }) => plan.name)]).toEqual([
    'live',
    2,
    ['guarded'],
  ]);
});

test('before the first hello one is connecting, and after the end it is over', () => {
  expect(reduce(NOTHING_YET, { type: 'lost' }).link).toBe('connecting');
  const over = reduce(NOTHING_YET, { type: 'end', hasReport: true });
  expect(reduce(over, { type: 'lost' }).link).toBe('over');
});

test('a second from before the last one, of a night that was not told, or of a later version, changes nothing', () => {
  const view = told(handNight('collapsing', 20));
  expect(nightOf(reduce(view, handSecond({ nightMs: 20_000 })), 0)!.seconds).toHaveLength(20);
  expect(reduce(view, handSecond({ nth: 4, nightMs: 21_000 })).nights).toEqual(view.nights);
  expect(reduce(view, { type: 'applause' } as never)).toBe(view);
});

test('a night that begins again is drawn anew', () => {
  const view = told(handNight('collapsing', 20));
  const again = reduce(view, handPlan());
  expect([again.telling - view.telling, nightOf(again, 0)!.seconds]).toEqual([1, []]);
});

test('what goes on for hours is thinned: the present stays, and the page knows that it must draw anew', () => {
  let view = told([handPlan({ nightEndMs: null })]);
  for (let second = 1; second <= SECONDS_MAX; second++)
    view = reduce(view, handSecond({ nightMs: 1000 * second }));
  const { seconds } = nightOf(view, 0)!;
  expect([seconds.length, seconds.at(-1)!.nightMs, view.telling]).toEqual([
    SECONDS_MAX / 2,
    1000 * SECONDS_MAX,
    1,
  ]);
});
