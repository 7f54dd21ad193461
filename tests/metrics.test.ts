/**
 * A real Prometheus scrapes a real night, and what it has at the end is what the night's summary says: metrics and event
 * log are two ways to the same counts. No series grows with the crowd.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openNightMetrics } from '../rehearsal/metrics.ts';
import { prepareNight } from '../rehearsal/prepare.ts';
import { runNight } from '../rehearsal/run.ts';
import type { Summary } from '../reports/summary.ts';
import { smallNight } from '../reports/testing/hand-log.ts';
import { findPrometheus } from '../setup/steps/prometheus.js';

const SCRAPES_A_SECOND = 4;
const never = new AbortController().signal;
const { prometheus: program, promtool } = findPrometheus()!;

let dir: string;
let prometheus: ChildProcess;
let url: string;
let summary: Summary;
/** Wall clock of the last second that was told before the talk ended. */
let beforeTalkEndsMs: number;
/** The texts of both endpoints in the middle of the night. */
let exposed: { readonly server: string; readonly rehearsal: string };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts it and waits for its own word. */
async function startPrometheus(port: number, targets: readonly string[]): Promise<ChildProcess> {
  const config = path.join(dir, 'prometheus.yml');
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: `${1000 / SCRAPES_A_SECOND}ms` },
      scrape_configs: targets.map((target, nth) => ({
        job_name: nth === 0 ? 'server' : 'rehearsal',
        static_configs: [{ targets: [target] }],
      })),
    }),
  );
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  // To leave a loop over the stream would close it, and Prometheus dies of its next word.
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on('data', (text) => {
      said += text;
      if (said.includes('Server is ready')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`Prometheus ended with ${code}: ${said}`)));
  });
  return child;
}

/** The one value of an instant query; null: no series. @param atMs wall clock; absent: now. */
async function ask(query: string, atMs?: number): Promise<number | null> {
  const time = atMs === undefined ? '' : `&time=${atMs / 1000}`;
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}${time}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result.length === 0 ? null : Number(data.result[0]!.value[1]);
}

/** The most that a sum of counters came to: after the night its series are stale. */
const atMost = (query: string) => ask(`max_over_time((${query})[2m:250ms])`);

const INCUMBENTS = 10;
const PHASES = { rampMs: 500, baselineMs: 1_000, surgeMs: 1_000, tailMs: 4_000, leavingMs: 1_500 };
const TALK_END_MS = PHASES.rampMs + PHASES.baselineMs + PHASES.surgeMs + PHASES.tailMs;

function night(people: number) {
  return smallNight({
    rooms: {
      main: { room: 'main', title: 'A small room', seats: people / 2 },
      overflow: { seats: people / 2 + INCUMBENTS, roomsMax: 1 },
    },
    // Everything has happened before the talk ends, so that a scrape comes after it: nobody waits for the seat of one who leaves.
    phases: PHASES,
    moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors open' }],
    incumbents: { count: INCUMBENTS, model: { kind: 'even' } },
    waves: [{ id: 'all', moment: 'doors', count: people, overMs: 1_000, model: { kind: 'even' } }],
    bodies: { incumbents: { signal: 1 }, arrivals: { signal: 1 } },
  });
}

beforeAll(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-metrics-'));
  const [port, ownPort] = [await freePort(), await freePort()];
  const prepared = prepareNight({
    ...{ scenario: night(80), seed: 1, scale: 1, timeScale: 1, profile: 'guarded', features: [] },
    ...{ bodies: null, target: null, port, faults: ['cut=0.2@3.5s'] },
  });
  const metrics = await openNightMetrics(prepared, 0);
  prometheus = await startPrometheus(ownPort, [`127.0.0.1:${port}`, new URL(metrics.url).host]);
  url = `http://127.0.0.1:${ownPort}`;
  let reading: Promise<typeof exposed> | null = null;
  summary = await runNight(
    prepared,
    mkdtempSync(path.join(dir, 'run-')),
    null,
    (observation) => {
      metrics.observe(observation);
      if (observation.type !== 'second' || observation.nightMs < 4_000) return;
      if (observation.nightMs < TALK_END_MS) beforeTalkEndsMs = Date.now();
      reading ??= Promise.all(
        [`http://127.0.0.1:${port}/metrics`, metrics.url].map(async (one) => (await fetch(one)).text()),
      ).then(([server, rehearsal]) => ({ server: server!, rehearsal: rehearsal! }));
    },
    never,
  );
  exposed = (await reading)!;
  metrics.close();
}, 60_000);

afterAll(async () => {
  prometheus.kill();
  await once(prometheus, 'exit');
  rmSync(dir, { recursive: true, force: true });
});

test('the server counted seats, losses and tickets as its log did', async () => {
  expect(summary.crowd.joined).toBeGreaterThan(0);
  expect(summary.ejections.involuntary).toBeGreaterThan(0);
  // Once the talk is over people go in any way they like, and the server stops: what it counts then is no loss of the night.
  expect(await ask('sum(roomrush_server_ejections_total)', beforeTalkEndsMs)).toBe(
    summary.ejections.involuntary,
  );
  expect(await atMost('sum(roomrush_server_seatings_total{seat="new"})')).toBe(summary.admission.seats.taken);
  expect(await atMost('sum(roomrush_server_tickets_redeemed_total)')).toBe(summary.admission.ticketsRedeemed);
  expect(await atMost('roomrush_server_rooms_opened_total{room_kind="overflow"}')).toBe(
    summary.overflow.roomsOpened,
  );
});

test('the crowd counted itself as its log did', async () => {
  expect(await atMost('sum(roomrush_swarm_arrivals_total)')).toBe(summary.crowd.arrived);
  expect(await atMost('sum(roomrush_swarm_joined_total)')).toBe(summary.crowd.joined);
  expect(await atMost('sum(roomrush_swarm_ejections_total)')).toBe(summary.ejections.bySide.listener);
  expect(await atMost('roomrush_run_info{scenario="small", profile="guarded"}')).toBe(1);
});

test.each(['server', 'rehearsal'] as const)(
  'what the %s exposes is well formed by promtool',
  async (which) => {
    const child = spawn(promtool, ['check', 'metrics'], { stdio: ['pipe', 'ignore', 'pipe'] });
    child.stdin.end(exposed[which]);
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    // It also has opinions on prom-client's own names.
    const ours = said.split('\n').filter((line) => line.startsWith('roomrush_'));
    expect({ code: code === 3 ? 0 : code, ours }).toEqual({ code: 0, ours: [] });
  },
);

test('no series is about one person, connection or room', () => {
  const ours = exposed.server.split('\n').filter((line) => line.startsWith('roomrush_'));
  expect(ours.length).toBeGreaterThan(50);
  expect(ours.filter((line) => /person|listener_id|connection_id|main-overflow/.test(line))).toEqual([]);
});
