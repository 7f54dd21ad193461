/** One probe of a search: a night at one scale, played, measured, and of its folder only what is worth keeping. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { readProbe } from '../../reports/capacity/evidence.ts';
import { type CapacityProbe, capacityProbeSchema } from '../../reports/capacity/schema.ts';
import { nightTimes } from '../../scenarios/schema.ts';
import type { Plan } from '../../simulator/plan/plan.ts';
import { clearUnfinished, finishedRun } from '../finished-run.ts';
import type { Observe } from '../night.ts';
import type { PreparedNight } from '../prepare.ts';
import { interruption } from '../processes.ts';
import { type OpenedServer, playAgainst, type ServerSource } from '../source/server-source.ts';

const PROBE_FILE = 'probe.json';
/** By these a probe is known again; the event log is what takes space. */
const KEPT = new Set([PROBE_FILE, 'summary.json', 'run.json', 'scenario.json', 'junit.xml']);

/**
 * What an earlier, broken-off search has measured of the same night; null: nothing.
 *
 * @param prepare the night. It is asked for only where something lies, as a crowd of thousands is drawn for it.
 */
export function keptProbe(prepare: () => PreparedNight, runDir: string): CapacityProbe | null {
  const file = path.join(runDir, PROBE_FILE);
  if (!existsSync(file) || finishedRun(runDir, prepare()) === null) return null;
  const probe = capacityProbeSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return probe.success ? probe.data : null;
}

export type ProbeRequest = {
  /** Whose server it meets. */
  readonly open: ServerSource['open'];
  /** The night at the level, for the server that was opened. */
  readonly prepare: (opened: OpenedServer) => PreparedNight;
  /** The level. */
  readonly scale: number;
  readonly runDir: string;
  /** Keep everything, and not only the figures of a probe that held and in which no check found anything. */
  readonly keep: boolean;
  readonly observe: Observe;
  readonly stop: AbortSignal;
};

/**
 * Plays a probe.
 *
 * @throws RoomrushError when somebody stops it: half a night is no probe.
 */
export async function playProbe(request: ProbeRequest): Promise<CapacityProbe> {
  const { open, prepare, scale, runDir, keep, observe, stop } = request;
  const startMs = performance.now();
  clearUnfinished(runDir);
  mkdirSync(runDir, { recursive: true });
  const { prepared, summary } = await playAgainst(open, prepare, runDir, observe, stop);
  if (stop.aborted) throw interruption();
  const planned = {
    scale,
    people: prepared.plan.size,
    arrivalsPerSecond: peakPerSecond(prepared.plan, nightTimes(prepared.scenario).surgeStartMs),
  };
  const probe = await readProbe(runDir, summary, planned, performance.now() - startMs);
  writeFileSync(path.join(runDir, PROBE_FILE), `${JSON.stringify(probe, null, 2)}\n`);
  const isExplained = probe.outcome === 'held' && summary.oracles.every(({ violations }) => violations === 0);
  if (isExplained && !keep) {
    for (const name of readdirSync(runDir)) {
      if (!KEPT.has(name)) rmSync(path.join(runDir, name), { recursive: true });
    }
  }
  return probe;
}

/** Planned arrivals in the fullest second, counted from the surge's start; who was there before it is not among them. */
export function peakPerSecond({ incumbentCount, size, columns }: Plan, surgeStartMs: number): number {
  const bySecond = new Map<number, number>();
  for (let person = incumbentCount; person < size; person++) {
    const second = Math.floor((columns.intendedMs[person]! - surgeStartMs) / 1000);
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
  }
  return Math.max(0, ...bySecond.values());
}
