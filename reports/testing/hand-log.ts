/**
 * Small runs written by hand, for tests whose answers are known beforehand: a crowd, rows at given ms of the night,
 * and a run's folder made of them by the same writer that a real run uses.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RowType, Side } from '../../events/row.ts';
import { openEventWriter } from '../../events/writer.ts';
import { checkScenario, LIBRARY } from '../../scenarios/index.ts';
import type { Origin, Scenario, ScenarioInput } from '../../scenarios/schema.ts';
import { writePlan } from '../store/plan-file.ts';
import { type RunRecord, writeRunRecord } from '../store/run-record.ts';

/** On which runs written by hand were played. */
export const MACHINE = {
  platform: 'linux',
  arch: 'x64',
  kernel: '6.1',
  cpuModel: 'a processor',
  cores: 2,
  memoryBytes: 8e9,
};

/** The night's zero on the log's clock: not 0, so that a forgotten subtraction shows. */
export const START_NS = 5_000_000_000_000n;

export type HandPerson = {
  readonly intendedMs: number;
  readonly cohort?: string;
  /** Absent: inside. */
  readonly origin?: Origin;
  /** Absent: `p` and the person's number. */
  readonly name?: string;
  readonly body?: 'signal' | 'webrtc' | 'rtp' | 'browser';
  /** Absent: longer than the night. */
  readonly stayMs?: number;
};

/** `[ms of the night, side, type, person, the rest]` */
export type HandRow = readonly [
  ms: number,
  side: Side,
  type: RowType,
  personId: number | null,
  more?: {
    readonly attempt?: number;
    readonly room?: string;
    readonly cause?: string;
    readonly value?: number;
    readonly lost?: number;
    readonly gapMs?: number;
    readonly lateMs?: number;
    readonly jitterMs?: number;
    readonly process?: string;
  },
];

/** Ramp 0 to 2 s, baseline to 4 s, surge to 14 s, tail to 24 s, leaving to 26 s; 10 seats and 5 in overflow. */
export function smallNight(changes: Partial<ScenarioInput> = {}): Scenario {
  return checkScenario(
    {
      ...LIBRARY['zuckerberg']!,
      id: 'small',
      title: 'A small night',
      rooms: {
        main: { room: 'main', title: 'Small room', seats: 10 },
        overflow: { seats: 5, roomsMax: 1 },
      },
      phases: { rampMs: 2_000, baselineMs: 2_000, surgeMs: 10_000, tailMs: 10_000, leavingMs: 2_000 },
      moments: [
        { id: 'reveal', afterSurgeStartMs: 0, title: 'Somebody walks in' },
        { id: 'twitter', afterSurgeStartMs: 0, title: 'Word gets out' },
        { id: 'dotcom-tweet', afterSurgeStartMs: 4_000, title: 'A tweet' },
      ],
      ...changes,
    },
    'the small night',
  );
}

export type HandRun = {
  readonly scenario?: Scenario;
  readonly people: readonly HandPerson[];
  readonly rows: readonly HandRow[];
  readonly record?: Partial<RunRecord>;
  /** Rows of a whole, healthy run around the given ones: start, end, and quiet cores. Default: true. */
  readonly healthy?: boolean;
};

/** Writes a run's folder and returns its path; `removeRun` takes it away. */
export async function writeHandRun(run: HandRun): Promise<string> {
  const runDir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-hand-'));
  const scenario = run.scenario ?? smallNight();
  writeFileSync(path.join(runDir, 'scenario.json'), JSON.stringify(scenario));
  writePlan(
    runDir,
    {
      size: run.people.length,
      personAt: (personId) => ({
        personId,
        intendedMs: run.people[personId]!.intendedMs,
        cohort: run.people[personId]!.cohort ?? 'inside',
        stayMs: run.people[personId]!.stayMs ?? 600_000,
      }),
    },
    { bodyOf: (personId) => run.people[personId]!.body ?? 'signal', withCallback: () => false },
    (personId) => {
      const { name = `p${personId}`, origin = 'inside' } = run.people[personId]!;
      return { name, origin };
    },
  );
  writeRunRecord(runDir, { ...handRecord(scenario), ...run.record });
  const rows = run.healthy === false ? run.rows : [...HEALTHY, ...run.rows];
  await writeRows(path.join(runDir, 'events'), rows);
  return runDir;
}

