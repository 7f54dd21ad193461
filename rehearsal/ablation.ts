/**
 * What does each feature contribute? The naive build is played as it is, then with one feature mended at a time,
 * each time with the same crowd.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Ablation } from '../reports/ablation.ts';
import type { Scenario } from '../scenarios/schema.ts';
import type { Observe } from './night.ts';
import { prepareNight } from './prepare.ts';
import { runNight } from './run.ts';

/** The features that are mended alone, in the order of the report. */
const MENDED_ALONE = [
  'presence=batched',
  'roster=paged',
  'cap=exact',
  'queue=waiting-room',
  'hold=held',
] as const;

/**
 * Plays the six nights into sub-folders of `dir`.
 *
 * @returns null when it was interrupted: half an ablation says nothing.
 */
export async function runAblation(
  scenario: Scenario,
  seed: number,
  scale: number,
  dir: string,
  observe: (label: string) => Observe,
  stop: AbortSignal,
): Promise<Ablation | null> {
  const rows: Ablation['rows'][number][] = [];
  let machine = { cpuModel: 'unknown', cores: 1 };
  for (const mended of [null, ...MENDED_ALONE]) {
    const prepared = prepareNight({
      scenario,
      seed,
      scale,
      timeScale: 1,
      profile: 'clubhouse-2021',
      features: mended === null ? [] : [mended],
      bodies: null,
      target: null,
      port: 0,
      faults: [],
    });
    const runDir = path.join(dir, mended?.replace('=', '-') ?? 'naive');
    mkdirSync(runDir);
    const summary = await runNight(prepared, runDir, null, observe(mended ?? 'naive'), stop);
    if (stop.aborted) return null;
    machine = { cpuModel: summary.run.machine.cpuModel, cores: summary.run.machine.cores };
    rows.push({
      mended,
      result: summary.verdict.result,
      serverCpuSeconds: summary.server.cpuSeconds ?? 0,
      ejectionsInvoluntary: summary.ejections.involuntary,
      stranded: summary.ejections.stranded,
      neverInShare: summary.crowd.neverInShare,
      rejoinAttempts: summary.ejections.rejoinAttempts,
    });
  }
  return {
    schema: 'roomrush/ablation@1',
    scenario: scenario.id,
    profile: 'clubhouse-2021',
    seed,
    scale,
    measuredAt: new Date().toISOString().slice(0, 10),
    machine,
    rows,
  };
}
