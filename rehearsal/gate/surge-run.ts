/** One run of the gate: a short surge against one server, measured, and what of it is worth keeping. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { isSound } from '../../reports/gate/evidence.ts';
import { figuresOf, type GateFigures } from '../../reports/gate/figures.ts';
import type { Scenario } from '../../scenarios/schema.ts';
import { type NightRequest, prepareNight } from '../prepare.ts';
import { interruption } from '../processes.ts';
import { playAgainst, type ServerSource } from '../source/server-source.ts';
import { surgeFaults } from './short-surge.ts';

export type SurgeRun = { readonly figures: GateFigures; readonly tookMs: number };

/** How the surge is asked for, whichever server it meets: the crowd is the same. */
function surgeRequest(
  surge: Scenario,
  seed: number,
  { target, features }: { readonly target: string | null; readonly features: readonly string[] },
): NightRequest {
  return {
    scenario: surge,
    seed,
    scale: 1,
    timeScale: 1,
    profile: 'guarded',
    features,
    bodies: null,
    target,
    port: 0,
    faults: surgeFaults(surge),
  };
}

/**
 * Plays a surge into `runDir`. Of a run that nothing is wrong with only the summary is kept, unless `keep`: a gate has dozens.
 *
 * @throws RoomrushError when somebody stops it: half a run is no figure.
 */
export async function playSurge(
  surge: Scenario,
  seed: number,
  source: ServerSource,
  runDir: string,
  keep: boolean,
  stop: AbortSignal,
): Promise<SurgeRun> {
  const startMs = performance.now();
  rmSync(runDir, { recursive: true, force: true });
  mkdirSync(runDir, { recursive: true });
  const { summary } = await playAgainst(
    source.open,
    (opened) => ({ ...prepareNight(surgeRequest(surge, seed, opened)), yardstick: true }),
    runDir,
    () => {},
    stop,
  );
  const figures = figuresOf(summary);
  if (stop.aborted) throw interruption();
  if (!keep && isFlawless(figures)) forgetDetails(runDir);
  return { figures, tookMs: performance.now() - startMs };
}

function isFlawless(figures: GateFigures): boolean {
  return isSound(figures) && Object.values(figures.events).every((times) => times === null || times === 0);
}

const DETAILS = ['events', 'plan.csv', 'charts.json', 'report.html', 'packets-webrtc.bin', 'packets-rtp.bin'];

function forgetDetails(runDir: string): void {
  for (const name of DETAILS) rmSync(path.join(runDir, name), { recursive: true, force: true });
}
