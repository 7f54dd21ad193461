import { expect, test } from 'vitest';
import type { HandRow } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';

const cpu = (ms: number, cause: string, value: number): HandRow => [
  ms,
  'rehearsal',
  'cpu',
  null,
  { cause, value },
];

test('cost of the server: both its processes, the busiest second, the longest standstill', async () => {
  const { server } = await summaryOf({
    people: [],
    rows: [
      cpu(1_000, 'server', 300),
      cpu(1_010, 'worker', 200),
      cpu(2_000, 'server', 800),
      cpu(2_010, 'worker', 100),
      cpu(2_020, 'swarm-signal', 999),
      [1_000, 'rehearsal', 'rss', null, { cause: 'server', value: 100 }],
      [1_000, 'rehearsal', 'rss', null, { cause: 'worker', value: 50 }],
      [1_000, 'server', 'stall', null, { value: 30 }],
      [3_000, 'rehearsal', 'probe', null, { value: 5_200 }],
      [1_500, 'server', 'bytes-out', null, { value: 1_000 }],
      [2_500, 'server', 'bytes-out', null, { value: 500 }],
      [2_500, 'server', 'messages-in', null, { value: 7 }],
      [2_500, 'server', 'deliveries', null, { value: 40 }],
      [3_500, 'server', 'deliveries', null, { value: 60 }],
    ],
  });
  expect(server).toEqual({
    cpuSeconds: 1.4,
    cpuSecondsByProcess: { server: 1.1, worker: 0.3 },
    yardstickMs: null,
    cpuShareMax: 0.9,
    stallMsMax: 5_200,
    rssBytesMax: 150,
    bytes: { in: null, out: 1_500 },
    messages: { in: 7, out: null },
    presenceDeliveries: 100,
    presenceDeliveriesPerSecondMax: 60,
    foreignCpuShare: 0.02,
    cpuByModule: null,
    // Nobody came: there is nothing to divide by.
    unitCosts: {
      joins: 0,
      cpuMsPerJoin: { server: null, worker: null },
      cpuMsPerListenerMinute: { server: null, worker: null },
      memoryBytesPerListener: { server: null, worker: null },
      bytesPerJoin: null,
      messagesPerJoin: null,
      perThousand: {
        inBefore: null,
        inAfter: null,
        added: { signal: null, webrtc: null, rtp: null, k6: null, browser: null },
        withMediaShare: null,
        cores: { signalling: null, media: null },
        memoryBytes: { signalling: null, media: null },
        egressMbit: { signalling: null, media: null },
        withMedia: { mediaCores: null, mediaMemoryBytes: null, mediaEgressMbit: null },
      },
    },
    reason: null,
  });
});

test('honesty of the generator: slip over all arrivals, its core and foreign programs over the surge', async () => {
  const { generator } = await summaryOf({
    // The surge is from 4 s to the 95 % of its arrivals, at 6.5 s.
    people: Array.from({ length: 100 }, () => ({ intendedMs: 6_500 })),
    healthy: false,
    rows: [
      [0, 'rehearsal', 'night-start', null],
      [26_000, 'rehearsal', 'night-end', null],
      [6_000, 'server', 'deliveries', null, { value: 0 }],
      ...Array.from(
        { length: 100 },
        (_, person): HandRow => [6_500, 'listener', 'arrive', person, { value: person }],
      ),
      cpu(5_000, 'swarm-signal', 400),
      cpu(5_010, 'swarm-webrtc', 500),
      [3_000, 'rehearsal', 'core-busy', null, { cause: 'core-0', value: 1 }],
      [5_000, 'rehearsal', 'core-busy', null, { cause: 'core-0', value: 0.91 }],
      [6_000, 'rehearsal', 'core-busy', null, { cause: 'core-0', value: 0.9 }],
      [6_000, 'rehearsal', 'core-busy', null, { cause: 'core-1', value: 1 }],
      [5_000, 'rehearsal', 'foreign-cpu', null, { cause: 'core-0', value: 0.4 }],
      [6_000, 'rehearsal', 'foreign-cpu', null, { cause: 'core-0', value: 0.1 }],
      [9_000, 'rehearsal', 'foreign-cpu', null, { cause: 'core-0', value: 0.9 }],
      [5_000, 'listener', 'nap-max', null, { value: 50 }],
      [5_000, 'listener', 'stall', null, { value: 12 }],
      [5_000, 'listener', 'trouble', null, { cause: 'udp-drop', value: 3 }],
      [6_000, 'listener', 'trouble', null, { cause: 'udp-drop', value: 4 }],
    ],
  });
  expect(generator).toMatchObject({
    cpuSeconds: 0.9,
    cpuShareMax: 0.9,
    stallMsMax: 12,
    slipMs: { p50: 49, p99: 98, max: 99, samples: 100 },
    napMsMax: 50,
    coreBusySeconds: 1,
    foreignCpuShare: 0.25,
    troubles: { 'udp-drop': 7 },
  });
});
