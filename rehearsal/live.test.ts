/**
 * Real nights and the page that is told of them: what it was told at each night's end is what the night's log says. Two
 * builds meet the same small crowd one after the other, as in a comparison, and a cut throws some of them out.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { LiveFrame, SecondFrame } from '../dashboards/live/frames.ts';
import { openLiveStream } from '../dashboards/live/stream.ts';
import { openReader, readStream } from '../dashboards/live/testing/read-stream.ts';
import { type Row, shareTables } from '../reports/measures/index.ts';
import { openRun } from '../reports/store/open-run.ts';
import type { Summary } from '../reports/summary.ts';
import { smallNight } from '../reports/testing/hand-log.ts';
import { Live, openLive } from './live.ts';
import type { Observation } from './night.ts';
import { prepareNight } from './prepare.ts';
import { runNight } from './run.ts';

const never = new AbortController().signal;
const PROFILES = ['guarded', 'clubhouse-2021'] as const;

let dir: string;
let live: Live;
const summaries: Summary[] = [];
const runDirs: string[] = [];
/** What the page at `/` answered in the middle of each night. */
const looks: Promise<number>[] = [];
let early: readonly LiveFrame[];
let late: readonly LiveFrame[];

const scenario = smallNight({
  rooms: {
    main: { room: 'main', title: 'A small room', seats: 40 },
    overflow: { seats: 20, roomsMax: 1 },
  },
  phases: { rampMs: 500, baselineMs: 1_000, surgeMs: 1_000, tailMs: 4_000, leavingMs: 1_000 },
  moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors <open>' }],
  incumbents: { count: 10, model: { kind: 'even' } },
  waves: [{ id: 'all', moment: 'doors', count: 80, overMs: 1_000, model: { kind: 'even' } }],
  bodies: { incumbents: { signal: 1 }, arrivals: { signal: 1 } },
});

function prepared(profile: string) {
  return prepareNight({
    ...{ scenario, seed: 1, scale: 1, timeScale: 1, profile, features: [], bodies: null },
    ...{ target: null, port: 0, faults: ['cut=0.3@3.5s'] },
  });
}

beforeAll(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-live-'));
  live = await openLive({ port: 0 });
  const first = await openReader(live.url);
  for (const profile of PROFILES) {
    const runDir = mkdtempSync(path.join(dir, `${profile}-`));
    runDirs.push(runDir);
    const look = (observation: Observation) => {
      if (observation.type === 'moment') looks.push(fetch(live.url).then(({ status }) => status));
    };
    summaries.push(await runNight(prepared(profile), runDir, null, live.beside(look), never));
  }
  const last = await openReader(live.url);
  await live.end(runDirs[0]!, 0, never);
  await Promise.all([first.ended, last.ended]);
  [early, late] = [first.frames, last.frames];
}, 90_000);

afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The frames of one kind that are about one night. */
function framesOf<Type extends Exclude<LiveFrame['type'], 'end'>>(type: Type, nth: number) {
  return early.filter(
    (frame): frame is Extract<LiveFrame, { type: Type }> => frame.type === type && frame.nth === nth,
  );
}

const lastOf = (nth: number): SecondFrame => framesOf('second', nth).at(-1)!;

/** A query over the shared tables of a night that was played. */
async function ask(nth: number, sql: string): Promise<readonly Row[]> {
  const run = await openRun(runDirs[nth]!);
  try {
    await shareTables(run);
    return await run.query(sql);
  } finally {
    run.close();
  }
}

test('who comes late knows what those know who were there from the beginning', () => {
  expect(late).toEqual(early);
  expect(early.at(-1)).toEqual({ type: 'end', hasReport: false });
  expect(looks).toHaveLength(2);
});

test('the page was there in the middle of each night', async () => {
  expect(await Promise.all(looks)).toEqual([200, 200]);
});

test.each([
  [0, 'guarded', 20],
  [1, 'clubhouse-2021', 0],
])('night %i is told as %s, with what will happen in it', (nth, name, overflowSeats) => {
  expect(framesOf('night', nth)).toMatchObject([
    { name, title: 'A small night', people: 90, mainSeats: 40, overflowSeats, nightEndMs: 7_500 },
  ]);
  expect(framesOf('mark', nth).map(({ kind, text, nightMs }) => [kind, text, nightMs])).toEqual([
    ['moment', 'Doors <open>', 1_500],
    ['fault', 'cut', 3_500],
  ]);
  const instants = framesOf('second', nth).map(({ nightMs }) => nightMs);
  expect(instants.length).toBeGreaterThanOrEqual(7);
  expect(instants.toSorted((a, b) => a - b)).toEqual(instants);
});

test.each([0, 1])('at the end of night %i the crowd is where its log has it', async (nth) => {
  const states = await ask(
    nth,
    `SELECT state, count(*) AS people FROM (
       SELECT person_id, arg_max(state, (t_ns, nth)) AS state FROM states GROUP BY person_id) GROUP BY state`,
  );
  const { stranded, ...crowd } = lastOf(nth).crowd;
  const logged = Object.fromEntries(states.map(({ state, people }) => [state, people]));
  expect({ ...crowd, 'given-up': crowd['given-up'] + stranded }).toEqual({
    ...Object.fromEntries(Object.keys(crowd).map((state) => [state, 0])),
    ...logged,
  });
  expect(lastOf(nth).arrived).toBe(summaries[nth]!.crowd.arrived);
  const [gaveUp] = await ask(
    nth,
    'SELECT count(*) AS people FROM after_losses JOIN people USING (person_id) WHERE tried AND NOT returned AND gave_up_ns IS NOT NULL',
  );
  expect(stranded).toBe(gaveUp!['people']);
});

