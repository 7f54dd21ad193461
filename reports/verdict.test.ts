import { expect, test } from 'vitest';
import type { Objective } from '../scenarios/schema.ts';
import { getsIn, type HandRow, smallNight } from './testing/hand-log.ts';
import { summaryOf } from './testing/summary-of.ts';
import { checkObjectives } from './verdict.ts';

const objective = (measure: string, op: '<=' | '>=', limit: number): Objective => ({
  id: 'the-one',
  title: 'The one objective',
  measure,
  op,
  limit,
  unit: 'people',
});
const night = (measure = 'ejections.involuntary', op: '<=' | '>=' = '<=', limit = 0) =>
  smallNight({ objectives: [objective(measure, op, limit)] });
const people = (count = 1) => Array.from({ length: count }, () => ({ intendedMs: 5_000 }));
const IN: readonly HandRow[] = [
  ...getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
  [26_000, 'listener', 'at-end', 0, { attempt: 1, cause: 'in' }],
];

const verdictOf = async (rows: readonly HandRow[], scenario = night()) =>
  (await summaryOf({ scenario, people: people(), rows })).verdict;

test('pass, with the figure, its limit and what it stands on', async () => {
  expect(await verdictOf(IN)).toEqual({
    result: 'pass',
    reasons: ['all 1 objectives hold'],
    notes: [],
    objectives: [
      {
        ...objective('ejections.involuntary', '<=', 0),
        measured: 0,
        samples: 1,
        interval: null,
        intervalReason: 'it stands on 1 seconds, and blocks need at least 8',
        brokenBy: { what: 'times thrown out', unit: 'count', count: 0, listeners: [] },
        pass: true,
        reason: null,
      },
    ],
  });
});

test('a violated check is a note and decides nothing', async () => {
  const verdict = await verdictOf(IN.slice(0, -1));
  expect(verdict).toMatchObject({
    result: 'pass',
    notes: [
      'the check people-lost is violated: 1 person without an end to their story, 0 people whose ask was never answered',
    ],
  });
});

test('fail, with the figure in words', async () => {
  const verdict = await verdictOf([
    ...IN,
    [6_000, 'listener', 'ejected', 0, { attempt: 1, cause: 'pong-timeout', room: 'main' }],
  ]);
  expect(verdict).toMatchObject({
    result: 'fail',
    reasons: ['The one objective: 1, expected at most 0'],
  });
});

test.each<readonly [string, readonly HandRow[], string]>([
  [
    'arrivals are late',
    [[5_051, 'listener', 'arrive', 0, { value: 51 }]],
    'arrivals were late: slip p99 51 ms, more than 50 ms',
  ],
  [
    "the swarm's core is full",
    [4_100, 4_200, 4_300].map(
      (ms): HandRow => [ms, 'rehearsal', 'core-busy', null, { cause: 'core-0', value: 0.95 }],
    ),
    "the swarm's core was over 90 % busy for 3 s of the surge, more than 2 s",
  ],
  [
    'others use the core of the swarm',
    [[4_500, 'rehearsal', 'foreign-cpu', null, { cause: 'core-0', value: 0.8 }]],
    "other programs took 40.5 % of the swarm's core over the surge, more than 30 %",
  ],
  [
    'others use the core of the server',
    [[4_500, 'rehearsal', 'foreign-cpu', null, { cause: 'core-1', value: 0.8 }]],
    "other programs took 41 % of the server's core over the surge, more than 30 %",
  ],
  [
    'no open files',
    [[6_000, 'listener', 'trouble', null, { cause: 'EMFILE', value: 3 }]],
    'the swarm ran out of open files (EMFILE, 3 times)',
  ],
  [
    'no ports',
    [[6_000, 'listener', 'trouble', null, { cause: 'EADDRNOTAVAIL', value: 1 }]],
    'the swarm ran out of local ports (EADDRNOTAVAIL, 1 times)',
  ],
  [
    'no ports at the address to dial from',
    [[6_000, 'listener', 'trouble', null, { cause: 'EADDRINUSE', value: 2 }]],
    'the swarm ran out of local ports (EADDRINUSE, 2 times)',
  ],
  [
    'dropped datagrams',
    [[6_000, 'listener', 'trouble', null, { cause: 'udp-drop', value: 9 }]],
    'the swarm dropped packets that had arrived (UDP receive buffer full) (udp-drop, 9 times)',
  ],
  [
    'a full disk',
    [[6_000, 'listener', 'trouble', null, { cause: 'ENOSPC', value: 9 }]],
    'the disk was full, and the event log has a hole (ENOSPC, 9 times)',
  ],
  [
    'an interruption',
    [[8_000, 'rehearsal', 'interrupted', null, { cause: 'server-ended' }]],
    'the run is partial: it was interrupted (server-ended)',
  ],
])('void: %s', async (_, rows, reason) => {
  const arrivals = rows.some(([, , type]) => type === 'arrive')
    ? IN.filter(([, , type]) => type !== 'arrive')
    : IN;
  expect(await verdictOf([...arrivals, ...rows])).toMatchObject({ result: 'void', reasons: [reason] });
});

