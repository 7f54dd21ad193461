/** A persona as a listener: the habits, and what it shows of itself. Every body makes its people by this. */
import type { ListenerTraits } from '../listener/listener.ts';
import type { Plan } from '../plan/plan.ts';
import { createPersonas } from './persona.ts';

/** Equal (plan, seed, person) give equal traits, whoever was asked for before. */
export function createTraits(plan: Plan, seed: number): (personId: number) => ListenerTraits {
  const personaOf = createPersonas(plan, seed);
  return (personId) => {
    const { name, profile, habits } = personaOf(personId);
    return { personId, name, profile, ...habits };
  };
}
