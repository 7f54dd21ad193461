/** Measures this tree a number of times and keeps the figures as a baseline, for gates to come. */

import path from 'node:path';
import { NotReadyError } from '../../errors.ts';
import { writeBaseline } from '../../reports/gate/baseline.ts';
import { isSound } from '../../reports/gate/evidence.ts';
import { nightTimes } from '../../scenarios/schema.ts';
import { isInterruption } from '../processes.ts';
import { appendRun, type GateSettings, readPlayed } from './gate-folder.ts';
import type { GateSources } from './gate-sources.ts';
import { AROUND_A_RUN_MS, type GateProgress } from './run-gate.ts';
import { playSurge } from './surge-run.ts';

type BaselineRequest = {
  readonly settings: GateSettings;
  readonly sources: GateSources;
  readonly dir: string;
  /** Runs that must count. */
  readonly runs: number;
  readonly file: string;
  readonly progress: GateProgress;
  readonly stop: AbortSignal;
};

/**
 * Plays until so many runs count, one seed each, and writes the file. Stopped, it writes none: what was played is in the folder.
 *
 * @throws NotReadyError when more runs are void than count: this machine can keep no baseline now.
 */
export async function measureBaseline(request: BaselineRequest): Promise<void> {
  const { settings, sources, dir, runs, file, progress, stop } = request;
  const played = readPlayed(dir);
  const sound = () => played.filter(({ figures }) => isSound(figures));
  while (sound().length < runs && !stop.aborted) {
    const voidRuns = played.length - sound().length;
    if (voidRuns > runs) {
      throw new NotReadyError(
        'too-many-void',
        `${voidRuns} of ${played.length} runs were void, such as: ${played.findLast(({ figures }) => !isSound(figures))!.figures.voidReasons[0]}`,
        'let nothing else run on this machine, then try again',
      );
    }
    const nth = sound().length;
    const next = { nth, side: 'base' as const, seed: settings.seed + nth };
    const leftMs = (runs - nth) * (nightTimes(sources.surge).nightEndMs + AROUND_A_RUN_MS);
    progress.begins(next, { toLookMs: leftMs, atMostMs: leftMs });
    try {
      const runDir = path.join(dir, 'runs', `${nth + 1}-base`);
      const run = await playSurge(
        sources.surge,
        next.seed,
        sources.candidate,
        runDir,
        settings.keepRuns,
        stop,
      );
      played.push({ round: 1, side: 'base', ...run });
      appendRun(dir, played.at(-1)!);
      progress.ended('base', run);
    } catch (error) {
      if (!isInterruption(error, stop)) throw error;
    }
  }
  if (stop.aborted) return;
  writeBaseline(file, {
    writtenAt: new Date().toISOString(),
    night: sources.night.id,
    size: settings.size,
    machine: sources.machine,
    base: sources.candidate.side,
    runs: sound().map(({ figures }) => figures),
  });
}