test.each([0, 1])('joins and losses of night %i sum to those of its summary', async (nth) => {
  const { crowd, ejections } = summaries[nth]!;
  const seconds = framesOf('second', nth);
  const sum = (what: 'joins' | 'losses') => seconds.reduce((all, second) => all + second[what], 0);
  expect(ejections.bySide.listener).toBeGreaterThan(0);
  expect([sum('joins'), sum('losses')]).toEqual([crowd.joined, ejections.bySide.listener]);
  const byCause = await ask(
    nth,
    "SELECT cause, count(*) AS losses FROM ejected WHERE side = 'listener' GROUP BY cause",
  );
  expect(lastOf(nth).lossesByCause).toEqual(
    Object.fromEntries(byCause.map(({ cause, losses }) => [cause, losses])),
  );
});

test.each([0, 1])('the phases of night %i are those of its log', async (nth) => {
  const logged = await ask(nth, 'SELECT phase, sum(ms) AS ms FROM phases GROUP BY phase ORDER BY phase');
  const { joined } = summaries[nth]!.crowd;
  for (const { phase, ms } of logged) {
    const told = framesOf('second', nth).reduce(
      (all, { joins, phaseMs }) => all + joins * (phaseMs[phase as keyof typeof phaseMs] ?? 0),
      0,
    );
    // Rounded to a tenth, and the clock is read twice.
    expect(Math.abs(told - (ms as number)), String(phase)).toBeLessThan(joined);
  }
});

test.each([0, 1])('live objectives of night %i end as they are judged', (nth) => {
  const { ejections, crowd, verdict } = summaries[nth]!;
  const { objectives } = lastOf(nth);
  expect(objectives['answered']!.value).toBe(crowd.answeredWithin2sShare);
  // What only the server saw is no part of it.
  if (ejections.bySide.server === 0) expect(objectives['ejections']!.value).toBe(ejections.involuntaryShare);
  expect(objectives['ejections']!.isBroken).toBe(true);
  const [told] = framesOf('verdict', nth);
  expect(told).toMatchObject({ result: verdict.result, reasons: verdict.reasons });
  expect(told!.objectives.map(({ id, isPass }) => [id, isPass])).toEqual(
    verdict.objectives.filter(({ pass }) => pass !== null).map(({ id, pass }) => [id, pass]),
  );
});

test.each([0, 1])('the server of night %i tells its rooms, and /proc its CPU', (nth) => {
  const full = framesOf('second', nth).filter(({ nightMs }) => nightMs > 3_000 && nightMs < 6_000);
  expect(full.length).toBeGreaterThan(1);
  for (const { rooms, cpu } of full) {
    expect(rooms![0]).toMatchObject({ id: 'main', kind: 'main', seats: 40 });
    expect(rooms![0]!.taken).toBeGreaterThan(0);
    expect(cpu!.server).toBeGreaterThan(0);
    expect(cpu!.swarm).toBeGreaterThan(0);
  }
  const kinds = new Set(full.flatMap(({ rooms }) => rooms!.map(({ kind }) => kind)));
  expect(kinds.has('overflow')).toBe(nth === 0);
});

test('a port that is taken names its holder', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  onTestFinished(() => void holder.close());
  const { port } = holder.address() as { readonly port: number };
  await expect(openLive({ port })).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining(`port ${port} is taken by process ${process.pid}`),
    hint: 'choose another --live-port, or --no-live',
  });
});

test('a night that was stopped before it was measured has no verdict; the report stays while it is asked to', async () => {
  const one = await openLive({ port: 0 });
  const reader = await readStream(one.url);
  one.beside(() => {})({ type: 'night', prepared: prepared('guarded') });
  const folder = mkdtempSync(path.join(dir, 'report-'));
  writeFileSync(path.join(folder, 'report.html'), '<title>the report</title>');
  const stop = new AbortController();
  const ended = one.end(folder, 600_000, stop.signal);
  await reader.until(() => reader.frames.length === 3);
  expect(reader.frames.slice(1)).toEqual([
    { type: 'verdict', nth: 0, result: null, reasons: [], objectives: [] },
    { type: 'end', hasReport: true },
  ]);
  expect(await (await fetch(`${one.url}report/`)).text()).toBe('<title>the report</title>');
  stop.abort();
  await ended;
  await reader.ended;
});

test('a page that was cut off is told in the next step, and the night goes on', async () => {
  const stream = await openLiveStream({ files: [], port: 0, backlogBytesMax: 2 ** 16 });
  const one = new Live(stream);
  onTestFinished(() => one.end(null, 0, never));
  const hanging = connect(Number(new URL(stream.url).port), '127.0.0.1').pause();
  onTestFinished(() => void hanging.destroy());
  hanging.on('error', () => {});
  hanging.write('GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  while (stream.pages === 0) await new Promise(setImmediate);
  const steps: string[] = [];
  const observe = one.beside((observation) => {
    if (observation.type === 'step') steps.push(observation.text);
  });
  observe({ type: 'night', prepared: prepared('guarded') });
  for (let told = 0; steps.length === 0 && told < 400; told++) {
    observe({ type: 'fault', text: 'x'.repeat(100_000), nightMs: told });
    await new Promise(setImmediate);
  }
  expect(steps).toEqual(['a live page did not read what it was told and was cut off']);
});
