/** A night for a k6 that a person starts by hand: the whole crowd, at a size, aimed at a server that is there. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { NotReadyError } from '../errors.ts';
import type { Scenario } from '../scenarios/schema.ts';
import { writeNightFile } from '../simulator/bodies/k6/night-file.ts';
import { drawPlan } from '../simulator/plan/plan.ts';
import { scaleScenario } from '../simulator/plan/scale.ts';

type NightSize = {
  readonly scale: number;
  readonly timeScale: number;
  readonly seed: number;
  /** ws://.../signal */
  readonly target: string;
};

/**
 * Writes the night for `k6 run scenarios/k6/surge.ts`.
 *
 * @returns how many people it has.
 * @throws NotReadyError when nothing can be written there.
 */
export function writeK6Night(
  file: string,
  night: Scenario,
  { scale, timeScale, seed, target }: NightSize,
): number {
  const { scenario } = scaleScenario(night, scale, timeScale);
  const plan = drawPlan(scenario, seed);
  const people = Array.from({ length: plan.size }, (_, personId) => personId);
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeNightFile(file, { scenario, seed, plan, people, target });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new NotReadyError(
      'no-k6-night',
      `cannot write ${file}: ${error.message}`,
      'choose another file with --out',
    );
  }
  return plan.size;
}

/** The scale at which a night has about so many people, and at most its own. */
export function scaleFor(night: Scenario, people: number): number {
  const all = night.incumbents.count + night.waves.reduce((sum, { count }) => sum + count, 0);
  return Math.min(1, people / all);
}
