/** What the tests of the k6 body share: a small night, the real server as a process, and rows as they lie in the log. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { ROW_COLUMNS, type RowType, type Side } from '../../../../events/row.ts';
import { steady } from '../../../../scenarios/library/steady.ts';
import { type Scenario, scenarioSchema } from '../../../../scenarios/schema.ts';
import { PROFILES, type ProfileName } from '../../../../server/profiles/features.ts';
import { readSetup } from '../../../../setup/paths.ts';
import { drawPlan } from '../../../plan/plan.ts';
import type { K6Config } from '../config.ts';

const ALL_K6 = { signal: 0, webrtc: 0, rtp: 0, k6: 1 };
export const SEED = 11;
export const setup = readSetup();

/** Forty people in four seconds; many leave before the end, half of them without a word. */
export const smallNight: Scenario = scenarioSchema.parse({
  ...steady,
  rooms: { main: { room: 'main', title: 'A room', seats: 25 }, overflow: { seats: 40, roomsMax: 1 } },
  phases: { rampMs: 400, baselineMs: 1_000, surgeMs: 600, tailMs: 1_700, leavingMs: 300 },
  moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors' }],
  incumbents: { count: 20, model: { kind: 'even' } },
  waves: [
    { id: 'evening', moment: 'doors', count: 20, overMs: 600, model: { kind: 'even' }, hallwayMs: 300 },
  ],
  bodies: { incumbents: ALL_K6, arrivals: ALL_K6 },
  crowd: { ...steady.crowd, stayMeanMs: 1_500 },
  client: { heartbeatMs: 200, pongTimeoutMs: 2_000, joinTimeoutMs: 2_000, mediaTimeoutMs: 2_000 },
});

export function folder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'roomrush-k6-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(path.join(dir, 'events'));
  return dir;
}

/** Starts a process of ours with its configuration and resolves with what it says first. */
export async function start(entry: string, dir: string, name: string, config: object) {
  const file = path.join(dir, `${name}.json`);
  writeFileSync(file, JSON.stringify(config));
  const child = fork(fileURLToPath(new URL(entry, import.meta.url)), [file], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  const first: unknown = await Promise.race([once(child, 'message').then(([message]) => message), exit]);
  return { child, exit, first };
}

/** What the server is told for the small night. */
export function serverConfig(dir: string, profile: ProfileName, withMedia = false): object {
  return {
    profile,
    features: PROFILES[profile],
    mainRoom: smallNight.rooms.main,
    overflow: smallNight.rooms.overflow,
    parallel: smallNight.rooms.parallel,
    pacing: { seatsPerSecond: 1_000, burst: 100 },
    timers: {
      heartbeatMissedMs: 600,
      iceConsentMs: 30_000,
      ticketLifeMs: 20_000,
      seatHoldMs: 30_000,
      presenceBatchMs: 100,
      hallwayCacheMs: 1_000,
      positionsEveryMs: 200,
    },
    limits: {},
    media: { enabled: withMedia, workerBin: setup.workerBin },
    seed: 1,
    runDir: dir,
  };
}

/** The reference server as a rehearsal starts it, by its build's features. */
export async function startServer(dir: string, config: object): Promise<string> {
  const { first } = await start('../../../../server/main.ts', dir, 'server', config);
  return `http://127.0.0.1:${(first as { readonly port: number }).port}`;
}

export function k6Config(dir: string, target: string, over: Partial<K6Config> = {}): K6Config {
  const scenario = over.scenario ?? smallNight;
  return {
    runDir: dir,
    processName: 'swarm-k6',
    scenario,
    seed: SEED,
    browsers: 0,
    planDigest: drawPlan(scenario, SEED).digest,
    bodies: scenario.bodies,
    target,
    k6: setup.k6,
    ...over,
  };
}

export type Row = { readonly [column in (typeof ROW_COLUMNS)[number]]: string };

/** Rows of one side in the order of their instants. */
export function rowsOf(dir: string, side: Side, ...types: RowType[]): Row[] {
  return readdirSync(path.join(dir, 'events'))
    .filter((file) => file.endsWith('.csv'))
    .flatMap((file) =>
      readFileSync(path.join(dir, 'events', file), 'utf8')
        .trim()
        .split('\n'),
    )
    .map((line) => {
      const cells = line.split(',');
      return Object.fromEntries(ROW_COLUMNS.map((column, nth) => [column, cells[nth]])) as Row;
    })
    .filter((row) => row.side === side && types.includes(row.type as RowType))
    .sort((a, b) => Number(BigInt(a.t_ns) - BigInt(b.t_ns)));
}
