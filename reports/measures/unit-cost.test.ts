/** Unit costs of a night that was made from them: its seconds cost what its people are said to cost. */
import { expect, test } from 'vitest';
import { voiceFrameBytes } from '../store/voice.ts';
import { getsIn, type HandRow } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';

type Costs = { readonly idleMs: number; readonly listenerSecondMs: number; readonly joinMs: number };
const SERVER: Costs = { idleMs: 10, listenerSecondMs: 0.5, joinMs: 3 };
const WORKER: Costs = { idleMs: 4, listenerSecondMs: 2, joinMs: 1.5 };

type Stay = { readonly person: number; readonly fromMs: number; readonly untilMs: number };
const NIGHT_MS = 26_000;
/** The baseline is from 2 to 4 s; the surge ends at 5 s, so that the steady window begins at the look of 14 s. */
const INCUMBENTS: readonly Stay[] = [0, 1].map((person) => ({ person, fromMs: 1_000, untilMs: NIGHT_MS }));
const ARRIVALS: readonly Stay[] = [
  { person: 2, fromMs: 5_500, untilMs: 20_000 },
  { person: 3, fromMs: 6_200, untilMs: 8_000 },
  { person: 3, fromMs: 8_500, untilMs: NIGHT_MS },
  { person: 4, fromMs: 6_200, untilMs: NIGHT_MS },
  { person: 5, fromMs: 9_750, untilMs: NIGHT_MS },
];

function listensIn(stays: readonly Stay[]): HandRow[] {
  return stays.flatMap(({ person, fromMs, untilMs }) => {
    const again = person === 3 && fromMs > 8_000;
    const attempt = again ? 2 : 1;
    const rows = getsIn(person, { dial: fromMs - 20, opened: fromMs - 10, seated: fromMs }, { attempt });
    if (untilMs === NIGHT_MS) return rows;
    const [type, cause] =
      person === 3 ? (['ejected', 'connection-lost'] as const) : (['left', 'goodbye'] as const);
    return [...rows, [untilMs, 'listener', type, person, { attempt, room: 'main', cause }] as const];
  });
}

/** A look each second at a process that costs so much; `bytesOf` is its memory at it. */
function looksAt(
  cause: string,
  costs: Costs,
  stays: readonly Stay[],
  bytesOf: (ms: number) => number,
): HandRow[] {
  return Array.from({ length: 25 }, (_, nth) => 1_000 * (nth + 1)).flatMap((ms): readonly HandRow[] => {
    const listening = stays.reduce(
      (sum, { fromMs, untilMs }) => sum + Math.max(0, Math.min(untilMs, ms) - Math.max(fromMs, ms - 1_000)),
      0,
    );
    const joins = stays.filter(({ fromMs }) => fromMs > ms - 1_000 && fromMs <= ms).length;
    const value = costs.idleMs + (costs.listenerSecondMs * listening) / 1_000 + costs.joinMs * joins;
    return [
      [ms, 'rehearsal', 'rss', null, { cause, value: bytesOf(ms) }],
      [ms, 'rehearsal', 'cpu', null, { cause, value }],
    ];
  });
}

type Body = 'signal' | 'webrtc';

async function unitCostsOf(
  stays: readonly Stay[],
  rows: readonly HandRow[] = [],
  bodyOf: (person: number) => Body = () => 'signal',
) {
  const grown = (before: number, by: number) => (ms: number) =>
    ms <= 4_000 ? before : ms <= 24_000 ? before + by : 9e9;
  const { server } = await summaryOf({
    people: [
      ...[0, 1].map((id) => ({ intendedMs: 900, cohort: 'incumbent', body: bodyOf(id) })),
      ...[2, 3, 4, 5].map((id) => ({ intendedMs: 5_000, body: bodyOf(id) })),
    ],
    rows: [
      ...listensIn(stays),
      ...looksAt('server', SERVER, stays, grown(100e6, 36_000)),
      ...looksAt('worker', WORKER, stays, grown(50e6, 7_200)),
      ...rows,
    ],
  });
  return server.unitCosts;
}

