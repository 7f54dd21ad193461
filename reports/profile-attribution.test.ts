import { expect, test } from 'vitest';
import { chargeSamples, ownPath } from './profile-attribution.ts';
import { HAND_ROOT, handProfile, ours } from './testing/cpu-profile.ts';

const ON_READ = ['onStreamRead', 'node:internal/stream_base_commons'] as const;
const RECEIVE = ['getData', `${HAND_ROOT}/node_modules/ws/lib/receiver.js`] as const;
const HEAR = ['hear', ours('server/door/conversation.ts'), 31] as const;
const TELL = ['tell', ours('server/rooms/presence.ts'), 24] as const;
const BROADCAST = ['broadcast', ours('server/signalling/outgoing.ts'), 43] as const;
const SEND = ['send', `${HAND_ROOT}/node_modules/ws/lib/websocket.js`] as const;
const STEP = ['step', ours('server/admission/composition.ts'), 90] as const;

const shares = (profile: Parameters<typeof chargeSamples>[0]) =>
  Object.fromEntries([...chargeSamples(profile, HAND_ROOT).byModule].map(([name, us]) => [name, us / 1000]));

test('each sample goes to the nearest part of the server on its stack, for as long as it was on the clock', () => {
  const profile = handProfile([
    [3, ON_READ, RECEIVE, HEAR],
    [7, ON_READ, RECEIVE, HEAR, STEP],
    [11, ON_READ, RECEIVE, HEAR, STEP, TELL],
    [13, ['listOnTimeout', 'node:internal/timers'], ['', ours('server/index.ts'), 158]],
  ]);
  expect(shares(profile)).toEqual({ signalling: 3, admission: 7, presence: 11, other: 13 });
});

test('what carries for others is charged to whoever called it: sockets, encoding, Node, the kernel', () => {
  const profile = handProfile([
    [
      2,
      ON_READ,
      HEAR,
      TELL,
      BROADCAST,
      SEND,
      ['writeGeneric', 'node:internal/stream_base_commons'],
      ['writev'],
    ],
    [3, ON_READ, HEAR, TELL, ['encodeFrame', ours('server/protocol/wire.ts')]],
    [5, ON_READ, HEAR, BROADCAST, SEND, ['writev']],
    // Nobody called it but Node: it is signalling all the same.
    [7, ON_READ, RECEIVE],
    [11, ['afterWrite', 'node:internal/streams/writable'], ['writev']],
  ]);
  expect(shares(profile)).toEqual({ presence: 5, signalling: 12, other: 11 });
});

test('the collector and the native rest are their own, and idle time is nobody’s', () => {
  const profile = handProfile([
    [100, ['(idle)']],
    [2, ['(garbage collector)']],
    [3, ['(program)']],
    [5, ON_READ, HEAR, TELL],
    [100, ['(idle)']],
  ]);
  const { samples, busyUs, byModule } = chargeSamples(profile, HAND_ROOT);
  expect(samples).toBe(3);
  expect(busyUs).toBe(10_000);
  expect(Object.fromEntries(byModule)).toEqual({ gc: 2_000, native: 3_000, presence: 5_000 });
});

test.each([
  ['server/rooms/presence.ts', 'presence'],
  ['server/rooms/rooms.ts', 'rooms'],
  ['server/rooms/voice.ts', 'mediaControl'],
  ['server/media/voice/host.ts', 'mediaControl'],
  ['node_modules/mediasoup/node/lib/Channel.js', 'mediaControl'],
  ['server/door/seating.ts', 'signalling'],
  ['server/protocol/messages.ts', 'signalling'],
  ['server/admission/line.ts', 'admission'],
  ['events/writer.ts', 'log'],
  ['server/each-second.ts', 'log'],
  ['server/metrics/server-metrics.ts', 'log'],
  // A compiled tree has the same names.
  ['server/rooms/presence.js', 'presence'],
  // Another program's folder of that name is not ours.
  ['../elsewhere/server/rooms/presence.ts', 'other'],
  ['node_modules/zod/server/rooms/presence.ts', 'other'],
])('%s is %s', (file, module) => {
  const url = file.startsWith('node_modules') ? `${HAND_ROOT}/${file}` : new URL(ours(file)).href;
  expect(shares(handProfile([[1, ['something', url]]]))).toEqual({ [module]: 1 });
});

test('the dearest functions, each with what it called, by the line where it begins', () => {
  const profile = handProfile([
    [4, ON_READ, HEAR],
    [6, ON_READ, HEAR, TELL, BROADCAST, ['writev']],
    [5, ['listOnTimeout', 'node:internal/timers'], TELL],
    [9, ['(garbage collector)']],
    [1, ['(anonymous)', ours('server/index.ts')], ['', ours('server/rooms/room.ts'), 12]],
  ]);
  expect(chargeSamples(profile, HAND_ROOT).functions).toEqual([
    { name: 'tell', file: 'server/rooms/presence.ts', line: 24, module: 'presence', us: 11_000 },
    { name: 'hear', file: 'server/door/conversation.ts', line: 31, module: 'signalling', us: 4_000 },
    { name: '(anonymous)', file: 'server/rooms/room.ts', line: 12, module: 'rooms', us: 1_000 },
  ]);
});

test('samples that came out of order, nodes that are missing and an empty profile break nothing', () => {
  const profile = handProfile([
    [2, ON_READ, HEAR],
    [3, ON_READ, HEAR, TELL],
  ]);
  const { busyUs } = chargeSamples({ ...profile, timeDeltas: [0, -4_000], endTime: 5_001_000 }, HAND_ROOT);
  expect(busyUs).toBe(5_000);
  expect(chargeSamples({ ...profile, samples: [99, 98] }, HAND_ROOT).samples).toBe(0);
  expect(chargeSamples({ ...profile, samples: [], timeDeltas: [] }, HAND_ROOT)).toMatchObject({
    ...{ samples: 0, busyUs: 0, functions: [] },
  });
});

test('a path from the project’s folder, on every system', () => {
  expect(ownPath('/srv/roomrush/server/main.ts', '/srv/roomrush/')).toBe('server/main.ts');
  expect(ownPath('C:\\roomrush\\server\\main.ts', 'C:\\roomrush\\')).toBe('server/main.ts');
  expect(ownPath('/srv/roomrush-old/server/main.ts', '/srv/roomrush')).toBeNull();
  expect(ownPath('/srv/node_modules/roomrush/server/main.js', '/srv/node_modules/roomrush')).toBe(
    'server/main.js',
  );
  expect(ownPath('node:net', '/srv/roomrush')).toBeNull();
});
