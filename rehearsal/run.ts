/** One run from request to summary: prepare, play, measure. */
import path from 'node:path';
import { summarise } from '../reports/index.ts';
import type { RunRecord } from '../reports/store/run-record.ts';
import type { Summary } from '../reports/summary.ts';
import { drawClinicPage } from './clinic/server-profile.ts';
import { k6Version } from './k6.ts';
import { describeMachine, describeVersions } from './machine.ts';
import { type Observe, playNight } from './night.ts';
import type { Preflight } from './preflight.ts';
import type { PreparedNight } from './prepare.ts';

/** The name of a build in folder names: profile, policy and what was switched alone; another server has none. */
export function buildName(prepared: PreparedNight): string {
  if (prepared.target !== null) return 'target';
  const { profile, policy, mended } = prepared.build;
  const { profiler } = prepared;
  return [
    ...[profile, policy],
    ...mended.map((one) => one.replace('=', '-')),
    ...(profiler === null ? [] : [`clinic-${profiler}`]),
  ].join('-');
}

/** What is written down about a run before it starts. */
export function recordOf(prepared: PreparedNight, id: string, preflight: Preflight | null): RunRecord {
  return {
    schema: 'roomrush/run@1',
    id,
    scenario: prepared.scenario.id,
    seed: prepared.seed,
    scale: prepared.scale,
    timeScale: prepared.timeScale,
    planDigest: prepared.plan.digest,
    profile: prepared.build.profile,
    policy: prepared.build.policy,
    features: prepared.build.features,
    bodies: prepared.bodies,
    browsers: prepared.plan.browserCount,
    target: prepared.target,
    machine: describeMachine(),
    versions: { ...describeVersions(), ...versionsOfTools(prepared) },
    times: prepared.times,
    startedAt: new Date().toISOString(),
    faults: prepared.faults.map((fault) => ({
      kind: fault.kind,
      atMs: fault.atMs,
      share: fault.kind === 'cut' ? fault.share : null,
    })),
    profiler: prepared.profiler,
    preflight,
    status: 'running',
  };
}

/** Programs that only some runs use. */
function versionsOfTools({ swarms, setup }: PreparedNight): Record<string, string> {
  return swarms.includes('k6') && setup.k6 !== null ? { k6: k6Version(setup.k6) } : {};
}

/**
 * Plays a prepared night into `runDir` and measures it. What was measured until an interruption is kept and
 * summarised as partial.
 *
 * @param observe is told of the night before it begins, of what happens in it, and of its verdict.
 */
export async function runNight(
  prepared: PreparedNight,
  runDir: string,
  preflight: Preflight | null,
  observe: Observe,
  stop: AbortSignal,
): Promise<Summary> {
  const record = recordOf(prepared, path.basename(runDir), preflight);
  observe({ type: 'night', prepared });
  await playNight(prepared, record, runDir, observe, stop);
  const { profiler } = prepared;
  if (profiler !== null) {
    observe({ type: 'step', text: `clinic ${profiler} draws its page` });
    await drawClinicPage(profiler, runDir, stop);
  }
  observe({ type: 'step', text: 'measuring' });
  const summary = await summarise(runDir);
  observe({ type: 'verdict', summary });
  return summary;
}
