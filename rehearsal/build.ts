/** How the reference server of a run is built: a profile, perhaps another policy, perhaps single features. */
import { nearestNames, UsageError } from '../errors.ts';
import { type Features, featuresSchema, PROFILES, type ProfileName } from '../server/profiles/features.ts';
import { DEFAULT_POLICY, POLICIES, type PolicyName } from '../server/profiles/policies.ts';

export type ServerBuild = {
  readonly profile: ProfileName;
  readonly policy: PolicyName;
  readonly features: Features;
  /** Features that were switched alone, as `name=value`; part of the run's name. */
  readonly mended: readonly string[];
};

/**
 * Resolves what the user asked for.
 *
 * @param featureFlags each `name=value`.
 * @throws UsageError unknown profile, policy, feature or value, with the nearest names.
 */
export function resolveBuild(
  profile: string,
  policy: string | undefined,
  featureFlags: readonly string[],
): ServerBuild {
  const profileName = oneOf('profile', profile, Object.keys(PROFILES) as ProfileName[]);
  const policyName =
    policy === undefined
      ? DEFAULT_POLICY[profileName]
      : oneOf('policy', policy, Object.keys(POLICIES) as PolicyName[]);
  const base: Features =
    policy === undefined ? PROFILES[profileName] : { ...PROFILES[profileName], ...POLICIES[policyName] };
  const switched: Record<string, string> = {};
  for (const flag of featureFlags) {
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
  return {
    profile: profileName,
    policy: policyName,
    features: featuresSchema.parse({ ...base, ...switched }),
    mended: Object.entries(switched).map(([name, value]) => `${name}=${value}`),
  };
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
