/**
 * What the log costs those who write it: the default night is played, and the rows of its swarm are written once more, by the
 * real writer with nothing else to do. The CPU for that is held against what the swarm took in all.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RowType } from '../events/row.ts';
import { openEventWriter } from '../events/writer.ts';
import type { Row } from '../reports/measures/index.ts';
import { type BenchContext, type BenchRow, figure } from './bench-row.ts';
import { playPassingNight } from './passing-night.ts';
import { prepareNight } from './prepare.ts';

const SHARE_MAX_PERCENT = 3;

/** CPU of a row, and of all rows of the night as a share of the swarm's. */
export async function benchEvents({ night, stop, say }: BenchContext): Promise<readonly BenchRow[]> {
  say('playing the default night once, for the rows of its swarm');
  const request = { seed: 1, scale: 1, timeScale: 1, profile: 'guarded', features: [], faults: [] };
  const prepared = prepareNight({ ...request, scenario: night, bodies: null, target: null, port: 0 });
  const { rows, swarmMs } = await playPassingNight(prepared, stop, async (run) => {
    const [swarm] = await run.query(
      "SELECT sum(value) AS ms FROM events WHERE type = 'cpu' AND starts_with(cause, 'swarm-')",
    );
    return {
      swarmMs: Number(swarm!['ms'] ?? Number.NaN),
      rows: await run.query(
        "SELECT *, t_ns // 1000000000 AS second FROM events WHERE side = 'listener' AND type <> 'anchor' ORDER BY process, t_ns, rowid",
      ),
    };
  });
  const ms = await writeAgain(rows);
  return [
    figure('events: rows of the swarm in the default night', rows.length, 0),
    figure('events: CPU us a row', (1000 * ms) / rows.length, 2),
    figure('events: CPU s of the swarm in that night', swarmMs / 1000, 2),
    figure('events: share of it that the log takes, %', (100 * ms) / swarmMs, 2, {
      op: '<=',
      limit: SHARE_MAX_PERCENT,
    }),
  ];
}

/** Writes them as they were written, a segment for each second and process. @returns CPU ms. */
async function writeAgain(rows: readonly Row[]): Promise<number> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-bench-events-'));
  try {
    const writer = openEventWriter({ dir, process: 'swarm', side: 'listener' });
    let second: unknown;
    const before = process.cpuUsage();
    for (const row of rows) {
      if (row['second'] !== second) writer.flushSync();
      second = row['second'];
      const number = (name: string) => row[name] as number | null;
      const word = (name: string) => row[name] as string | null;
      // Without the row's own instant, so that the clock is read for it as it was then.
      writer.row(
        row['type'] as RowType,
        number('person_id'),
        number('attempt'),
        number('connection_id'),
        word('room'),
        word('cause'),
        number('value'),
        number('lost'),
        number('longest_gap_ms'),
        undefined,
        number('late_ms'),
        number('jitter_ms'),
      );
    }
    await writer.close();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
