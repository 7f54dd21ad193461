import { expect, test } from 'vitest';
import { HAND_ROOT, handProfile, ours } from '../../reports/testing/cpu-profile.ts';
import { flameTree, isOurs } from './flame-tree.ts';

const HEAR = ['hear', ours('server/door/conversation.ts'), 31] as const;
const TELL = ['tell', ours('server/rooms/presence.ts'), 24] as const;

test('stacks become a tree with names as 0x writes them, without idle time', () => {
  const profile = handProfile([
    [1, HEAR],
    [1, HEAR, TELL, ['writev']],
    [1, ['(idle)']],
    [1, HEAR, TELL],
    [1, ['', '/srv/roomrush/node_modules/ws/lib/sender.js', 9]],
    [1, ['parse', 'wasm://wasm/00aabbcc', 1]],
    [1, ['a\nb']],
  ]);
  expect(flameTree(profile)).toEqual({
    ...{ name: 'all stacks', value: 6, top: 0 },
    children: [
      {
        ...{ name: `hear ${HAND_ROOT}/server/door/conversation.ts:31:5`, value: 3, top: 1 },
        children: [
          {
            ...{ name: `tell ${HAND_ROOT}/server/rooms/presence.ts:24:5`, value: 2, top: 1 },
            children: [{ name: 'writev [CPP]', value: 1, top: 1, children: [] }],
          },
        ],
      },
      {
        ...{ name: '(anonymous) /srv/roomrush/node_modules/ws/lib/sender.js:9:5', value: 1, top: 1 },
        children: [],
      },
      { name: 'parse [WASM:Opt]', value: 1, top: 1, children: [] },
      { name: 'a b [CPP]', value: 1, top: 1, children: [] },
    ],
  });
});

test('a profile of a server that stood idle is a tree of nothing', () => {
  expect(flameTree(handProfile([[5, ['(idle)']]]))).toEqual({
    ...{ name: 'all stacks', value: 0, top: 0, children: [] },
  });
});

test('our own files are told from packages and from Node', () => {
  expect(isOurs(`${HAND_ROOT}/server/rooms/presence.ts`, HAND_ROOT)).toBe(true);
  expect(isOurs(`${HAND_ROOT}/node_modules/ws/lib/sender.js`, HAND_ROOT)).toBe(false);
  expect(isOurs('node:net', HAND_ROOT)).toBe(false);
  expect(isOurs(null, HAND_ROOT)).toBe(false);
});
