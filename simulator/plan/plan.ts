/**
 * Who comes: the crowd of one night, drawn before it begins and open-loop, so that nothing that the server does
 * moves an arrival. One row a person, held as columns of numbers (under 80 bytes each), incumbents first and
 * then the waves in their order. The digest names the crowd: equal for the same scenario and seed whatever
 * bodies, policy or processes carry it out.
 */
import { createHash } from 'node:crypto';
import { drawArrivals } from '../../scenarios/arrivals/index.ts';
import { nightTimes, type Origin, type Scenario } from '../../scenarios/schema.ts';
import { bitsFor, exponential, PURPOSE, unitFor } from './draws.ts';
import type { Person } from './person.ts';

/** Name of the group that is seated before the surge. */
const INCUMBENT = 'incumbent';

/** One number a person, at the index that is the person's id. */
type PlanColumns = {
  readonly intendedMs: Float64Array;
  /** NaN: does not wait in the hallway beforehand. */
  readonly hallwayAtMs: Float64Array;
  readonly startPatienceMs: Float64Array;
  readonly queuePatienceMs: Float64Array;
  readonly stayMs: Float64Array;
  /** NaN: never. */
  readonly raisesHandAfterMs: Float64Array;
  /** 0: at once. */
  readonly returnDelayMs: Float64Array;
  readonly bodyRank: Float64Array;
  readonly seed: Uint32Array;
  /** Index into `cohorts`. */
  readonly cohort: Uint16Array;
  /** 1: leaves silently. */
  readonly leavesSilently: Uint8Array;
  /** 1: tries to come back after an ejection. */
  readonly returns: Uint8Array;
  /** 1: opens a parallel room when the main one is full. */
  readonly opensParallel: Uint8Array;
  /** 1: goes to one. */
  readonly joinsParallel: Uint8Array;
};

export type Plan = {
  readonly size: number;
  /** The people 0 to incumbentCount - 1 are incumbents. */
  readonly incumbentCount: number;
  /** The last so many people were added for browsers: half of them come with the incumbents, half with the waves. */
  readonly browserCount: number;
  /** Names of the groups; the first is the incumbents. */
  readonly cohorts: readonly string[];
  /** Where each of the groups came from. */
  readonly origins: readonly Origin[];
  readonly columns: PlanColumns;
  /** SHA-256 over the names and numbers, in hexadecimal. */
  readonly digest: string;
  /** @throws RangeError for a number that is nobody's. */
  personAt(personId: number): Person;
};

/**
 * Draws the crowd of a night that is already at its size. Equal arguments give equal plans, byte for byte.
 *
 * @param browsers so many people more; they change nothing about the others.
 */
export function drawPlan(scenario: Scenario, seed: number, browsers = 0): Plan {
  const cohorts = [INCUMBENT, ...scenario.waves.map((wave) => wave.id)];
  // Whoever was there before the surge was in the network already.
  const origins: Origin[] = ['inside', ...scenario.waves.map((wave) => wave.from)];
  const groups = groupsOf(scenario, browsers);
  const size = groups.reduce((sum, { count }) => sum + count, 0);
  const columns = emptyColumns(size);
  drawIntended(scenario, seed, groups, columns);
  drawTraits(scenario, seed, columns);
  return {
    size,
    incumbentCount: scenario.incumbents.count,
    browserCount: browsers,
    cohorts,
    origins,
    columns,
    digest: digestOf(cohorts, origins, columns),
    personAt: (personId) => personOf(cohorts, origins, columns, personId),
  };
}

/** People who come together: `cohort` is 0 for incumbents, else one more than the wave's index. */
type Group = { readonly cohort: number; readonly count: number };

function groupsOf({ incumbents, waves }: Scenario, browsers: number): Group[] {
  const inside = Math.ceil(browsers / 2);
  const coming = browsers - inside;
  return [
    { cohort: 0, count: incumbents.count },
    ...waves.map(({ count }, nth) => ({ cohort: nth + 1, count })),
    { cohort: 0, count: inside },
    ...waves.map((_, nth) => ({
      cohort: nth + 1,
      count: Math.floor((coming + waves.length - 1 - nth) / waves.length),
    })),
  ];
}

function emptyColumns(size: number): PlanColumns {
  return {
    intendedMs: new Float64Array(size),
    hallwayAtMs: new Float64Array(size).fill(Number.NaN),
    startPatienceMs: new Float64Array(size),
    queuePatienceMs: new Float64Array(size),
    stayMs: new Float64Array(size),
    raisesHandAfterMs: new Float64Array(size).fill(Number.NaN),
    returnDelayMs: new Float64Array(size),
    bodyRank: new Float64Array(size),
    seed: new Uint32Array(size),
    cohort: new Uint16Array(size),
    leavesSilently: new Uint8Array(size),
    returns: new Uint8Array(size),
    opensParallel: new Uint8Array(size),
    joinsParallel: new Uint8Array(size),
  };
}

/** Incumbents arrive over the ramp, each wave over its length from its moment, some from the hallway. */
function drawIntended(
  scenario: Scenario,
  seed: number,
  groups: readonly Group[],
  { intendedMs, hallwayAtMs, cohort: cohorts }: PlanColumns,
): void {
  const { surgeStartMs } = nightTimes(scenario);
  const unit = unitFor(seed, PURPOSE.arrival);
  const hallwayUnit = unitFor(seed, PURPOSE.hallway);
  const { incumbents, phases } = scenario;
  let offset = 0;
  for (const { cohort, count } of groups) {
    const from = offset;
    offset += count;
    cohorts.fill(cohort, from, offset);
    const wave = scenario.waves[cohort - 1];
    if (wave === undefined) {
      drawArrivals(incumbents.model, phases.rampMs, count, intendedMs, from, unit);
      continue;
    }
    const moment = scenario.moments.find(({ id }) => id === wave.moment);
    if (moment === undefined) throw new RangeError(`wave '${wave.id}' expects a moment '${wave.moment}'`);
    const startMs = surgeStartMs + moment.afterSurgeStartMs;
    drawArrivals(wave.model, wave.overMs, count, intendedMs, from, unit);
    for (let index = from; index < offset; index++) {
      // A moment before the night's start would put people before its zero; they come at once.
      intendedMs[index] = Math.max(0, startMs + intendedMs[index]!);
      if (wave.hallwayMs > 0) hallwayAtMs[index] = Math.max(0, startMs - hallwayUnit(index) * wave.hallwayMs);
    }
  }
}

