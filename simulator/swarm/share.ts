/** The part of the crowd that one process carries out. */
import { EXIT, RoomrushError } from '../../errors.ts';
import type { Scenario } from '../../scenarios/schema.ts';
import { type AssignedBodies, assignBodies, type BodyName } from '../plan/bodies.ts';
import { drawPlan, type Plan } from '../plan/plan.ts';

type Crowd = {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly browsers: number;
  readonly planDigest: string;
  readonly bodies: Scenario['bodies'];
};

/**
 * Draws the crowd and takes the people of one body.
 *
 * @throws RoomrushError when it is not the crowd that the starter drew.
 */
export function drawShare(
  crowd: Crowd,
  body: BodyName,
): { readonly plan: Plan; readonly assigned: AssignedBodies; readonly people: readonly number[] } {
  const plan = drawPlan(crowd.scenario, crowd.seed, crowd.browsers);
  if (plan.digest !== crowd.planDigest) {
    throw new RoomrushError(
      'plan-differs',
      `expected the crowd ${crowd.planDigest}, drew ${plan.digest}`,
      'the processes of a run must be of one version of roomrush',
      EXIT.defect,
    );
  }
  const assigned = assignBodies(plan, crowd.bodies);
  const people = Array.from({ length: plan.size }, (_, id) => id).filter(
    (id) => assigned.bodyOf(id) === body,
  );
  return { plan, assigned, people };
}
