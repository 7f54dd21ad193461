/** What is called scarce, and what is the generator's: one figure at a time is moved over its limit. */
import { expect, test } from 'vitest';
import { outcomeOf } from './evidence.ts';
import { limitOf } from './limit.ts';

const CALM = {
  ...{ serverShare: 0.3, workerShare: 0.1, swarmShare: 0.2, stallMsMax: 40, rssBytesMax: 2e8 },
  ...{ memoryBytes: 8e9, listenOverflows: 0, openFileErrors: 0, serverEnded: false },
};
const FAILED = [
  { id: 'seats-filled', title: 'Seats', measured: 0.4, op: '>=', limit: 0.95, unit: 'share', reason: null },
] as const;
const limitWith = (...changes: readonly Partial<typeof CALM>[]) =>
  limitOf(changes.map((change) => ({ failed: [...FAILED], evidence: { ...CALM, ...change } })));

test.each([
  ['nothing', {}, 'pace', "seats-filled failed while the server's core was 40 % busy"],
  ['the server', { serverShare: 0.85 }, 'event-loop', 'server 85 %, media worker 10 % of their core'],
  ['the media worker', { workerShare: 0.65 }, 'worker', 'server 30 %, media worker 65 % of their core'],
  ['a stall', { stallMsMax: 501 }, 'event-loop', 'stood still for 501 ms'],
  ['memory', { rssBytesMax: 7.3e9 }, 'memory', '7.3'],
  ['open files', { openFileErrors: 2 }, 'sockets', 'EMFILE (2 times)'],
  ['the backlog', { listenOverflows: 7 }, 'sockets', '7 turned away by the kernel'],
  ['a server that ended', { serverEnded: true }, 'server-ended', "the server's process ended"],
])('%s is what gave in', (_what, change, resource, words) => {
  const limit = limitWith(change);
  expect(limit.resource).toBe(resource);
  expect(limit.sentence).toContain(words);
  expect(limit.objectives).toEqual(['seats-filled']);
});

test('a backlog that fills up while the core is busy is a symptom', () => {
  expect(limitWith({ serverShare: 0.95, listenOverflows: 7 }).resource).toBe('event-loop');
});

test('shares are means over the failing probes, all else is the worst', () => {
  const { evidence } = limitWith({ serverShare: 0.2, stallMsMax: 10 }, { serverShare: 0.6, stallMsMax: 90 });
  expect(evidence.serverShare).toBeCloseTo(0.4);
  expect(evidence.stallMsMax).toBe(90);
});

type Judged = Parameters<typeof outcomeOf>[0];
const judged = (
  result: 'pass' | 'fail' | 'void',
  generator: Partial<Judged['generator']> = {},
  server: Partial<Judged['server']> = {},
) => {
  const sound = { slipMs: { p50: 1, p99: 2, max: 3, samples: 9 }, coreBusySeconds: 0, troubles: {} };
  return {
    verdict: { result },
    generator: { ...sound, foreignCpuShare: 0, ...generator },
    server: { foreignCpuShare: 0, ...server },
  } as Judged;
};
const LATE = { slipMs: { p50: 1, p99: 51, max: 99, samples: 9 } };

test.each([
  ['a pass', judged('pass'), null, 'held'],
  ['a failure', judged('fail'), null, 'failed'],
  ['slip', judged('void', LATE), null, 'generator'],
  ["the swarm's busy core", judged('void', { coreBusySeconds: 3 }), null, 'generator'],
  ['the swarm without files', judged('void', { troubles: { EMFILE: 1 } }), null, 'generator'],
  ['a full disk', judged('void', { troubles: { ENOSPC: 1 } }), null, 'void'],
  ['slip beside other programs', judged('void', { ...LATE, foreignCpuShare: 0.31 }), null, 'void'],
  ["other programs on the server's core", judged('void', LATE, { foreignCpuShare: 0.31 }), null, 'void'],
  ['anything else', judged('void'), null, 'void'],
  ['a server that ended', judged('void'), 'server-ended', 'failed'],
  ['a swarm that ended', judged('void'), 'swarm-signal-ended', 'generator'],
])('%s', (_what, summary, brokenBy, outcome) => {
  expect(outcomeOf(summary, brokenBy)).toBe(outcome);
});
