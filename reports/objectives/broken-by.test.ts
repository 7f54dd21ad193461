/** Whom each measure counts against an objective, on one night written by hand in which everything goes wrong for somebody. */
import { expect, test } from 'vitest';
import type { Objective } from '../../scenarios/schema.ts';
import { getsIn, type HandPerson, type HandRow, joins, smallNight } from '../testing/hand-log.ts';
import { summaryOf } from '../testing/summary-of.ts';

const insider = { intendedMs: 500, cohort: 'incumbent', body: 'webrtc' } as const;
const comes = (intendedMs: number): HandPerson => ({ intendedMs });

/** By number. The surge begins at 4 s, the talk ends at 24 s and the night at 26 s. */
const PEOPLE: readonly HandPerson[] = [
  insider, // 0 hears everything
  insider, // 1 loses packets in the surge
  insider, // 2 loses packets before it
  comes(5_000), // 3 in after 100 ms
  comes(5_000), // 4 in after 3 s
  comes(5_000), // 5 gives up after 4 s without an answer
  comes(5_000), // 6 is told "full", and gives up after 1 s
  comes(7_000), // 7 still waits at the end
  comes(7_000), // 8 is never heard of again
  comes(6_500), // 9 is thrown out twice, and in again twice
  comes(6_500), // 10 is thrown out, tries, and gives up 4 s later
  comes(6_500), // 11 is thrown out, and gives up 500 ms later
  comes(6_500), // 12 was thrown out by the server, and never knew
  comes(6_500), // 13 sits in overflow, and hears late
  comes(9_000), // 14 is promoted, with a gap
];

const soon = (personId: number, dial: number, more: Parameters<typeof getsIn>[2] = {}) =>
  getsIn(personId, { dial, opened: dial + 10, seated: dial + 100 }, more);
const asks = (personId: number, ms: number): HandRow[] => [
  [ms, 'listener', 'arrive', personId, { value: 0 }],
  [ms, 'listener', 'dial', personId, { attempt: 1 }],
  [ms + 10, 'listener', 'opened', personId, { attempt: 1 }],
  [ms + 10, 'listener', 'asked', personId, { attempt: 1 }],
];
const listens = (personId: number, seated: number): HandRow[] => [
  ...joins(personId, { dial: 500, opened: 510, seated }),
  [seated + 30, 'listener', 'first-audio', personId, { attempt: 1, room: 'main' }],
  [seated + 30, 'listener', 'in', personId, { attempt: 1, room: 'main' }],
];
const media = (ms: number, personId: number, value = 16, lost = 0, gapMs = 60, lateMs = 0): HandRow => [
  ms,
  'listener',
  'media',
  personId,
  { value, lost, gapMs, lateMs },
];
const ejected = (ms: number, personId: number, cause: string, attempt = 1): HandRow => [
  ms,
  'listener',
  'ejected',
  personId,
  { attempt, cause, room: 'main' },
];

