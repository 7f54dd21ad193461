/**
 * Who somebody is: what others see of them, where they came from, and the habits that the plan has drawn. No crowd is
 * too large for it: texts are made from a person's own number, not taken from a pool that could be used up.
 */
import type { Origin } from '../../scenarios/schema.ts';
import type { Profile } from '../../server/protocol/messages.ts';
import type { ListenerTraits } from '../listener/listener.ts';
import type { Person } from '../plan/person.ts';
import type { Plan } from '../plan/plan.ts';
import { createTexts } from './texts.ts';

/** What a person does, and what they put up with: the plan's numbers on which a listener acts. */
type Habits = Omit<ListenerTraits, 'personId' | 'name' | 'profile'>;

/** Name and profile are within the bounds of the protocol; no two profiles of a crowd have the same handle. */
export type Persona = {
  readonly personId: number;
  readonly name: string;
  readonly profile: Profile;
  readonly origin: Origin;
  readonly habits: Habits;
};

/**
 * The personas of one crowd. Equal (plan, seed, person) give equal personas, whoever was asked for before. What was
 * made is kept, about a kilobyte a person.
 *
 * @throws RangeError there for a number that is nobody's.
 */
export function createPersonas(plan: Plan, seed: number): (personId: number) => Persona {
  const texts = createTexts(seed);
  const known = new Map<number, Persona>();
  return (personId) => {
    const had = known.get(personId);
    if (had !== undefined) return had;
    const person = plan.personAt(personId);
    const persona: Persona = {
      personId,
      name: texts.nameOf(personId),
      profile: texts.profileOf(personId),
      origin: person.origin,
      habits: habitsOf(person),
    };
    known.set(personId, persona);
    return persona;
  };
}

/** Column by column, so that nothing of a plan goes into a listener unseen. */
function habitsOf(person: Person): Habits {
  return {
    intendedMs: person.intendedMs,
    startPatienceMs: person.startPatienceMs,
    queuePatienceMs: person.queuePatienceMs,
    stayMs: person.stayMs,
    raisesHandAfterMs: person.raisesHandAfterMs,
    leavesSilently: person.leavesSilently,
    returns: person.returns,
    returnDelayMs: person.returnDelayMs,
    joinsParallel: person.joinsParallel,
    opensParallel: person.opensParallel,
  };
}
