/** Whether runs may be held against each other: whatever else than the build differs could be what the figures show. */
import { isDeepStrictEqual } from 'node:util';
import type { Scenario } from '../../scenarios/schema.ts';
import { differencesBetween, fingerprintOf } from '../gate/fingerprint.ts';
import { format, listed } from '../render/format.ts';
import type { Summary } from '../summary-schema.ts';

type Run = Summary['run'];

/** A run, and the build that stands for it in sentences. */
export type NamedRun = { readonly build: string; readonly summary: Summary; readonly scenario: Scenario };

/** Parts of a night that a crowd does not meet, or that are its build's. */
const APART_FROM_THE_NIGHT: ReadonlySet<string> = new Set([
  'title',
  'story',
  'sources',
  'objectives',
  'policies',
]);

/**
 * Why runs are not like for like, each reason once; empty: they are. Everything is held against the first run. Who came is
 * not looked at: whether two runs must have met the same crowd depends on how many there are.
 */
export function notAlike(runs: readonly NamedRun[]): string[] {
  const first = runs[0];
  if (first === undefined) return [];
  const reasons = runs.flatMap((one) => [...doubtsOf(one), ...(one === first ? [] : unlike(first, one))]);
  return [...new Set(reasons)];
}

/** What stands against a run's figures whatever they are held against. */
function doubtsOf({ build, summary: { run, verdict } }: NamedRun): string[] {
  if (verdict.result === 'void') return [`${build} is void: ${verdict.reasons.join('; ')}`];
  return [
    ...(run.partial ? [`${build} was broken off`] : []),
    ...(run.profiler === null
      ? []
      : [`${build} was profiled with clinic ${run.profiler.tool}, which costs CPU by itself`]),
  ];
}

function unlike(first: NamedRun, other: NamedRun): string[] {
  const [a, b] = [first.summary.run, other.summary.run];
  const differs = (what: string, textOf: (run: Run) => string) =>
    textOf(a) === textOf(b)
      ? []
      : [`${what}: ${textOf(a)} for ${first.build}, ${textOf(b)} for ${other.build}`];
  const night = differs('another night', ({ scenario }) => scenario);
  const size = [
    ...differs('another scale', ({ scale }) => String(scale)),
    ...differs('another time-scale', ({ timeScale }) => String(timeScale)),
    ...differs('other bodies', ({ bodies }) => bodiesText(bodies)),
  ];
  return [
    ...night,
    ...size,
    // Where name or size differ, they are why the rest does.
    ...(night.length + size.length > 0 ? [] : changedReason(first.scenario, other.scenario)),
    ...differs('other faults', faultsText),
    ...machineReasons(first, other),
    ...differs('another version of roomrush', ({ versions }) => versions['roomrush'] ?? 'unknown'),
  ];
}

function changedReason(before: Scenario, after: Scenario): string[] {
  const changed = (Object.keys(before) as (keyof Scenario)[]).filter(
    (part) => !APART_FROM_THE_NIGHT.has(part) && !isDeepStrictEqual(before[part], after[part]),
  );
  return changed.length === 0 ? [] : [`the night was changed between the runs: its ${listed(changed)}`];
}

function machineReasons(first: NamedRun, other: NamedRun): string[] {
  const of = ({ summary: { run } }: NamedRun) =>
    fingerprintOf(run.machine, run.versions, `mediasoup ${run.versions['mediasoup'] ?? 'unknown'}`);
  return differencesBetween(of(first), of(other)).map(
    (what) => `from ${first.build} to ${other.build}, ${what}`,
  );
}

function bodiesText({ incumbents, arrivals }: Run['bodies']): string {
  const shares = (of: object) =>
    Object.entries(of)
      .filter(([, share]) => share > 0)
      .map(([body, share]) => `${body} ${format(share, 'share')}`)
      .join(', ');
  return `${shares(arrivals)} (inside before: ${shares(incumbents)})`;
}

function faultsText({ faults }: Run): string {
  const each = faults.map(
    ({ kind, atMs, share }) =>
      `${kind}${share === null ? '' : ` ${format(share, 'share')}`} at ${format(atMs, 'ms')}`,
  );
  return each.length === 0 ? 'none' : each.join(', ');
}
