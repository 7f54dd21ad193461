/** A person of the plan as a listener: the plan's numbers and the texts that go with them. */
import type { ListenerTraits } from '../listener/listener.ts';
import type { Plan } from '../plan/plan.ts';
import { createNames } from './name.ts';

/** Equal (plan, seed, person) give equal traits, whoever was asked for before. */
export function createTraits(plan: Plan, seed: number): (personId: number) => ListenerTraits {
  const nameOf = createNames(seed);
  return (personId) => ({ ...plan.personAt(personId), name: nameOf(personId) });
}
