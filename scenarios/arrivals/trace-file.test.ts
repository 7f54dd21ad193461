/** Recorded arrivals: what is in the file is what comes, and what is wrong with it is said with its line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { traceCdf, traceQuantile } from './trace.ts';
import { readTrace } from './trace-file.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-trace-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function fileOf(text: string, name = 'trace.csv'): string {
  const file = path.join(dir, name);
  writeFileSync(file, text);
  return file;
}

test('single times in any order are kept exactly, from the earliest on', async () => {
  expect(await readTrace(fileOf('at_ms\n1700000004000\n1700000000000\n1700000001000\n'))).toEqual([
    0, 1000, 4000,
  ]);
  expect(await readTrace(fileOf('host,AT_S\na,10.5\nb,10\n'))).toEqual([0, 500]);
});

test('one arrival comes at once', async () => {
  expect(await readTrace(fileOf('at_s\n7\n'))).toEqual([0, 0]);
});

test('counts by second are spread evenly within each; seconds that are missing are empty', async () => {
  const quantiles = await readTrace(fileOf('second,count\n100,10\n101,30\n110,40\n'));
  expect(quantiles.length).toBe(2049);
  expect([
    quantiles[0],
    quantiles[256],
    quantiles[640],
    quantiles[1024],
    quantiles[1536],
    quantiles[2048],
  ]).toEqual([0, 1000, 1500, 2000, 10_500, 11_000]);
  expect(traceCdf(2_000, quantiles)).toBe(0.5);
  expect(traceCdf(9_999, quantiles)).toBeCloseTo(0.5, 3);
});

test('a quiet beginning is kept: times count from the first row, not from the first arrival', async () => {
  const quantiles = await readTrace(fileOf('second,count\n50,0\n53,1\n'));
  expect([quantiles[0], quantiles[2048]]).toEqual([3000, 4000]);
});

test('quotes, blanks, Windows line ends and a byte order mark are no problem', async () => {
  const plain = await readTrace(fileOf('second,count\n1,2\n2,3\n'));
  expect(await readTrace(fileOf('\uFEFF"second", "count"\r\n"1", "2"\r\n\r\n2, 3\r\n'))).toEqual(plain);
});

test('Parquet has the same columns', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const counts = path.join(dir, 'counts.parquet');
  const times = path.join(dir, 'times.parquet');
  await connection.run(
    `COPY (SELECT * FROM (VALUES (5::BIGINT, 1::UTINYINT), (6, 3)) rows(second, count)) TO '${counts}' (FORMAT parquet)`,
  );
  await connection.run(`COPY (SELECT unnest([3.25, 1.0, 2.0]) AS at_s) TO '${times}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  expect(await readTrace(counts)).toEqual(await readTrace(fileOf('second,count\n5,1\n6,3\n')));
  expect(await readTrace(times)).toEqual([0, 1000, 2250]);
});

test.each([
  ['other columns', 'time;visitors\n1;2\n', 'trace-columns', 'found: time;visitors'],
  ['two layouts at once', 'second,count,at_s\n1,2,3\n', 'trace-columns', 'only one of these'],
  ['an empty file', '', 'trace-columns', 'expected'],
  [
    'a negative count',
    'second,count\n1,2\n\n2,-3\n',
    'trace-row',
    "line 4: expected a count of at least 0, got '-3'",
  ],
  [
    'a count that is none',
    'second,count\n1,many\n',
    'trace-row',
    "line 2: expected a count of at least 0, got 'many'",
  ],
  [
    'a count that is missing',
    'second,count\n1,2\n2\n',
    'trace-row',
    'line 3: expected a count of at least 0, got nothing',
  ],
  ['half a second', 'second,count\n1.5,2\n', 'trace-row', "line 2: expected a whole second, got '1.5'"],
  [
    'a date',
    'at_s\n1\n2024-01-01\nnow\n',
    'trace-row',
    "line 3: expected a number in at_s, got '2024-01-01' (and 1 more",
  ],
  ['nobody at all', 'second,count\n1,0\n', 'empty-trace', 'nobody comes'],
  ['only a header', 'at_ms\n', 'empty-trace', 'nobody comes'],
  ['two weeks', 'at_s\n0\n1209600\n', 'long-trace', 'spans 336.0 h'],
])('%s is refused, and said', async (_what, text, code, message) => {
  await expect(readTrace(fileOf(text))).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
    exitCode: 2,
  });
});

test('a file that is not there, and one that is no Parquet', async () => {
  await expect(readTrace(path.join(dir, 'nowhere.csv'))).rejects.toMatchObject({ code: 'no-such-file' });
  await expect(readTrace(fileOf('at_s\n1\n', 'not.parquet'))).rejects.toMatchObject({ code: 'bad-trace' });
});

test('quantile and cdf are inverse', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 50 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (steps, share) => {
        let atMs = 0;
        const quantilesMs = [0, ...steps.map((step) => (atMs += step))];
        expect(traceCdf(traceQuantile(share, quantilesMs), quantilesMs)).toBeCloseTo(share, 9);
      },
    ),
  );
});

test('each second keeps its share of the people within a hundredth of all', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 60 }),
      async (counts) => {
        fc.pre(counts.some((count) => count > 0));
        const rows = counts.map((count, second) => `${second},${count}\n`).join('');
        const quantilesMs = await readTrace(fileOf(`second,count\n${rows}`));
        const total = counts.reduce((sum, count) => sum + count, 0);
        counts.forEach((count, second) => {
          const share = traceCdf(1000 * (second + 1), quantilesMs) - traceCdf(1000 * second, quantilesMs);
          expect(Math.abs(share - count / total)).toBeLessThan(0.01);
        });
      },
    ),
    { numRuns: 30 },
  );
});
