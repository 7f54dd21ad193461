/** The door's bars and rates. */
import { expect, test } from 'vitest';
import { barSigns, bars, Door } from './door.ts';

const UTF8 = { LANG: 'en_US.UTF-8', TERM: 'xterm-256color' };

test.each([
  [UTF8, '▁▂▃▄▅▆▇█'],
  [{ ...UTF8, LC_ALL: 'C.utf8', LANG: 'C' }, '▁▂▃▄▅▆▇█'],
  [{ ...UTF8, LC_ALL: 'C' }, ' .:-=+*#'],
  [{ ...UTF8, TERM: 'linux' }, ' .:-=+*#'],
  [{ ...UTF8, TERM: 'dumb' }, ' .:-=+*#'],
  [{}, ' .:-=+*#'],
])('with %j bars are made of %s', (env, signs) => {
  expect(barSigns(env)).toBe(signs);
});

test('none is the lowest bar, one person is not none, and only the most is the highest', () => {
  expect(bars([0, 1, 50, 100, 150, 199, 200], 200, 7, '▁▂▃▄▅▆▇█')).toBe('▁▂▂▄▆▇█');
  expect(bars([0, 1, 50, 100, 150, 199, 200], 200, 7, ' .:-=+*#')).toBe(' ..-+*#');
  expect(bars([0, 0], 0, 4, '▁▂▃▄▅▆▇█')).toBe('  ▁▁');
  expect(bars([200, 0, 100], 200, 2, '▁▂▃▄▅▆▇█')).toBe('▁▄');
});

test('joins a second: of longer seconds by their length, the last half minute, and the most of all', () => {
  const door = new Door();
  door.look(500, 4);
  door.look(1_500, 4);
  door.look(3_500, 104);
  // The crowd's last word, right after its last second.
  door.look(3_520, 110);
  expect(door.perSecond).toEqual([4, 0, 50]);
  expect(door.most).toBe(50);
  for (let second = 4; second < 40; second++) door.look(second * 1_000 + 500, 104 + second);
  expect(door.perSecond).toHaveLength(30);
  expect(door.perSecond.at(-1)).toBe(1);
  expect(door.most).toBe(50);
});