const ROWS: readonly HandRow[] = [
  ...listens(0, 1_000),
  ...listens(1, 1_100),
  ...listens(2, 1_200),
  ...[media(3_000, 0), media(3_000, 1), media(3_000, 2, 12, 4, 300, 240)],
  ...[media(4_500, 0), media(4_500, 1, 8, 8, 500, 440), media(4_500, 2)],
  ...[media(5_500, 0), media(5_500, 1), media(5_500, 2)],
  ...soon(3, 5_000),
  ...getsIn(4, { dial: 5_000, opened: 5_010, seated: 8_000 }),
  ...asks(5, 5_000),
  [9_000, 'listener', 'gave-up', 5, { cause: 'tries' }],
  ...asks(6, 5_000),
  [5_500, 'listener', 'full', 6, { attempt: 1, value: 1 }],
  [6_000, 'listener', 'gave-up', 6, { cause: 'refused' }],
  ...asks(7, 7_000),
  [7_100, 'listener', 'waiting', 7, { attempt: 1, value: 1 }],
  [26_000, 'listener', 'at-end', 7, { cause: 'waiting' }],
  [7_000, 'listener', 'arrive', 8, { value: 0 }],
  ...soon(9, 6_500),
  ejected(8_000, 9, 'pong-timeout'),
  ...soon(9, 9_900, { attempt: 2 }),
  ejected(12_000, 9, 'pong-timeout', 2),
  ...soon(9, 12_400, { attempt: 3 }),
  ...soon(10, 6_500),
  ejected(8_000, 10, 'heartbeat-missed'),
  [9_000, 'listener', 'dial', 10, { attempt: 2 }],
  [12_000, 'listener', 'gave-up', 10, { attempt: 2, cause: 'tries' }],
  ...soon(11, 6_500),
  ejected(8_000, 11, 'connection-lost'),
  [8_500, 'listener', 'gave-up', 11, { cause: 'no-return' }],
  ...soon(12, 6_500),
  [8_000, 'server', 'ejected', 12, { attempt: 1, cause: 'pong-timeout', room: 'main' }],
  [26_000, 'listener', 'at-end', 12, { cause: 'in' }],
  ...soon(13, 6_500, { room: 'main-overflow-1' }),
  [8_000, 'listener', 'relay-lag', 13, { room: 'main-overflow-1', value: 12 }],
  [9_000, 'listener', 'relay-lag', 13, { room: 'main-overflow-1', value: 30 }],
  ...soon(14, 9_000),
  [10_000, 'listener', 'promotion-gap', 14, { room: 'main', value: 250 }],
];

type Named = readonly (readonly [personId: number, value: number | null])[];
const NEVER: Named = [
  [7, 19_000],
  [8, 19_000],
  [5, 4_000],
  [6, 1_000],
];
const LATE: Named = [
  [5, null],
  [6, null],
  [7, null],
  [8, null],
  [4, 3_000],
];
const OUT: Named = [
  [9, 2],
  [10, 1],
  [11, 1],
  [12, 1],
];

const CASES: readonly (readonly [string, '<=' | '>=', number, string | null, Named])[] = [
  [
    'crowd.answeredWithin2sShare',
    '>=',
    0.99,
    'time to the first answer',
    [
      [5, null],
      [8, null],
      [4, 3_000],
    ],
  ],
  ['crowd.joined', '>=', 100, 'tried in vain for', NEVER],
  ['crowd.neverIn', '<=', 0, 'tried in vain for', NEVER],
  ['crowd.neverInShare', '<=', 0, 'tried in vain for', NEVER],
  ['crowd.gaveUp', '<=', 0, 'tried in vain for', [[5, 4_000]]],
  ['crowd.refused', '<=', 0, 'tried in vain for', [[6, 1_000]]],
  ['crowd.waitingAtEnd', '<=', 0, 'tried in vain for', [[7, 19_000]]],
  ['crowd.lost', '<=', 0, 'tried in vain for', [[8, 19_000]]],
  ['joinLatencyMs.signal.p90', '<=', 1_000, 'in after', LATE],
  ['joinLatencyMs.signal.ofJoined.p90', '<=', 1_000, 'in after', [[4, 3_000]]],
  [
    'joinByCohort.before.webrtc.p50',
    '<=',
    600,
    'in after',
    [
      [2, 730],
      [1, 630],
    ],
  ],
  ['joinByCohort.surge.signal.p50', '<=', 1_000, 'in after', LATE],
  ['ejections.involuntary', '<=', 0, 'times thrown out', OUT],
  ['ejections.people', '<=', 0, 'times thrown out', OUT],
  ['ejections.involuntaryShare', '<=', 0, 'times thrown out', OUT],
  [
    'ejections.byCause.pong-timeout',
    '<=',
    0,
    'times thrown out',
    [
      [9, 2],
      [12, 1],
    ],
  ],
  ['ejections.bySide.listener', '<=', 0, 'times thrown out', OUT.slice(0, 3)],
  ['ejections.bySide.server', '<=', 0, 'times thrown out', [[12, 1]]],
  ['ejections.stranded', '<=', 0, 'outside for', [[10, 4_000]]],
  [
    'ejections.didNotTry',
    '<=',
    0,
    'outside for',
    [
      [12, 18_000],
      [11, 500],
    ],
  ],
  [
    'ejections.rejoinAttempts',
    '<=',
    0,
    'tries to come back',
    [
      [9, 2],
      [10, 1],
    ],
  ],
  [
    'ejections.stormIndex',
    '<=',
    0,
    'tries to come back',
    [
      [9, 2],
      [10, 1],
    ],
  ],
  ['ejections.returnMs.p99', '<=', 1_000, 'outside for', [[9, 2_000]]],
  ['incumbents.lossShareSurge', '<=', 0.01, 'lost of the packets', [[1, 0.25]]],
  ['incumbents.harmedShare', '<=', 0, 'lost of the packets', [[1, 0.25]]],
  ['incumbents.lossShareBefore', '<=', 0.01, 'lost of the packets', [[2, 0.25]]],
  ['incumbents.longestGapMs', '<=', 200, 'longest silence', [[1, 500]]],
  ['incumbents.longestGapBeforeMs', '<=', 200, 'longest silence', [[2, 300]]],
  ['incumbents.worstGapP99Ms', '<=', 200, 'p99 of the silences', [[1, 500]]],
  ['incumbents.lateMs', '<=', 100, 'heard late by', [[1, 440]]],
  ['incumbents.lateBeforeMs', '<=', 100, 'heard late by', [[2, 240]]],
  ['fairness.overtakenShare', '<=', 0, 'waited for', [[4, 3_000]]],
  ['fairness.waitMs.p95', '<=', 1_000, 'waited for', [[4, 3_000]]],
  // 10 and 11 wanted 17.5 s and sat for 1.4 s of them.
  [
    'goodput.share',
    '>=',
    0.1,
    'missed of what they wanted',
    [
      [5, 1],
      [6, 1],
      [7, 1],
      [8, 1],
      [10, 0.92],
      [11, 0.92],
    ],
  ],
  ['overflow.relayLagMs.p99', '<=', 10, 'lag at most', [[13, 30]]],
  ['overflow.promotionGapMs.max', '<=', 100, 'missing across a move', [[14, 250]]],
  // Within the limit: nobody. In the other direction, or about nobody in particular: nobody could be.
  ['joinLatencyMs.signal.p50', '<=', Number.MAX_SAFE_INTEGER, 'in after', LATE.slice(0, 4)],
  ['incumbents.longestGapMs', '<=', 500, 'longest silence', []],
  ['ejections.involuntary', '>=', 0, null, []],
  ['ejections.returned', '>=', 5, null, []],
  ['crowd.arrived', '>=', 100, null, []],
  ['server.cpuSeconds', '<=', 1, null, []],
];