function drawTraits(scenario: Scenario, seed: number, columns: PlanColumns): void {
  const { startPatience, queuePatienceMeanMs, stayMeanMs, silentLeaverShare, returnShare } = scenario.crowd;
  const { returnLate, parallel, hand } = scenario.crowd;
  const startUnit = unitFor(seed, PURPOSE.startPatience);
  const queueUnit = unitFor(seed, PURPOSE.queuePatience);
  const stayUnit = unitFor(seed, PURPOSE.stay);
  const silentUnit = unitFor(seed, PURPOSE.silent);
  const returnsUnit = unitFor(seed, PURPOSE.returns);
  const lateUnit = unitFor(seed, PURPOSE.returnLate);
  const delayUnit = unitFor(seed, PURPOSE.returnDelay);
  const opensUnit = unitFor(seed, PURPOSE.opensParallel);
  const joinsUnit = unitFor(seed, PURPOSE.joinsParallel);
  const handUnit = unitFor(seed, PURPOSE.hand);
  const handAfterUnit = unitFor(seed, PURPOSE.handAfter);
  const rankUnit = unitFor(seed, PURPOSE.bodyRank);
  const nightBits = bitsFor(seed, PURPOSE.night);
  for (let person = 0; person < columns.seed.length; person++) {
    columns.startPatienceMs[person] = startPatienceMs(startUnit(person), startPatience);
    columns.queuePatienceMs[person] = exponential(queueUnit(person), queuePatienceMeanMs);
    columns.stayMs[person] = exponential(stayUnit(person), stayMeanMs);
    columns.leavesSilently[person] = silentUnit(person) < silentLeaverShare ? 1 : 0;
    columns.returns[person] = returnsUnit(person) < returnShare ? 1 : 0;
    if (columns.returns[person] === 1 && lateUnit(person) < returnLate.share)
      columns.returnDelayMs[person] = exponential(delayUnit(person), returnLate.meanMs);
    columns.opensParallel[person] = opensUnit(person) < parallel.openShare ? 1 : 0;
    columns.joinsParallel[person] = joinsUnit(person) < parallel.joinShare ? 1 : 0;
    if (handUnit(person) < hand.share)
      columns.raisesHandAfterMs[person] = exponential(handAfterUnit(person), hand.meanMs);
    columns.bodyRank[person] = rankUnit(person);
    columns.seed[person] = nightBits(person);
  }
}

/** Longest patience that is kept: a hazard of 0 means that the person waits the whole night. */
const PATIENCE_MS_MAX = 86_400_000;

/** Nobody leaves for `graceMs`, then a share of those left each second, evenly within it (M4). */
function startPatienceMs(
  unit: number,
  { graceMs, leavePerSecond }: Scenario['crowd']['startPatience'],
): number {
  if (leavePerSecond >= 1) return graceMs;
  const hazardPerMs = -Math.log1p(-leavePerSecond) / 1000;
  return Math.min(PATIENCE_MS_MAX, graceMs + exponential(unit, 1) / hazardPerMs);
}

/** Over the columns in one fixed order, as they lie in memory (little-endian on every platform of Node 24). */
function digestOf(cohorts: readonly string[], origins: readonly Origin[], columns: PlanColumns): string {
  const hash = createHash('sha256').update(JSON.stringify([cohorts, origins]));
  for (const column of [
    columns.intendedMs,
    columns.hallwayAtMs,
    columns.startPatienceMs,
    columns.queuePatienceMs,
    columns.stayMs,
    columns.returnDelayMs,
    columns.bodyRank,
    columns.seed,
    columns.cohort,
    columns.leavesSilently,
    columns.returns,
    columns.opensParallel,
    columns.joinsParallel,
    columns.raisesHandAfterMs,
  ]) {
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return hash.digest('hex');
}

function personOf(
  cohorts: readonly string[],
  origins: readonly Origin[],
  columns: PlanColumns,
  personId: number,
): Person {
  const intendedMs = columns.intendedMs[personId];
  if (intendedMs === undefined) {
    throw new RangeError(`expected a person from 0 to ${columns.seed.length - 1}, got ${personId}`);
  }
  const cohort = columns.cohort[personId]!;
  return {
    personId,
    intendedMs,
    hallwayAtMs: columns.hallwayAtMs[personId]!,
    cohort: cohorts[cohort]!,
    origin: origins[cohort]!,
    startPatienceMs: columns.startPatienceMs[personId]!,
    queuePatienceMs: columns.queuePatienceMs[personId]!,
    stayMs: columns.stayMs[personId]!,
    raisesHandAfterMs: columns.raisesHandAfterMs[personId]!,
    leavesSilently: columns.leavesSilently[personId] === 1,
    returns: columns.returns[personId] === 1,
    returnDelayMs: columns.returnDelayMs[personId]!,
    opensParallel: columns.opensParallel[personId] === 1,
    joinsParallel: columns.joinsParallel[personId] === 1,
    bodyRank: columns.bodyRank[personId]!,
    seed: columns.seed[personId]!,
  };
}
