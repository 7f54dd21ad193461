import { examineLimits } from './doctor/limits.ts';
import { examineParts } from './doctor/parts.ts';
import type { DoctorRow } from './doctor/row.ts';

export type { DoctorRow } from './doctor/row.ts';

/** Looks at everything that a night needs; changes nothing. */
export async function examineMachine(): Promise<DoctorRow[]> {
  return [...(await examineParts()), ...examineLimits()];
}

/** Whether a night can run here; warnings do not stand in its way. */
export function machineIsReady(rows: readonly DoctorRow[]): boolean {
  return rows.every((row) => row.status !== 'missing');
}
