/** Pass, fail or void: the night's objectives, and the rules by which a rehearsal doubts itself first. */
import { nearestNames, UsageError } from '../errors.ts';
import type { Objective, Scenario } from '../scenarios/schema.ts';
import type { Measured, ObjectiveResult, Summary } from './summary.ts';

/** Limits of the void rules. */
export const VOID_LIMITS = {
  slipP99Ms: 50,
  busySeconds: 2,
  foreignCpuShare: 0.3,
} as const;

/** What an objective's value stands on, by the first part of its path. */
const EXPOSED: Readonly<Record<string, (measured: Measured) => number>> = {
  crowd: (measured) => measured.crowd.arrivedInSurge,
  ejections: (measured) => measured.crowd.joined,
  incumbents: (measured) => measured.incumbents.counted,
  admission: (measured) => measured.crowd.arrived,
  overflow: (measured) => measured.overflow.seatedMax,
};

/** The measures that an objective may name: numbers whose path does not depend on the run. */
const OBJECTIVE_MEASURES: readonly string[] = [
  'crowd.joined',
  'crowd.gaveUp',
  'crowd.refused',
  'crowd.waitingAtEnd',
  'crowd.lost',
  'crowd.neverIn',
  'crowd.neverInShare',
  'crowd.answeredWithin2sShare',
  'ejections.involuntary',
  'ejections.involuntaryShare',
  'ejections.stranded',
  'ejections.returnMs',
  'ejections.rejoinAttempts',
  'overflow.roomsOpened',
  'overflow.seatedMax',
  'overflow.relayLagMs.p50',
  'overflow.relayLagMs.p99',
  'overflow.promotionGapMs.p99',
  'overflow.promotionGapMs.max',
  'incumbents.lossShareBefore',
  'incumbents.lossShareSurge',
  'incumbents.longestGapMs',
  'admission.overAdmitted',
  'admission.fifoInversions',
  'admission.leakedSeats',
  'admission.ghostSeats',
  'admission.replayedTickets',
  'admission.seatsFilledShare',
];

/**
 * Checks before a run that every objective names a measure.
 *
 * @throws UsageError with all that do not, each with the nearest names.
 */
export function checkObjectives(night: Scenario): void {
  const unknown = night.objectives.filter((objective) => !OBJECTIVE_MEASURES.includes(objective.measure));
  if (unknown.length === 0) return;
  const lines = unknown.map((objective) => {
    const near = nearestNames(objective.measure, OBJECTIVE_MEASURES);
    return `  ${objective.id}: no measure '${objective.measure}'${near.length > 0 ? `, did you mean ${near.join(' or ')}?` : ''}`;
  });
  throw new UsageError(
    'unknown-measure',
    `objectives on measures that do not exist:\n${lines.join('\n')}`,
    `measures: ${OBJECTIVE_MEASURES.join(', ')}`,
  );
}

/** Judges what was measured. Void before fail before pass. */
export function judge(measured: Measured, night: Scenario): Summary['verdict'] {
  const objectives = night.objectives.map((objective) => judgeObjective(objective, measured));
  const voids = voidReasons(measured);
  if (voids.length > 0) return { result: 'void', reasons: voids, objectives };
  if (objectives.every((objective) => objective.pass === null)) {
    return {
      result: 'void',
      reasons: ['nothing could be judged: nobody was exposed to any objective'],
      objectives,
    };
  }
  const failed = objectives.filter((objective) => objective.pass === false);
  return failed.length === 0
    ? { result: 'pass', reasons: ['every objective holds'], objectives }
    : { result: 'fail', reasons: failed.map((objective) => objective.title), objectives };
}

function judgeObjective(objective: Objective, measured: Measured): ObjectiveResult {
  const value = valueAt(measured, objective.measure);
  const part = objective.measure.split('.')[0]!;
  const samples = EXPOSED[part]?.(measured) ?? 0;
  const result = (pass: boolean | null, note: string | null): ObjectiveResult => ({
    ...objective,
    measured: value,
    samples,
    pass,
    note,
  });
  if (value !== null)
    return result(objective.op === '<=' ? value <= objective.limit : value >= objective.limit, null);
  if (part === 'incumbents' && !listensToMedia(measured))
    return result(null, 'no listener with audio took part');
  if (part === 'incumbents' && measured.incumbents.count === 0 && measured.crowd.arrived === 0)
    return result(null, 'nobody was there');
  if (part === 'admission' && measured.run.target !== null)
    return result(null, "another's server: its ledger is not seen");
  // Nobody disappears: people came, and what they should have met never was.
  if (measured.crowd.arrived > 0) return result(false, 'people arrived, and there was nothing to measure');
  return result(null, 'nobody arrived');
}

function listensToMedia(measured: Measured): boolean {
  return measured.run.bodies.incumbents.webrtc > 0;
}

/** The rules by which a run cannot be trusted, each with its figure. */
function voidReasons(measured: Measured): string[] {
  const { generator, run, crowd } = measured;
  const reasons: string[] = [];
  if (run.partial) reasons.push(`the run is partial: ${run.interrupted ?? 'it has no end, it was killed'}`);
  if (crowd.planned > 0 && crowd.arrived === 0 && !run.partial) reasons.push('nobody set out');
  if (generator.slipMs.p99 !== null && generator.slipMs.p99 > VOID_LIMITS.slipP99Ms) {
    reasons.push(
      `arrivals were late: slip p99 ${generator.slipMs.p99.toFixed(0)} ms, limit ${VOID_LIMITS.slipP99Ms} ms`,
    );
  }
  if (generator.busySeconds > VOID_LIMITS.busySeconds) {
    reasons.push(
      `the swarm's core was over 90 % busy for ${generator.busySeconds} s of the surge, limit ${VOID_LIMITS.busySeconds} s`,
    );
  }
  if (generator.foreignCpuShare !== null && generator.foreignCpuShare > VOID_LIMITS.foreignCpuShare) {
    reasons.push(
      `foreign CPU: other processes took ${generator.foreignCpuShare.toFixed(2)} of a core in the surge, limit ${VOID_LIMITS.foreignCpuShare}`,
    );
  }
  for (const [cause, events] of Object.entries(generator.trouble)) {
    reasons.push(`the generator met ${cause} (${events} times)`);
  }
  return reasons;
}

function valueAt(measured: Measured, dotted: string): number | null {
  let value: unknown = measured;
  for (const key of dotted.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  return typeof value === 'number' ? value : null;
}
