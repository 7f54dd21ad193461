/**
 * A night against a server that is not ours, and against targets that are no server at all: what listeners lived through
 * is measured and judged, what only the inside could tell is null with its reason, and the run ends.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { playNight } from '../rehearsal/night.ts';
import { prepareNight } from '../rehearsal/prepare.ts';
import { recordOf } from '../rehearsal/run.ts';
import { summarise, terminalTable } from '../reports/index.ts';
import { openRun } from '../reports/store/open-run.ts';
import type { Summary } from '../reports/summary.ts';
import { smallNight } from '../reports/testing/hand-log.ts';
import type { Scenario } from '../scenarios/schema.ts';
import { type Ledger, startOddTarget, startSecondServer, startTalker } from './second-server/start.ts';

const NO_SERVER_SIDE = 'the server wrote no rows: it is another target than the reference server';
const SEATS = 30;
const dirs: string[] = [];

afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

/** Twenty inside, then forty more, for thirty seats. */
function targetNight(phases: Scenario['phases']) {
  const { crowd, client } = smallNight();
  return smallNight({
    rooms: {
      main: { room: 'main', title: 'A small room', seats: SEATS },
      overflow: { seats: 1, roomsMax: 0 },
      parallel: { seats: 10, roomsMax: 2 },
    },
    phases,
    moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors open' }],
    incumbents: { count: 20, model: { kind: 'even' } },
    waves: [{ id: 'all', moment: 'doors', count: 40, overMs: phases.surgeMs, model: { kind: 'even' } }],
    bodies: { incumbents: { signal: 1 }, arrivals: { signal: 1 } },
    crowd: {
      ...crowd,
      startPatience: { graceMs: 400, leavePerSecond: 0.9 },
      stayMeanMs: 2_000,
      silentLeaverShare: 0.2,
      returnShare: 1,
      retap: { firstMs: 100, thenMeanMs: 200, triesMax: 4 },
      parallel: { openShare: 0.2, joinShare: 0.2 },
      hand: { share: 0.5, meanMs: 300 },
    },
    client: { ...client, heartbeatMs: 300, pongTimeoutMs: 1_000, joinTimeoutMs: 1_500 },
  });
}

type Played = { readonly runDir: string; readonly summary: Summary };

async function playAgainst(
  target: string,
  phases: Scenario['phases'],
  faults: readonly string[] = [],
): Promise<Played> {
  const runDir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-target-'));
  dirs.push(runDir);
  const prepared = prepareNight({
    ...{ scenario: targetNight(phases), seed: 5, scale: 1, timeScale: 1, profile: 'guarded', features: [] },
    ...{ bodies: null, target, port: 0, faults },
  });
  const record = recordOf(prepared, 'target', null);
  const { interrupted } = await playNight(prepared, record, runDir, () => {}, new AbortController().signal);
  expect(interrupted).toBeNull();
  expect(swarmsOf(runDir)).toEqual([]);
  return { runDir, summary: await summarise(runDir) };
}

/** Everybody of the sixty is in one place. */
function expectAllAccountedFor({ crowd }: Summary): void {
  expect(crowd.arrived).toBe(60);
  expect(crowd.joined + crowd.gaveUp + crowd.refused + crowd.waitingAtEnd + crowd.lost).toBe(60);
  expect(crowd.lost).toBe(0);
}

/** Processes that still run and were told of this run. */
function swarmsOf(dir: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dir);
    } catch {
      // It ended while we looked.
      return false;
    }
  });
}

async function ask(runDir: string, sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const run = await openRun(runDir);
  try {
    return await run.query(sql);
  } finally {
    run.close();
  }
}

test('the second server imports nothing of ours', () => {
  const source = readFileSync(new URL('second-server/server.ts', import.meta.url), 'utf8');
  const imported = [...source.matchAll(/from '([^']+)'/g)].map((match) => match[1]);
  expect(imported).toEqual(['node:http', 'node:net', 'ws']);
});

