/**
 * Admission policies by name, each a list of parts as a scenario would write it. A profile has one by default, and
 * `--policy` replaces only what decides who gets a seat.
 */
import { type PartInput, type PartName, type Policy, readPolicy } from '../admission/parts.ts';
import type { Features, ProfileName } from './features.ts';

/** The features that are parts of the admission policy. */
export type AdmissionFeatures = Pick<
  Features,
  'priority' | 'queue' | 'pacing' | 'limit' | 'cap' | 'hold' | 'overflow'
>;

export const POLICIES = {
  open: [{ part: 'open' }],
  'cap-soft': [{ part: 'cap-soft' }],
  cap: [{ part: 'cap' }],
  'token-bucket': [{ part: 'token-bucket' }, { part: 'cap' }],
  'waiting-room': [
    { part: 'waiting-room' },
    { part: 'token-bucket' },
    { part: 'cap' },
    { part: 'hold' },
    { part: 'overflow' },
  ],
  adaptive: [{ part: 'adaptive' }, { part: 'open' }],
  priority: [
    { part: 'priority' },
    { part: 'waiting-room' },
    { part: 'adaptive' },
    { part: 'cap' },
    { part: 'hold' },
    { part: 'overflow' },
  ],
} as const satisfies Record<string, readonly PartInput[]>;
export type PolicyName = keyof typeof POLICIES;

/** The policy that each profile has unless told otherwise. */
export const DEFAULT_POLICY = {
  'clubhouse-2021': 'cap-soft',
  guarded: 'waiting-room',
} as const satisfies Record<ProfileName, PolicyName>;

/** A policy of ours by name; they are right by construction, which a test checks. */
export function policyNamed(name: PolicyName): Policy {
  const read = readPolicy(POLICIES[name]);
  if (!read.ok) throw new Error(`policy ${name}: ${read.problems.join('; ')}`);
  return read.policy;
}

/** What a policy's parts are called as features, so that each can be switched alone. */
export function featuresOfParts(parts: readonly PartName[]): AdmissionFeatures {
  const has = (part: PartName): boolean => parts.includes(part);
  return {
    priority: has('priority') ? 'lanes' : 'none',
    queue: has('waiting-room') ? 'waiting-room' : 'none',
    pacing: has('token-bucket') ? 'paced' : 'none',
    limit: has('adaptive') ? 'adaptive' : 'none',
    cap: has('open') ? 'none' : has('cap-soft') ? 'soft' : 'exact',
    hold: has('hold') ? 'held' : 'none',
    overflow: has('overflow') ? 'relay' : 'none',
  };
}

/** The other way round. */
export function partsOfFeatures(features: AdmissionFeatures): readonly PartName[] {
  const cap = { none: 'open', soft: 'cap-soft', exact: 'cap' } as const;
  const parts: readonly (PartName | false)[] = [
    features.priority === 'lanes' && 'priority',
    features.queue === 'waiting-room' && 'waiting-room',
    features.pacing === 'paced' && 'token-bucket',
    features.limit === 'adaptive' && 'adaptive',
    cap[features.cap],
    features.hold === 'held' && 'hold',
    features.overflow === 'relay' && 'overflow',
  ];
  return parts.filter((part) => part !== false);
}