export function removeRun(runDir: string): void {
  rmSync(runDir, { recursive: true, force: true });
}

const HEALTHY: readonly HandRow[] = [
  [0, 'rehearsal', 'night-start', null],
  [26_000, 'rehearsal', 'night-end', null],
  [-900, 'server', 'room-opened', null, { room: 'main', value: 10 }],
  [1_000, 'server', 'deliveries', null, { value: 0 }],
  [1_000, 'server', 'seats-taken', null, { room: 'main', value: 10 }],
  ...[5_000, 6_000, 7_000, 8_000, 9_000].flatMap((ms): HandRow[] => [
    [ms, 'rehearsal', 'core-busy', null, { cause: 'core-0', value: 0.5 }],
    [ms, 'rehearsal', 'foreign-cpu', null, { cause: 'core-0', value: 0.01 }],
    [ms, 'rehearsal', 'foreign-cpu', null, { cause: 'core-1', value: 0.02 }],
  ]),
];

const PROCESS_OF: Readonly<Record<Side, string>> = {
  listener: 'swarm-signal',
  server: 'server',
  rehearsal: 'rehearsal',
};

async function writeRows(dir: string, rows: readonly HandRow[]): Promise<void> {
  for (const side of ['listener', 'server', 'rehearsal'] as const) {
    const writer = openEventWriter({ dir, process: PROCESS_OF[side], side });
    for (const [ms, rowSide, type, personId, more = {}] of rows) {
      if (rowSide !== side) continue;
      writer.row(
        type,
        personId,
        more.attempt ?? null,
        null,
        more.room ?? null,
        more.cause ?? null,
        more.value ?? null,
        more.lost ?? null,
        more.gapMs ?? null,
        START_NS + BigInt(Math.round(ms * 1e6)),
        more.lateMs ?? null,
        more.jitterMs ?? null,
      );
    }
    await writer.close();
  }
}

function handRecord(scenario: Scenario): RunRecord {
  return {
    schema: 'roomrush/run@1',
    id: 'by-hand',
    scenario: scenario.id,
    seed: 1,
    scale: 1,
    timeScale: 1,
    planDigest: 'f'.repeat(64),
    profile: 'guarded',
    policy: 'waiting-room',
    features: { presence: 'batched' },
    bodies: scenario.bodies,
    browsers: 0,
    target: null,
    machine: MACHINE,
    versions: { roomrush: '0.1.0', node: '24.0.0' },
    times: { scaled: [], notScaled: [{ path: 'server.frameMs', ms: 60 }] },
    startedAt: '2021-02-04T22:00:00.000Z',
    faults: [],
    profiler: null,
    preflight: null,
    status: 'finished',
  };
}

/** The rows of somebody who dials, opens, asks and is seated: `times` are the instants of these, in ms. */
export function joins(
  personId: number,
  times: { readonly dial: number; readonly opened: number; readonly seated: number },
  more: { readonly attempt?: number; readonly room?: string } = {},
): HandRow[] {
  const attempt = more.attempt ?? 1;
  const room = more.room ?? 'main';
  const who = { attempt, room };
  return [
    ...(attempt === 1 ? [[times.dial, 'listener', 'arrive', personId, { value: 0 }] as const] : []),
    [times.dial, 'listener', 'dial', personId, who],
    [times.opened, 'listener', 'opened', personId, who],
    [times.opened, 'listener', 'asked', personId, who],
    [times.opened + 1, 'server', 'asked', personId, who],
    [times.seated - 1, 'server', 'seated', personId, { ...who, value: personId + 1, cause: 'new' }],
    [times.seated - 1, 'server', 'took', personId, { ...who, value: personId + 1 }],
    [times.seated, 'listener', 'seated', personId, { ...who, value: personId + 1, cause: 'new' }],
  ];
}

/** As `joins`, for a body without media: in with the seat. */
export function getsIn(
  personId: number,
  times: { readonly dial: number; readonly opened: number; readonly seated: number },
  more: { readonly attempt?: number; readonly room?: string } = {},
): HandRow[] {
  const { attempt = 1, room = 'main' } = more;
  return [...joins(personId, times, more), [times.seated, 'listener', 'in', personId, { attempt, room }]];
}
