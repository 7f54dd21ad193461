/** How the reference server of a run is built: a profile, perhaps another policy, perhaps single features. */
import { nearestNames, UsageError } from '../errors.ts';
import type { Scenario } from '../scenarios/schema.ts';
import {
  contradictions,
  type PartInput,
  type Policy,
  type PolicyParameters,
  readPolicy,
} from '../server/admission/parts.ts';
import { type Features, featuresSchema, PROFILES, type ProfileName } from '../server/profiles/features.ts';
import {
  DEFAULT_POLICY,
  featuresOfParts,
  POLICIES,
  type PolicyName,
  partsOfFeatures,
  policyNamed,
} from '../server/profiles/policies.ts';

export type ServerBuild = {
  readonly profile: ProfileName;
  /** One of ours, or one of the night's own. */
  readonly policy: string;
  readonly features: Features;
  readonly policyParameters: PolicyParameters;
  /** Features that were switched alone, as `name=value`; part of the run's name. */
  readonly mended: readonly string[];
};

/**
 * Resolves what the user asked for.
 *
 * @param featureFlags each `name=value`.
 * @param own policies of the night, by name; they go before ours of the same name.
 * @throws UsageError unknown profile, policy, feature or value, with the nearest names; a policy that cannot work.
 */
export function resolveBuild(
  profile: string,
  policy: string | undefined,
  featureFlags: readonly string[],
  own: Scenario['policies'],
): ServerBuild {
  const profileName = oneOf('profile', profile, Object.keys(PROFILES) as ProfileName[]);
  const policyName = policy ?? DEFAULT_POLICY[profileName];
  const { parts, parameters } = policyOf(policyName, own);
  const switched = switchesOf(featureFlags);
  const features = featuresSchema.parse({
    ...PROFILES[profileName],
    ...featuresOfParts(parts),
    ...switched,
  });
  const mended = Object.entries(switched).map(([name, value]) => `${name}=${value}`);
  refuse(`${policyName} with ${mended.join(', ')}`, contradictions(partsOfFeatures(features), parameters));
  return { profile: profileName, policy: policyName, features, policyParameters: parameters, mended };
}

/**
 * Checks every policy that a night brings.
 *
 * @throws UsageError with every problem of the first one that cannot work.
 */
export function checkPolicies(night: Pick<Scenario, 'policies'>): void {
  for (const name of Object.keys(night.policies)) policyOf(name, night.policies);
}

function policyOf(name: string, own: Scenario['policies']): Policy {
  const list = own[name];
  if (list === undefined) {
    const ours = Object.keys(POLICIES) as PolicyName[];
    return policyNamed(oneOf('policy', name, [...ours, ...(Object.keys(own) as PolicyName[])]));
  }
  const read = readPolicy(list as readonly PartInput[]);
  if (read.ok) return read.policy;
  refuse(name, read.problems);
  throw new RangeError(`policy ${name} was refused without a problem`);
}

function refuse(name: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new UsageError(
    'bad-policy',
    `the policy ${name} cannot work:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    'docs/reference/policies.md lists the parts, their order and their parameters',
  );
}

function switchesOf(flags: readonly string[]): Readonly<Record<string, string>> {
  const switched: Record<string, string> = {};
  for (const flag of flags) {
    const [name, value, ...rest] = flag.split('=');
    if (!name || !value || rest.length > 0) {
      throw new UsageError(
        'bad-feature',
        `expected name=value, got '${flag}'`,
        'for example --feature presence=batched',
      );
    }
    const feature = oneOf('feature', name, Object.keys(featuresSchema.shape) as (keyof Features)[]);
    switched[feature] = oneOf(
      `value of ${feature}`,
      value,
      featuresSchema.shape[feature].options as readonly string[],
    );
  }
  return switched;
}

function oneOf<Name extends string>(what: string, given: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === given);
  if (found !== undefined) return found;
  const near = nearestNames(given, names);
  throw new UsageError(
    `unknown-${what.split(' ')[0]}`,
    `expected a ${what}, got '${given}'`,
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are: ${names.join(', ')}`,
  );
}
