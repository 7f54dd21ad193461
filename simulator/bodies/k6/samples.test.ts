import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openEventWriter } from '../../../events/writer.ts';
import { scenarioSchema } from '../../../scenarios/schema.ts';
import { folder, rowsOf } from '../../swarm/testing/processes.ts';
import { pairClocks, wallMsOf, wallNsOf } from './clock.ts';
import { endOf } from './exit-codes.ts';
import { convertSamples } from './samples.ts';
import { smallNight } from './testing/parts.ts';
import { thresholdsOf } from './thresholds.ts';

/** 2021-02-04T18:00:00Z in ns, and a monotonic clock that was 5 s old then. */
const WALL_NS = 1_612_461_600_000_000_000n;
const clock = { offsetNs: 5_000_000_000n - WALL_NS, errorNs: 1_000n };

function sample(metric: string, time: string, value: number, row?: string): string {
  const metadata = row === undefined ? {} : { metadata: { row } };
  return `${JSON.stringify({ metric, type: 'Point', data: { time, value, tags: {}, ...metadata } })}\n`;
}

async function convert(lines: string) {
  const dir = folder();
  const file = path.join(dir, 'k6-samples.json');
  writeFileSync(file, lines);
  const log = openEventWriter({ dir: path.join(dir, 'events'), process: 'swarm-k6', side: 'listener' });
  const converted = await convertSamples(file, clock, 9_000_000_000n, log);
  await log.close();
  return { dir, converted };
}

test('a row keeps its fields and its instant; what is no row is passed over, what is no sample is counted', async () => {
  const { dir, converted } = await convert(
    [
      '{"type":"Metric","data":{"name":"roomrush_row","type":"counter"},"metric":"roomrush_row"}\n',
      sample('ws_msgs_received', '2021-02-04T18:00:00.1Z', 1),
      sample('roomrush_row', '2021-02-04T18:00:00.123456789Z', 1, 'seated,7,2,3,main,new,12'),
      sample('roomrush_row', '2021-02-04T19:00:01+01:00', 1, 'stall,,,,,,1.5'),
      sample('roomrush_row', '2021-02-04T18:00:02Z', 1, 'nonsense,7,2,3,main,new,12'),
      sample('roomrush_row', 'yesterday', 1, 'stall,,,,,,1.5'),
      sample('roomrush_row', '2021-02-04T18:00:02Z', 1, 'failed,7,2,3,main,"a,b",'),
      sample('data_received', '2021-02-04T18:00:09Z', 1000),
      sample('data_received', '2021-02-04T18:00:09Z', 24),
      sample('data_sent', '2021-02-04T18:00:09Z', 77),
      '{"metric":"roomrush_row","type":"Point","data":{"time":"2021-02-04T18:0',
    ].join(''),
  );
  expect(converted).toEqual({ rows: 2, unreadable: 4 });
  expect(rowsOf(dir, 'listener', 'seated')).toEqual([
    {
      t_ns: '5123456789',
      side: 'listener',
      process: 'swarm-k6',
      person_id: '7',
      attempt: '2',
      connection_id: '3',
      type: 'seated',
      room: 'main',
      cause: 'new',
      value: '12',
      lost: '',
      longest_gap_ms: '',
      late_ms: '',
      jitter_ms: '',
    },
  ]);
  expect(rowsOf(dir, 'listener', 'stall')).toMatchObject([
    { t_ns: '6000000000', person_id: '', value: '1.5' },
  ]);
  expect(rowsOf(dir, 'listener', 'bytes-in', 'bytes-out')).toMatchObject([
    { t_ns: '9000000000', value: '1024' },
    { t_ns: '9000000000', value: '77' },
  ]);
});

test('a k6 that wrote nothing yet has no rows', async () => {
  const dir = folder();
  const log = openEventWriter({ dir: path.join(dir, 'events'), process: 'swarm-k6', side: 'listener' });
  expect(await convertSamples(path.join(dir, 'nothing.json'), clock, 1n, log)).toEqual({
    rows: 0,
    unreadable: 0,
  });
  await log.close();
});

test('a time as Go writes it is the same in nanoseconds, and others are none', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 4_000_000_000_000_000_000n), (wallNs) => {
      const second = new Date(Number(wallNs / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
      // Go leaves zeros at the end of the fraction away.
      const fraction = String(wallNs % 1_000_000_000n)
        .padStart(9, '0')
        .replace(/0+$/, '');
      expect(wallNsOf(`${second}${fraction === '' ? '' : `.${fraction}`}Z`)).toBe(wallNs);
    }),
  );
  for (const text of [
    '',
    '2021-02-04',
    '2021-02-04T18:00:00',
    '2021-02-04T18:00:00.1234567890Z',
    '2021-13-04T18:00:00Z',
  ])
    expect(wallNsOf(text), text).toBeNull();
});

test('the two clocks are paired to within a fraction of a millisecond', () => {
  const pair = pairClocks();
  const beforeMs = Date.now();
  const wallMs = wallMsOf(process.hrtime.bigint(), pair);
  const afterMs = Date.now();
  const errorMs = Number(pair.errorNs) / 1e6;
  expect(wallMs).toBeGreaterThanOrEqual(beforeMs - errorMs);
  expect(wallMs).toBeLessThanOrEqual(afterMs + 1 + errorMs);
});

test.each([
  [0, 'played'],
  [99, 'played'],
  [105, 'interrupted'],
  [104, 'failed'],
  [107, 'failed'],
  [108, 'failed'],
  [109, 'failed'],
  [3, 'failed'],
  ['SIGKILL', 'failed'],
])('k6 that ended with %s has %s the night', (ended, how) => {
  expect(endOf(ended).how).toBe(how);
});

test('objectives become thresholds where k6 sees what they are about', () => {
  const night = scenarioSchema.parse({
    ...smallNight,
    objectives: [
      ...smallNight.objectives,
      { id: 'late', title: 'Late', measure: 'joinLatencyMs.k6.p99', op: '<=', limit: 5000, unit: 'ms' },
      { id: 'back', title: 'Back', measure: 'ejections.returnMs.p90', op: '<=', limit: 9000, unit: 'ms' },
    ],
  });
  expect(thresholdsOf(night.objectives)).toEqual({
    thresholds: {
      ejections_involuntaryShare: ['rate<=0.001'],
      ejections_stranded: ['count<=0'],
      crowd_answeredWithin2sShare: ['rate>=0.99'],
      joinLatencyMs_k6: ['p(99)<=5000'],
      ejections_returnMs: ['p(90)<=9000'],
    },
    unjudged: ['incumbents-loss', 'incumbents-gap', 'seats-filled'],
  });
});
