/** The night of a run, as it was written down before it was played: resolved, at its size, every default written out. */
import { type Scenario, scenarioSchema } from '../../scenarios/schema.ts';
import { readOwn } from './run-folder.ts';

/** @throws UsageError when there is none, or it is not one. */
export function readScenario(runDir: string): Scenario {
  return readOwn(runDir, 'scenario.json', scenarioSchema, 'a night');
}
