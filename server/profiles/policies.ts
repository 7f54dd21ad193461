/**
 * Admission policies by name: each is a preset of the features that decide who gets a seat. A profile has one
 * by default, and `--policy` replaces only these features.
 */
import type { Features, ProfileName } from './features.ts';

type AdmissionFeatures = Pick<Features, 'cap' | 'queue' | 'pacing' | 'hold' | 'overflow'>;

export const POLICIES = {
  'cap-soft': { cap: 'soft', queue: 'none', pacing: 'none', hold: 'none', overflow: 'none' },
  'waiting-room': { cap: 'exact', queue: 'waiting-room', pacing: 'paced', hold: 'held', overflow: 'relay' },
} as const satisfies Record<string, AdmissionFeatures>;
export type PolicyName = keyof typeof POLICIES;

/** The policy that each profile has unless told otherwise. */
export const DEFAULT_POLICY = {
  'clubhouse-2021': 'cap-soft',
  guarded: 'waiting-room',
} as const satisfies Record<ProfileName, PolicyName>;
