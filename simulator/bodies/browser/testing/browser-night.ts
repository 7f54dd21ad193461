/**
 * For tests: a small night whose browsers are carried out by the real process, against the real server or against one
 * whose pages do not work; and what it left in its log.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import type { RowType } from '../../../../events/row.ts';
import { readDescendants } from '../../../../rehearsal/watch/proc.ts';
import { steady } from '../../../../scenarios/library/steady.ts';
import { type Scenario, scenarioSchema } from '../../../../scenarios/schema.ts';
import { readSetup } from '../../../../setup/paths.ts';
import { drawPlan } from '../../../plan/plan.ts';
import type { SwarmReport } from '../../../swarm/config.ts';
import { type Row, rowsOf, serverConfig, start, startServer } from '../../../swarm/testing/processes.ts';
import type { BrowserConfig } from '../config.ts';

export const SEED = 11;
const ALL_SIGNAL = { signal: 1 };
const setup = readSetup();

/** One incumbent and one arrival beside the browsers, whom nobody plays. */
export const night: Scenario = scenarioSchema.parse({
  ...steady,
  rooms: { main: { room: 'main', title: 'A room', seats: 25 }, overflow: { seats: 40, roomsMax: 0 } },
  phases: { rampMs: 1_000, baselineMs: 1_000, surgeMs: 2_000, tailMs: 3_000, leavingMs: 500 },
  moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors' }],
  incumbents: { count: 1, model: { kind: 'even' } },
  waves: [{ id: 'evening', moment: 'doors', count: 1, overMs: 1_000, model: { kind: 'even' } }],
  bodies: { incumbents: ALL_SIGNAL, arrivals: ALL_SIGNAL },
  client: { heartbeatMs: 500, pongTimeoutMs: 4_000, joinTimeoutMs: 4_000, mediaTimeoutMs: 4_000 },
  crowd: { ...steady.crowd, stayMeanMs: 3_600_000, silentLeaverShare: 0 },
});
/** Who is carried out here when there are two. */
export const INCUMBENT = 2;
export const ARRIVAL = 3;

export async function startRoom(dir: string): Promise<string> {
  const timers = { heartbeatMissedMs: 3_000, seatHoldMs: 1_000 };
  const host = await startServer(dir, serverConfig(dir, night, 'guarded', true, timers));
  return `ws://${host}/signal`;
}

/** A server that gives every request to `listener`: a target whose page does not work. */
export async function standIn(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/signal`;
}

/** A night with so many browsers at a target, gathered and ready to begin. */
export async function gather(
  target: string,
  dir: string,
  browsers: number,
  over: Partial<BrowserConfig> = {},
) {
  if (setup.chromium === null) throw new Error('expected a Chromium: node setup/bootstrap.js test');
  const config: BrowserConfig = {
    runDir: dir,
    processName: 'swarm-browser',
    scenario: night,
    seed: SEED,
    browsers,
    planDigest: drawPlan(night, SEED, browsers).digest,
    bodies: night.bodies,
    target,
    chromium: setup.chromium,
    screens: [],
    ...over,
  };
  const { child, exit, first } = await start(
    'simulator/bodies/browser/main.ts',
    dir,
    'swarm-browser',
    config,
  );
  expect(first).toEqual({ type: 'ready', people: browsers });
  return { child, exit, begin: () => begin(child) };
}

function begin(child: ChildProcess): { readonly done: Promise<SwarmReport> } {
  const done = new Promise<SwarmReport>((resolve) => {
    child.on('message', (message: SwarmReport) => {
      if (message.type !== 'tick') resolve(message);
    });
  });
  child.send({ type: 'start', nightStartNs: String(process.hrtime.bigint() + 50_000_000n) });
  return { done };
}

/** What became of a person, without the rows of each second. */
export function storyOf(rows: readonly Row[], personId: number): string[] {
  const seconds = new Set(['media', 'concealed', 'jitter-buffer', 'page-clock']);
  return rows
    .filter((row) => row.person_id === String(personId) && !seconds.has(row.type))
    .map(({ type, cause }) => (cause === '' ? type : `${type}:${cause}`));
}

export function valuesOf(rows: readonly Row[], type: RowType): number[] {
  return rows.filter((row) => row.type === type).map(({ value }) => Number(value));
}

/** Waits until the log of a running night has such a row; a segment is closed once a second. */
export async function rowIn(dir: string, wanted: (row: Row) => boolean): Promise<void> {
  while (!rowsOf(dir, 'listener').some(wanted)) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** The programs that draw pages, by their number. */
export function renderers(pid: number): number[] {
  return readDescendants(pid).filter((child) =>
    readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('--type=renderer'),
  );
}

/** Which of them still run (a zombie does not). */
export function running(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    const stat = statSync(`/proc/${pid}`, { throwIfNoEntry: false });
    return stat !== undefined && !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  });
}