test('just within the limits is not void', async () => {
  const verdict = await verdictOf([
    ...IN.filter(([, , type]) => type !== 'arrive'),
    [5_050, 'listener', 'arrive', 0, { value: 50 }],
    [4_100, 'rehearsal', 'core-busy', null, { cause: 'core-0', value: 0.95 }],
    [4_200, 'rehearsal', 'core-busy', null, { cause: 'core-0', value: 0.95 }],
    [4_500, 'rehearsal', 'foreign-cpu', null, { cause: 'core-0', value: 0.5 }],
    [6_000, 'listener', 'trouble', null, { cause: 'ENOBUFS', value: 1 }],
  ]);
  expect(verdict.result).toBe('pass');
});

test('people arrived and none got in: the objective fails', async () => {
  const verdict = await verdictOf([[5_000, 'listener', 'arrive', 0, { value: 0 }]]);
  expect(verdict).toMatchObject({
    result: 'fail',
    reasons: ['The one objective: no figure stands on nobody: of 1 who arrived, none got in'],
  });
});

test('nobody was exposed: void', async () => {
  const verdict = await verdictOf(
    getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }).map(([ms, side, type, , more]) => [
      ms,
      side,
      type,
      // Somebody outside of the plan: an arrival, but none of the surge.
      9,
      more ?? {},
    ]),
    night('crowd.answeredWithin2sShare', '>=', 0.99),
  );
  expect(verdict).toMatchObject({
    result: 'void',
    reasons: ['The one objective: nobody was exposed: no arrival fell into its window'],
  });
});

test('a quantile that was not reached fails', async () => {
  const verdict = await verdictOf(
    [[5_000, 'listener', 'arrive', 0, { value: 0 }]],
    night('joinLatencyMs.signal.p99', '<=', 1_000),
  );
  expect(verdict).toMatchObject({
    result: 'fail',
    reasons: ['The one objective: not reached: too many never got in'],
  });
});

test('what cannot happen in a run is not judged, and nothing judged is void', async () => {
  const verdict = await verdictOf(IN, night('incumbents.lossShareSurge', '<=', 0.01));
  expect(verdict).toMatchObject({
    result: 'void',
    reasons: ['no objective could be judged'],
    notes: ['not judged: The one objective (no incumbent of this run carries media)'],
  });
});

test('an unknown measure is named before a run, with the nearest right ones', () => {
  const objectives = [
    objective('ejections.straned', '<=', 0),
    objective('joinLatencyMs.signal.p99', '<=', 1_000),
    objective('crowd.everything', '<=', 0),
  ];
  expect(() => checkObjectives({ objectives })).toThrow(
    "objectives.the-one: there is no measure 'ejections.straned'; did you mean ejections.stranded or ejections.returned or",
  );
  expect(() => checkObjectives({ objectives })).toThrow("there is no measure 'crowd.everything'");
  expect(() => checkObjectives(night('joinLatencyMs.webrtc.ofJoined.p50'))).not.toThrow();
  expect(() => checkObjectives(night('ejections.byCause.pong-timeout'))).not.toThrow();
});

test('browsers are no share of the bodies, and are judged all the same', async () => {
  const scenario = night('joinLatencyMs.browser.p50', '<=', 10);
  const judged = async (who: readonly { intendedMs: number; cohort?: string; body: 'browser' }[]) => {
    const { verdict } = await summaryOf({ scenario, people: [...people(), ...who], rows: IN });
    return [verdict.result, verdict.objectives[0]!.reason];
  };
  const none = 'no arrival of this run is a browser body';
  expect(await judged([])).toEqual(['void', none]);
  expect(await judged([{ intendedMs: 500, cohort: 'incumbent', body: 'browser' }])).toEqual(['void', none]);
  expect(await judged([{ intendedMs: 5_000, body: 'browser' }])).toEqual([
    'void',
    'nobody was exposed: no arrival fell into its window',
  ]);
  const rows = [...IN, ...getsIn(1, { dial: 5_000, opened: 5_010, seated: 5_020 })];
  const { verdict } = await summaryOf({
    scenario,
    people: [...people(), { intendedMs: 5_000, body: 'browser' }],
    rows,
  });
  expect(verdict.objectives).toMatchObject([{ measured: 20, samples: 1, pass: false }]);
});
