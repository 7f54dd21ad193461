/** A real night in a folder that is gone afterwards: played, read once, forgotten. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RoomrushError } from '../errors.ts';
import { openRun, type RunStore } from '../reports/store/open-run.ts';
import { processNameOf } from './crowd-parts.ts';
import { type Observe, playNight } from './night.ts';
import type { PreparedNight } from './prepare.ts';
import { interruption } from './processes.ts';
import { recordOf } from './run.ts';

/**
 * Plays a prepared night and has its log read.
 *
 * @throws RoomrushError when somebody stops it or it breaks off: there is nothing to keep.
 */
export async function playPassingNight<Read>(
  prepared: PreparedNight,
  stop: AbortSignal,
  read: (run: RunStore) => Promise<Read>,
  observe: Observe = () => {},
): Promise<Read> {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-passing-night-'));
  try {
    const record = recordOf(prepared, 'passing-night', null);
    const { interrupted } = await playNight(prepared, record, dir, observe, stop);
    if (interrupted === 'stopped') throw interruption();
    if (interrupted !== null) {
      const log = ['server', ...prepared.swarms.map(processNameOf)].map((name) => complaint(dir, name));
      throw new RoomrushError(
        'night-broke-off',
        `the night broke off (${interrupted}), and says nothing of what it was to measure`,
        log.filter((line) => line !== '').join('\n  ') || 'try again; no process of it printed anything',
      );
    }
    const run = await openRun(dir);
    try {
      return await read(run);
    } finally {
      run.close();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What a process printed of its end, with its name; empty: nothing. Its folder is about to go. */
function complaint(dir: string, name: string): string {
  const lines = readFileSync(path.join(dir, `${name}.log`), 'utf8')
    .trimEnd()
    .split('\n');
  const said = lines.findLast((line) => /error|panic|fatal/i.test(line)) ?? lines.at(-1);
  return said ? `${name}: ${said.trim()}` : '';
}