test('what a join, a minute of listening and a listener cost is found again, process by process', async () => {
  const counted = (ms: number, type: HandRow[2], value: number): HandRow => [
    ms,
    'server',
    type,
    null,
    { value },
  ];
  const costs = await unitCostsOf(
    [...INCUMBENTS, ...ARRIVALS],
    [
      // Before people join, and after: no part of the joining.
      counted(4_000, 'bytes-in', 1e6),
      counted(14_001, 'bytes-out', 1e6),
      counted(5_000, 'bytes-in', 1_000),
      counted(14_000, 'bytes-out', 500),
      counted(5_000, 'messages-in', 10),
      counted(14_000, 'messages-out', 40),
    ],
  );
  // Somebody who is in again after an ejection joined again.
  expect(costs.joins).toBe(5);
  expect(costs.cpuMsPerJoin.server).toBeCloseTo(SERVER.joinMs, 9);
  expect(costs.cpuMsPerJoin.worker).toBeCloseTo(WORKER.joinMs, 9);
  expect(costs.cpuMsPerListenerMinute.server).toBeCloseTo(60 * SERVER.listenerSecondMs, 9);
  expect(costs.cpuMsPerListenerMinute.worker).toBeCloseTo(60 * WORKER.listenerSecondMs, 9);
  // Six people until 20 s and five until 24 s are 5.6 on the mean, 3.6 more than in the baseline.
  expect(costs.memoryBytesPerListener.server).toBeCloseTo(36_000 / 3.6, 6);
  expect(costs.memoryBytesPerListener.worker).toBeCloseTo(7_200 / 3.6, 6);
  expect(costs.bytesPerJoin).toBe(300);
  expect(costs.messagesPerJoin).toBe(10);
});

test('a night in which hardly anybody stays cannot tell what a listener costs', async () => {
  const costs = await unitCostsOf([...INCUMBENTS, { person: 2, fromMs: 5_500, untilMs: 13_000 }]);
  expect(costs).toMatchObject({
    joins: 1,
    cpuMsPerJoin: { server: null, worker: null },
    cpuMsPerListenerMinute: { server: null, worker: null },
    memoryBytesPerListener: { server: null, worker: null },
  });
});

test('what 1,000 more cost: in all, and of media for those alone who receive audio', async () => {
  const media = (ms: number, personId: number, value: number, lost: number): HandRow => [
    ms,
    'listener',
    'media',
    personId,
    { value, lost, gapMs: 70, lateMs: 0 },
  ];
  const sent = (ms: number, value: number): HandRow => [ms, 'server', 'bytes-out', null, { value }];
  const { perThousand } = await unitCostsOf(
    [...INCUMBENTS, ...ARRIVALS],
    [
      // 100 bytes a second in the baseline, and 1,000 in the steady end.
      sent(3_000, 200),
      sent(15_000, 10_000),
      // As many were sent as came and were lost; what came before the steady end does not count.
      media(12_000, 3, 1, 0),
      media(15_000, 3, 16, 0),
      media(16_000, 3, 10, 6),
    ],
    (person) => (person === 3 ? 'webrtc' : 'signal'),
  );
  expect(perThousand.inBefore).toBeCloseTo(2, 9);
  expect(perThousand.inAfter).toBeCloseTo(5.6, 9);
  // One of the 3.6 who are more receives audio, for all of the steady end.
  expect(perThousand.withMediaShare).toBeCloseTo(1 / 3.6, 9);
  expect(perThousand.added).toEqual({
    ...{ signal: expect.closeTo(2.6 / 3.6, 9), webrtc: expect.closeTo(1 / 3.6, 9) },
    ...{ rtp: 0, k6: 0, browser: 0 },
  });
  // Half a ms of each second for each of a thousand is half a core.
  expect(perThousand.cores.signalling).toBeCloseTo(SERVER.listenerSecondMs, 9);
  expect(perThousand.cores.media).toBeCloseTo(WORKER.listenerSecondMs, 9);
  expect(perThousand.withMedia.mediaCores).toBeCloseTo(3.6 * WORKER.listenerSecondMs, 9);
  expect(perThousand.memoryBytes.signalling).toBeCloseTo(1e7, 3);
  expect(perThousand.withMedia.mediaMemoryBytes).toBeCloseTo(7.2e6, 3);
  expect(perThousand.egressMbit.signalling).toBeCloseTo(((900 / 3.6) * 8 * 1_000) / 1e6, 9);
  const frameBytes = voiceFrameBytes(60) + 50;
  expect(perThousand.withMedia.mediaEgressMbit).toBeCloseTo((16 * frameBytes * 8 * 1_000) / 1e6, 9);
  expect(perThousand.egressMbit.media).toBeCloseTo((16 * frameBytes * 8 * 1_000) / 1e6 / 3.6, 9);
});

test('where nobody who is more receives audio, nothing is said of what media would cost them', async () => {
  const { perThousand } = await unitCostsOf([...INCUMBENTS, ...ARRIVALS]);
  expect(perThousand.withMediaShare).toBe(0);
  expect(perThousand.withMedia).toEqual({ mediaCores: null, mediaMemoryBytes: null, mediaEgressMbit: null });
});