describe('a night against the second server', () => {
  let played: Played;
  let ledger: Ledger;

  beforeAll(async () => {
    const server = await startSecondServer({
      seats: SEATS,
      retryAfterMs: 300,
      holdMs: 1_500,
      silenceMs: 900,
    });
    const phases = { rampMs: 500, baselineMs: 1_000, surgeMs: 1_000, tailMs: 2_500, leavingMs: 500 };
    try {
      played = await playAgainst(server.target, phases, ['cut=0.3@1400ms']);
    } finally {
      ledger = await server.end();
    }
  });

  test('both count the same, person by person', async () => {
    const rows = await ask(
      played.runDir,
      `SELECT person_id::INT AS id,
        count(*) FILTER (type = 'seated' AND cause = 'new')::INT AS seated,
        count(*) FILTER (type = 'seated' AND cause = 'resumed')::INT AS resumed,
        count(*) FILTER (type = 'full' AND room = 'main')::INT AS "full",
        count(*) FILTER (type = 'hand')::INT AS hands
      FROM events WHERE side = 'listener' AND person_id IS NOT NULL GROUP BY person_id ORDER BY person_id`,
    );
    const asItCounted = Object.entries(ledger.people)
      .map(([id, { seated, resumed, full, hands }]) => ({ id: Number(id), seated, resumed, full, hands }))
      .sort((a, b) => a.id - b.id);
    expect(rows.filter(({ seated, full }) => Number(seated) + Number(full) > 0)).toEqual(asItCounted);
    const sum = (of: 'seated' | 'resumed' | 'full' | 'hands') =>
      asItCounted.reduce((all, one) => all + one[of], 0);
    expect(played.summary.crowd.joined).toBe(asItCounted.filter(({ seated }) => seated > 0).length);
    expectAllAccountedFor(played.summary);
    expect(ledger.takenMax).toBe(SEATS);
    expect(Math.min(sum('full'), sum('hands'))).toBeGreaterThan(0);
    // Whoever was cut off came back by ticket into the seat that was held.
    expect(played.summary.ejections.byCause['connection-lost']).toBeGreaterThan(0);
    expect(sum('resumed')).toBeGreaterThan(0);
  });

  test('what only its inside could tell is null with the reason, and the verdict stands on the rest', () => {
    const { run, server, admission, overflow, verdict } = played.summary;
    expect(run).toMatchObject({ target: expect.stringContaining('ws://127.0.0.1:'), partial: false });
    expect(server).toMatchObject({
      ...{ cpuSeconds: null, cpuShareMax: null, rssBytesMax: null, stallMsMax: null, foreignCpuShare: null },
      reason: NO_SERVER_SIDE,
    });
    expect(admission).toMatchObject({ overAdmitted: null, leakedSeats: null, reason: NO_SERVER_SIDE });
    expect(overflow).toMatchObject({ roomsOpened: null, seatedMax: null });
    const judged = verdict.objectives.filter(({ pass }) => pass !== null).map(({ id }) => id);
    expect(judged).toContain('answered');
    for (const { title, pass, reason } of verdict.objectives) {
      if (pass === null) expect(verdict.notes).toContain(`not judged: ${title} (${reason})`);
    }
    expect(verdict.notes).toContain('another target than the reference server: its inside is not measured');
    expect(terminalTable([played.summary])).toMatch(/^ +target$/m);
  });
});

const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';

/** Silence ends by whichever comes first: a person hangs up, or their client does. */
const TIRED = ['impatient', 'join-timeout'];

test.each([
  ['drops everybody at once', ['connection-refused'], () => startOddTarget((socket) => socket.destroy())],
  [
    'answers with something else',
    ['connection-refused'],
    () => startOddTarget((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n\r\n')),
  ],
  [
    'cannot do the handshake',
    ['connection-refused'],
    () => startOddTarget((socket) => socket.write(`${UPGRADE}Sec-WebSocket-Accept: wrong\r\n\r\n`)),
  ],
  ['never answers', TIRED, () => startOddTarget(() => {})],
  ['never answers, on IPv6', TIRED, () => startOddTarget(() => {}, '::1')],
  ['speaks garbage', ['protocol-error'], () => startTalker((socket) => socket.send('hello?'))],
  ['accepts, and then says nothing', [...TIRED, 'connection-lost'], () => startTalker(() => {})],
  ['accepts, and hangs up', ['connection-lost'], () => startTalker((socket) => socket.terminate())],
] as const)('a target that %s: nobody gets in, by %s, and the run ends', async (_what, causes, start) => {
  const phases = { rampMs: 100, baselineMs: 1_000, surgeMs: 400, tailMs: 1_200, leavingMs: 100 };
  const { runDir, summary } = await playAgainst(await start(), phases);
  expectAllAccountedFor(summary);
  expect(summary.crowd.joined).toBe(0);
  const failed = await ask(runDir, `SELECT DISTINCT cause FROM events WHERE type = 'failed'`);
  const failures = failed.map(({ cause }) => String(cause));
  expect(failures).toContain(causes[0]);
  expect(causes).toEqual(expect.arrayContaining(failures));
  const answered = summary.verdict.objectives.find(({ id }) => id === 'answered');
  expect(answered).toMatchObject({ measured: 0, pass: false });
  expect(summary.verdict.result).not.toBe('pass');
});
