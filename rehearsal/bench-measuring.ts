/**
 * What it takes to measure a large run: a log of two million rows is opened, every measure computed and every check asked.
 * First from its segments, as when a run ends, then from the one file into which it is packed.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { RoomrushError } from '../errors.ts';
import { writeBenchLog } from './bench-log.ts';
import { type BenchContext, type BenchRow, figure } from './bench-row.ts';

const ROWS = 2_000_000;
const SECONDS_MAX = 3;
const MIB_MAX = 1024;
const MEASURER = fileURLToPath(new URL('bench-measuring.child.ts', import.meta.url));

/** What one process took for it. */
export type MeasuringCosts = {
  readonly openMs: number;
  readonly measureMs: number;
  readonly checkMs: number;
  readonly cpuMs: number;
  readonly rssBytesMax: number;
};

/** Seconds and memory, and what they are made of. */
export async function benchMeasuring({ night, stop, say }: BenchContext): Promise<readonly BenchRow[]> {
  const runDir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-bench-log-'));
  try {
    say(`writing a log of ${ROWS} rows`);
    const rows = await writeBenchLog(runDir, night, ROWS);
    say(`measuring ${rows} rows`);
    const fresh = await measureApart(runDir, true, stop);
    const packed = await measureApart(runDir, false, stop);
    return [
      ...rowsOf(`measuring ${(rows / 1e6).toFixed(2)} M rows`, fresh),
      ...rowsOf('measuring them packed', packed),
    ];
  } finally {
    rmSync(runDir, { recursive: true, force: true });
  }
}

function rowsOf(name: string, costs: MeasuringCosts): readonly BenchRow[] {
  const { openMs, measureMs, checkMs, cpuMs, rssBytesMax } = costs;
  const all = (openMs + measureMs + checkMs) / 1000;
  return [
    figure(`${name}: s`, all, 2, { op: '<=', limit: SECONDS_MAX }),
    figure(`${name}: s to open the log`, openMs / 1000, 2),
    figure(`${name}: s for the measures`, measureMs / 1000, 2),
    figure(`${name}: s for the checks`, checkMs / 1000, 2),
    figure(`${name}: CPU s`, cpuMs / 1000, 2),
    figure(`${name}: MiB at most`, rssBytesMax / 2 ** 20, 0, { op: '<=', limit: MIB_MAX }),
  ];
}

/** @param pack the log is packed afterwards. */
async function measureApart(runDir: string, pack: boolean, stop: AbortSignal): Promise<MeasuringCosts> {
  const child = fork(MEASURER, [runDir, ...(pack ? ['pack'] : [])], { signal: stop });
  let costs: MeasuringCosts | null = null;
  child.on('message', (message) => {
    costs = message as MeasuringCosts;
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 || costs === null) {
    throw new RoomrushError(
      'measuring-failed',
      `the process that measures ended with ${code}`,
      'what it printed stands above; try again',
    );
  }
  return costs;
}
