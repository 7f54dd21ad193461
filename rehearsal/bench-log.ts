/**
 * A log as the largest night that a machine holds would leave it, without playing one: the real plan of as many people as the
 * server has connections for, all of them counted, and for each the rows that both sides write of a life in it (wait, seat,
 * sound, a loss now and then, a refusal), in the order of time, through the real writer, a segment a second and process.
 * Made up are only the delays. As in any large run, most rows are the seconds of the listeners: the talk goes on
 * until there are as many as were asked for.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RowType, Side } from '../events/row.ts';
import { type EventWriter, openEventWriter } from '../events/writer.ts';
import { writePlan } from '../reports/index.ts';
import { writeRunRecord } from '../reports/store/run-record.ts';
import { nightTimes, type Scenario } from '../scenarios/schema.ts';
import { assignBodies } from '../simulator/plan/bodies.ts';
import type { Person } from '../simulator/plan/person.ts';
import { drawPlan } from '../simulator/plan/plan.ts';
import { scaleScenario } from '../simulator/plan/scale.ts';
import { prepareNight } from './prepare.ts';
import { recordOf } from './run.ts';

type More = {
  readonly attempt?: number;
  readonly room?: string;
  readonly cause?: string;
  readonly value?: number;
};
type Row = {
  readonly ms: number;
  readonly process: string;
  readonly type: RowType;
  readonly person: number | null;
} & More;

const SIDES: Readonly<Record<string, Side>> = { server: 'server', rehearsal: 'rehearsal' };
/** Near the server's limit of connections. */
const PEOPLE = 18_000;
const NONE = { signal: 0, webrtc: 0, rtp: 0, k6: 0 };
/** One person in so many loses the seat once; or is told "full" twice, and goes. */
const LOSERS = 8;
const REFUSED = 5;
/** The same for all: a queue in which nobody overtakes. */
const WAIT_MS = 1200;

/**
 * Writes a run's folder with at least so many rows in its log.
 *
 * @param runDir an empty folder.
 * @returns how many rows it has.
 */
export async function writeBenchLog(runDir: string, night: Scenario, rowsMin: number): Promise<number> {
  const counted = {
    ...night,
    bodies: { incumbents: { ...NONE, rtp: 1 }, arrivals: { ...NONE, rtp: 1 } },
  };
  let made = rowsOf(counted);
  while (made.rows.length < rowsMin) {
    const secondsMore = Math.ceil((1.1 * (rowsMin - made.rows.length)) / made.plan.size);
    const { phases } = made.night;
    made = rowsOf({ ...counted, phases: { ...phases, tailMs: phases.tailMs + 1000 * secondsMore } });
  }
  writeFolder(runDir, made);
  await writeRows(path.join(runDir, 'events'), made.rows);
  return made.rows.length;
}

type Made = ReturnType<typeof rowsOf>;

function rowsOf(night: Scenario) {
  const people = night.incumbents.count + night.waves.reduce((sum, { count }) => sum + count, 0);
  const { scenario } = scaleScenario(night, PEOPLE / people, 1);
  const plan = drawPlan(scenario, 1);
  const assigned = assignBodies(plan, scenario.bodies);
  const rows = [...secondsOf(scenario)];
  for (let personId = 0; personId < plan.size; personId++) {
    rows.push(...lifeOf(scenario, plan.personAt(personId), assigned.bodyOf(personId)));
  }
  rows.sort((one, other) => one.ms - other.ms);
  return { night, scenario, plan, assigned, rows };
}

function writeFolder(runDir: string, { night, scenario, plan, assigned }: Made): void {
  const request = { seed: 1, scale: 1, timeScale: 1, profile: 'guarded', features: [], faults: [] };
  const small = prepareNight({ ...request, scenario: night, bodies: null, target: null, port: 0 });
  const prepared = { ...small, scenario, plan, assigned };
  writeFileSync(path.join(runDir, 'scenario.json'), JSON.stringify(scenario));
  writePlan(runDir, plan, assigned, (personId) => ({
    name: `p${personId}`,
    origin: plan.personAt(personId).origin,
  }));
  writeRunRecord(runDir, { ...recordOf(prepared, 'bench', null), status: 'finished' });
}

