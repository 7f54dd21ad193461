/** What a search makes larger: the crowd that comes, or the whole night with it. */
import type { Scenario } from '../../scenarios/schema.ts';

/**
 * The same night with more or fewer people who come: rooms, seats, pace and those inside stay, as they would on a night that
 * draws more than was thought.
 *
 * @param scale people who come for each one of the night; every wave keeps at least one.
 */
export function withSurge(night: Scenario, scale: number): Scenario {
  const waves = night.waves.map((wave) => ({ ...wave, count: Math.max(1, Math.round(wave.count * scale)) }));
  return { ...night, waves };
}
