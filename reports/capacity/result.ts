/** From the probes of a search to what may be said: a knee with its interval, or why there is none. */

import { limitOf } from './limit.ts';
import type { CapacityProbe, CapacityResult, SearchRange } from './schema.ts';
import { type Bracket, bracketOf, isConfirmed, type SearchOptions, type Step, verdictOf } from './search.ts';

export type SearchEnd = Extract<Step, { readonly step: 'end' }>['how'] | 'interrupted';

/**
 * What a search found.
 *
 * The interval goes from the largest scale at and below which every probe held to the smallest at and above which every
 * probe failed. A knee needs a level that three probes confirmed and, above it, one at which the server failed.
 */
export function resultOf(
  probes: readonly CapacityProbe[],
  options: SearchOptions,
  end: SearchEnd,
): CapacityResult {
  const bracket = bracketOf(probes, options);
  const { low, high } = bracket;
  const kind = kindOf(bracket, options, end);
  const at = (scale: number, outcome: CapacityProbe['outcome']) =>
    probes.filter((probe) => probe.scale === scale && probe.outcome === outcome);
  const held = low === null ? [] : at(low.scale, 'held');
  const failing = high === null || verdictOf(high) !== 'failed' ? [] : at(high.scale, 'failed');
  return {
    kind,
    isNarrow: low !== null && high !== null && high.scale / low.scale <= options.resolution,
    held:
      low === null
        ? null
        : {
            scale: low.scale,
            confirmed: isConfirmed(low),
            probes: low.held + low.failed,
            heldProbes: low.held,
            arrivalsPerSecond: least(held.map((probe) => probe.arrivalsPerSecond)),
            people: least(held.map((probe) => probe.people)),
            seatedMax: least(held.map((probe) => probe.seatedMax)),
          },
    gaveIn:
      high === null
        ? null
        : {
            scale: high.scale,
            who: verdictOf(high) === 'generator' ? 'generator' : 'server',
            arrivalsPerSecond: least(
              probes.filter(({ scale }) => scale === high.scale).map((probe) => probe.arrivalsPerSecond),
            ),
          },
    interval: intervalOf(probes),
    limit: failing.length === 0 ? null : limitOf(failing),
  };
}

/** Largest scale up to which all held, smallest from which all failed; of probes that were judged. */
function intervalOf(probes: readonly CapacityProbe[]): SearchRange {
  const scalesOf = (outcome: CapacityProbe['outcome']) =>
    probes.filter((probe) => probe.outcome === outcome).map(({ scale }) => scale);
  const [held, failed] = [scalesOf('held'), scalesOf('failed')];
  const below = held.filter((scale) => !failed.some((one) => one <= scale));
  const above = failed.filter((scale) => !held.some((one) => one >= scale));
  return {
    low: below.length === 0 ? null : Math.max(...below),
    high: above.length === 0 ? null : Math.min(...above),
  };
}

function kindOf(
  { low, high }: Bracket,
  { scaleMin, scaleMax }: SearchOptions,
  end: SearchEnd,
): CapacityResult['kind'] {
  if (end === 'interrupted') return 'unfinished';
  if (end === 'void') return 'void';
  if (high !== null && verdictOf(high) === 'generator' && (low === null || isConfirmed(low))) {
    return low !== null || high.scale <= scaleMin ? 'generator' : 'unfinished';
  }
  if (low === null) return high !== null && high.scale <= scaleMin ? 'below' : 'unfinished';
  if (!isConfirmed(low)) return 'unfinished';
  if (high === null) return low.scale >= scaleMax ? 'beyond' : 'unfinished';
  return 'knee';
}

/** How many times more the first one carries than the second: null where either has no knee. */
export function ratioOf(
  first: CapacityResult,
  second: CapacityResult,
): ({ value: number } & SearchRange) | null {
  if (first.kind !== 'knee' || second.kind !== 'knee') return null;
  const over = (a: number | null, b: number | null) => (a === null || b === null ? null : a / b);
  return {
    value: first.held!.scale / second.held!.scale,
    low: over(first.interval.low, second.interval.high),
    high: over(first.interval.high, second.interval.low),
  };
}

function least(values: readonly number[]): number {
  return Math.min(...values);
}
