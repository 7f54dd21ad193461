/** What a million people cost: to draw their plan, in CPU and in memory, and to make what others see of them. */
import { zuckerberg } from '../scenarios/library/zuckerberg.ts';
import { scenarioSchema } from '../scenarios/schema.ts';
import { createTraits } from '../simulator/persona/traits.ts';
import { drawPlan } from '../simulator/plan/plan.ts';
import { scaleScenario } from '../simulator/plan/scale.ts';
import { type BenchRow, figure } from './bench-row.ts';

const PEOPLE = 1_000_000;
/** Of whom texts are made: a night plays thousands, and each keeps theirs. */
const PERSONAS = 5_000;

/** CPU seconds and bytes a person of a plan, and CPU microseconds a persona with all its texts. */
export function benchPlan(): readonly BenchRow[] {
  const night = scenarioSchema.parse(zuckerberg);
  const people = night.incumbents.count + night.waves.reduce((sum, { count }) => sum + count, 0);
  const { scenario } = scaleScenario(night, PEOPLE / people, 1);
  const plan = cpuOf(() => drawPlan(scenario, 1));
  const bytes = Object.values(plan.result.columns).reduce((sum, column) => sum + column.byteLength, 0);
  const personas = cpuOf(() => {
    const traitsOf = createTraits(plan.result, 1);
    for (let personId = 0; personId < PERSONAS; personId++) traitsOf(personId);
  });
  return [
    figure(`plan: CPU s for ${plan.result.size} people`, plan.cpuSeconds, 2, { op: '<=', limit: 5 }),
    figure('plan: bytes a person', bytes / plan.result.size, 0, { op: '<=', limit: 200 }),
    figure('persona: CPU us a person', (1e6 * personas.cpuSeconds) / PERSONAS, 0),
  ];
}

function cpuOf<T>(work: () => T): { readonly result: T; readonly cpuSeconds: number } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, cpuSeconds: (user + system) / 1e6 };
}