const objectiveOf = (measure: string, op: '<=' | '>=', limit: number, nth: number): Objective => ({
  id: `o${nth}`,
  title: measure,
  measure,
  op,
  limit,
  unit: 'ms',
});

test('each section of measures names whom it counts, the worst first', async () => {
  const scenario = smallNight({
    objectives: CASES.map(([measure, op, limit], nth) => objectiveOf(measure, op, limit, nth)),
  });
  const { verdict } = await summaryOf({ scenario, people: PEOPLE, rows: ROWS });
  const found = verdict.objectives.map(({ measure, op, limit, brokenBy }) => [
    measure,
    op,
    limit,
    brokenBy.what,
    brokenBy.listeners.map(({ personId, value }) => [
      personId,
      value === null ? null : Number(value.toFixed(6)),
    ]),
  ]);
  expect(found).toEqual(CASES);
  for (const { brokenBy } of verdict.objectives) expect(brokenBy.count).toBe(brokenBy.listeners.length);
});

test('ten are named and all are counted; whoever is in no plan has no name', async () => {
  const scenario = smallNight({ objectives: [objectiveOf('ejections.people', '<=', 0, 0)] });
  const rows = Array.from({ length: 12 }, (_, personId) => [
    ...soon(personId, 5_000),
    ejected(6_000, personId, 'pong-timeout'),
  ]).flat();
  const people = Array.from({ length: 1 }, () => comes(5_000));
  const { verdict } = await summaryOf({ scenario, people, rows });
  const { count, listeners } = verdict.objectives[0]!.brokenBy;
  expect(count).toBe(12);
  expect(listeners.map(({ personId }) => personId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(listeners.map(({ name }) => name)).toEqual(['p0', ...new Array<null>(9).fill(null)]);
});
