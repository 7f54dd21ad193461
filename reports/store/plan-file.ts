/**
 * The crowd of a run as a file that DuckDB reads: who was to come, when, from where, in which group and by which body.
 * Names are in any script and may hold anything; they are quoted as RFC 4180 has it.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Persona } from '../../simulator/persona/persona.ts';
import type { Person } from '../../simulator/plan/person.ts';

/** Columns of plan.csv, with a header line. */
export const PLAN_COLUMNS = [
  'person_id',
  'intended_ms',
  'cohort',
  'body',
  'counted',
  'stay_ms',
  'origin',
  'name',
] as const;

/** The parts of a plan and of its bodies that are written down. */
type PlanToWrite = {
  readonly size: number;
  personAt(personId: number): Pick<Person, 'personId' | 'intendedMs' | 'cohort' | 'stayMs'>;
};
type BodiesToWrite = {
  bodyOf(personId: number): string;
  /** Every packet of these passes through decryption: they are counted whatever the machine lacks. */
  withCallback(personId: number): boolean;
};

type PersonasToWrite = (personId: number) => Pick<Persona, 'name' | 'origin'>;

/** Writes `plan.csv` into a run's folder. */
export function writePlan(
  runDir: string,
  plan: PlanToWrite,
  bodies: BodiesToWrite,
  personaOf: PersonasToWrite,
): void {
  const lines = [PLAN_COLUMNS.join(',')];
  for (let person = 0; person < plan.size; person++) {
    const { personId, intendedMs, cohort, stayMs } = plan.personAt(person);
    const body = bodies.bodyOf(personId);
    const counted = bodies.withCallback(personId);
    const { name, origin } = personaOf(personId);
    lines.push([personId, intendedMs, cohort, body, counted, stayMs, origin, quoted(name)].join());
  }
  writeFileSync(path.join(runDir, 'plan.csv'), `${lines.join('\n')}\n`);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
