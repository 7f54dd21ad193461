/**
 * The same night with less of its quiet parts, so that a search of a dozen probes takes minutes. Surge and tail, which the
 * objectives are about, stay as they are; so does all that the waves need before the surge.
 */
import type { Scenario } from '../../scenarios/schema.ts';

const RAMP_MS = 2_000;
const BASELINE_MS = 2_000;
const LEAVING_MS = 1_000;

/** Never longer than the night's own; incumbents still come calmly. */
export function withShortQuiet(night: Scenario): Scenario {
  const { phases, waves, moments } = night;
  const rampMs = Math.min(phases.rampMs, Math.max(RAMP_MS, calmRampMs(night)));
  const before = [
    ...moments.map(({ afterSurgeStartMs }) => -afterSurgeStartMs),
    ...waves.map(({ moment, hallwayMs }) => {
      const { afterSurgeStartMs } = moments.find(({ id }) => id === moment)!;
      return hallwayMs - afterSurgeStartMs;
    }),
  ];
  const baselineMs = Math.min(
    phases.rampMs + phases.baselineMs - rampMs,
    Math.max(Math.min(phases.baselineMs, BASELINE_MS), Math.max(...before) - rampMs),
  );
  return {
    ...night,
    phases: { ...phases, rampMs, baselineMs, leavingMs: Math.min(phases.leavingMs, LEAVING_MS) },
  };
}

/** So that incumbents come more slowly than half of what the admission lets in, and than the surge on the average. */
function calmRampMs({ incumbents, waves, phases, server }: Scenario): number {
  const arrivals = waves.reduce((sum, { count }) => sum + count, 0);
  const perMs = Math.min(server.pacing.seatsPerSecond / 2 / 1000, arrivals / phases.surgeMs);
  return incumbents.count / perMs;
}