/** What one person and the server write of that person. */
function* lifeOf(scenario: Scenario, { personId, intendedMs, stayMs }: Person, body: string): Generator<Row> {
  const { tailEndMs } = nightTimes(scenario);
  const process = `swarm-${body}`;
  const main = scenario.rooms.main.room;
  const room = personId % 2 === 0 ? `${main}-overflow-1` : main;
  const both = function* (type: RowType, ms: number, more: More): Generator<Row> {
    yield { ms, process: 'server', type, person: personId, ...more };
    yield { ms: ms + 1, process, type, person: personId, ...more };
  };
  const own = (type: RowType, ms: number, more: More): Row => ({
    ms,
    process,
    type,
    person: personId,
    ...more,
  });
  const server = (type: RowType, ms: number, more: More): Row => ({
    ms,
    process: 'server',
    type,
    person: personId,
    ...more,
  });
  const dials = function* (ms: number, attempt: number): Generator<Row> {
    yield own('dial', ms, { attempt, room: main });
    yield own('opened', ms + 3, { attempt, room: main });
    yield own('browsed', ms + 5, { attempt, value: 1 });
    yield* both('asked', ms + 6, { attempt, room: main });
  };
  const sits = function* (ms: number, attempt: number, cause: string, untilMs: number): Generator<Row> {
    yield* both('seated', ms, { attempt, room, cause, value: personId });
    yield server('took', ms, { attempt, room, value: personId });
    yield own('first-audio', ms + 45, { attempt, room });
    yield own('in', ms + 45, { attempt, room });
    for (let second = ms + 1000; second < untilMs; second += 1000)
      yield own('media', second, { room, value: 1000 / scenario.server.frameMs });
  };
  const endMs = Math.min(tailEndMs + (personId % 5000), intendedMs + WAIT_MS + stayMs);
  let ms = intendedMs;
  let attempt = 1;
  yield own('arrive', ms, { value: 0.4 });
  yield* dials(ms, attempt);
  if (personId % REFUSED === 0) {
    yield* both('full', ms + 7, { attempt, room: main, value: 1000 });
    yield own('failed', ms + 8, { attempt, room: main, cause: 'full' });
    ms += 1000;
    yield* dials(ms, ++attempt);
    yield* both('full', ms + 7, { attempt, room: main });
    yield own('failed', ms + 8, { attempt, room: main, cause: 'full' });
    yield own('gave-up', ms + 8, { attempt, room: main, cause: 'refused' });
    return;
  }
  yield* both('waiting', ms + 7, { attempt, room: main, value: 1 + (personId % 40) });
  yield server('eta', ms + 7, { attempt, value: WAIT_MS });
  ms += WAIT_MS;
  const lossMs = personId % LOSERS === 0 ? ms + 3000 + (personId % 20_000) : Number.POSITIVE_INFINITY;
  yield* sits(ms, attempt, 'new', Math.min(lossMs, endMs));
  if (lossMs < endMs) {
    yield* both('ejected', lossMs, { attempt, room, cause: 'pong-timeout' });
    yield server('held', lossMs, { attempt, room, value: 5000 });
    yield* dials(lossMs + 700, ++attempt);
    yield* sits(lossMs + 720, attempt, 'resumed', endMs);
  }
  yield* both('left', endMs, { attempt, room, cause: 'goodbye' });
  yield server('released', endMs, { attempt, room, cause: 'left', value: personId });
}

/** What the server and the rehearsal write each second, whoever is there. */
function* secondsOf(scenario: Scenario): Generator<Row> {
  const { main, overflow } = scenario.rooms;
  const { nightEndMs, surgeStartMs } = nightTimes(scenario);
  const row = (ms: number, process: string, type: RowType, more: More = {}): Row => ({
    ms,
    process,
    type,
    person: null,
    ...more,
  });
  yield row(-100, 'server', 'room-opened', { room: main.room, value: main.seats });
  yield row(0, 'rehearsal', 'night-start');
  yield row(surgeStartMs + 2000, 'server', 'room-opened', {
    room: `${main.room}-overflow-1`,
    value: overflow.seats,
  });
  yield row(nightEndMs, 'rehearsal', 'night-end');
  for (let ms = 1000; ms <= nightEndMs; ms += 1000) {
    for (const cause of ['server', 'worker', 'swarm-rtp']) {
      yield row(ms, 'rehearsal', 'cpu', { cause, value: 400 });
      yield row(ms, 'rehearsal', 'rss', { cause, value: 2e8 });
    }
    for (const cause of ['core-0', 'core-1']) {
      yield row(ms, 'rehearsal', 'core-busy', { cause, value: 0.5 });
      yield row(ms, 'rehearsal', 'foreign-cpu', { cause, value: 0.01 });
    }
    for (const type of ['queue', 'deliveries', 'stall', 'hallway', 'bytes-in', 'bytes-out'] as const)
      yield row(ms, 'server', type, { value: 10 });
    yield row(ms, 'server', 'seats-taken', { room: main.room, value: Math.min(main.seats, ms) });
  }
}

async function writeRows(dir: string, rows: readonly Row[]): Promise<void> {
  const writers = new Map<string, EventWriter>();
  const startNs = process.hrtime.bigint();
  let second = Number.NEGATIVE_INFINITY;
  for (const { ms, process: name, type, person, attempt, room, cause, value } of rows) {
    if (Math.floor(ms / 1000) > second) {
      second = Math.floor(ms / 1000);
      for (const writer of writers.values()) writer.flushSync();
    }
    const writer =
      writers.get(name) ?? openEventWriter({ dir, process: name, side: SIDES[name] ?? 'listener' });
    writers.set(name, writer);
    const isMedia = type === 'media';
    const [lost, gapMs, lateMs, jitterMs] = isMedia ? [0, 61.7, 1.25, 0.5] : [null, null, null, null];
    const tNs = startNs + BigInt(Math.round(ms * 1e6));
    writer.row(
      type,
      person,
      attempt ?? null,
      person,
      room ?? null,
      cause ?? null,
      value ?? null,
      lost,
      gapMs,
      tNs,
      lateMs,
      jitterMs,
    );
  }
  for (const writer of writers.values()) await writer.close();
}
