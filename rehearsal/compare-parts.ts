/** From what a user asked to compare to the runs of the comparison, each with its place. */
import { nearestNames, UsageError } from '../errors.ts';
import type { ComparisonPlan, Place } from '../reports/comparison/from-runs.ts';
import { CONTROL_POLICY } from '../reports/comparison/policies.ts';
import { type Features, PROFILES, type ProfileName } from '../server/profiles/features.ts';
import type { ComparePart } from './compare.ts';
import { rotatedOrder } from './compare-order.ts';
import type { NightRequest } from './prepare.ts';

/** What of a profile is not the admission control: on these features policies can be compared. */
const NOT_ADMISSION = ['roster', 'presence', 'hallway'] as const satisfies readonly (keyof Features)[];

/**
 * Reads `--features`: single switches, or a profile's name for that profile's features other than admission.
 *
 * @returns each `name=value`; names and values are checked where the build is resolved.
 * @throws UsageError when it is neither.
 */
export function readFeatures(text: string): readonly string[] {
  if (Object.hasOwn(PROFILES, text)) {
    const profile = PROFILES[text as ProfileName];
    return NOT_ADMISSION.map((name) => `${name}=${profile[name]}`);
  }
  const flags = text.split(',').map((flag) => flag.trim());
  if (flags.every((flag) => flag.includes('='))) return flags;
  const near = nearestNames(text, Object.keys(PROFILES));
  throw new UsageError(
    'bad-features',
    `expected name=value,name=value or the name of a profile, got '${text}'`,
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : 'for example --features clubhouse-2021, or --features presence=each,roster=whole',
  );
}

/** One seed after the other, beginning with the given one. */
export function seedsFrom(seed: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, nth) => (seed + nth) >>> 0);
}

/** What stays the same in all runs of a comparison. */
export type CompareBase = Omit<NightRequest, 'profile' | 'policy' | 'seed'>;

/**
 * The runs of a comparison in the order in which they are played, and its plan.
 *
 * @param policies null: each profile has its own.
 */
export function compareParts(
  base: CompareBase,
  profiles: readonly string[],
  policies: readonly string[] | null,
  seeds: readonly number[],
): { readonly parts: readonly ComparePart[]; readonly plan: ComparisonPlan | null } {
  const builds = profiles.flatMap((profile) =>
    (policies ?? [undefined]).map((policy) => ({
      profile,
      policy,
      label: policy === undefined ? profile : profiles.length === 1 ? policy : `${profile}/${policy}`,
    })),
  );
  const labels = builds.map(({ label }) => label);
  const twice = labels.find((label, nth) => labels.indexOf(label) !== nth);
  if (twice !== undefined) {
    throw new UsageError('same-twice', `expected different builds, got ${twice} twice`, 'name each once');
  }
  const partOf = (place: Place): ComparePart => {
    const { profile, policy } = builds.find(({ label }) => label === place.policy)!;
    return { place, request: { ...base, profile, policy, seed: place.seed } };
  };
  const plan = { policies: labels, seeds };
  const compared = rotatedOrder(plan).map(partOf);
  if (policies === null && seeds.length === 1) return { parts: compared, plan: null };
  if (policies === null || profiles.length > 1 || policies.includes(CONTROL_POLICY)) {
    return { parts: compared, plan };
  }
  // Whether the night asks anything of an admission control is known first, before an hour is spent.
  const [profile, seed] = [profiles[0]!, seeds[0]!];
  const probe: ComparePart = {
    place: { policy: CONTROL_POLICY, seed, role: 'probe', again: false },
    request: { ...base, profile, policy: CONTROL_POLICY, seed },
  };
  return { parts: [probe, ...compared], plan };
}
