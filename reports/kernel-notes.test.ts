import { expect, test } from 'vitest';
import { getsIn, type HandRow } from './testing/hand-log.ts';
import { summaryOf } from './testing/summary-of.ts';

const ROWS: readonly HandRow[] = [
  ...getsIn(0, { dial: 5_000, opened: 5_010, seated: 5_020 }),
  [26_000, 'listener', 'at-end', 0, { attempt: 1, cause: 'in' }],
];
const judged = async (...rows: readonly HandRow[]) => {
  const { generator, verdict } = await summaryOf({
    people: [{ intendedMs: 5_000 }],
    rows: [...ROWS, ...rows],
  });
  const notes = verdict.notes.filter((note) => /clock|TcpExt|Udp/.test(note));
  return { kernel: generator.kernel, clockStepMsMax: generator.clockStepMsMax, notes };
};

test('a kernel that had nothing to confess', async () => {
  expect(await judged()).toEqual({ kernel: {}, clockStepMsMax: 0, notes: [] });
});

test('counters are summed, and those that say something of the server are a note', async () => {
  const kernel = (ms: number, cause: string, value: number): HandRow => [
    ...([ms, 'rehearsal', 'kernel', null] as const),
    { cause, value },
  ];
  expect(
    await judged(
      kernel(6_000, 'TcpExt.ListenOverflows', 3),
      kernel(7_000, 'TcpExt.ListenOverflows', 4),
      kernel(7_000, 'TcpExt.TCPTimeouts', 2),
    ),
  ).toEqual({
    kernel: { 'TcpExt.ListenOverflows': 7, 'TcpExt.TCPTimeouts': 2 },
    clockStepMsMax: 0,
    notes: [
      'connections were turned away because the queue of a listening socket was full: the backlog of the server, most likely (TcpExt.ListenOverflows, 7 times)',
    ],
  });
});

test('the largest step of the wall clock, forward or back', async () => {
  const step = (ms: number, value: number): HandRow => [ms, 'rehearsal', 'clock-step', null, { value }];
  expect(await judged(step(6_000, 80), step(7_000, -3_000))).toEqual({
    kernel: {},
    clockStepMsMax: 3_000,
    notes: [
      'the wall clock was set by 3000 ms during the night: figures stand on another clock, dates in the report may be off',
    ],
  });
});
