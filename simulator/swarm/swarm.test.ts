/** Swarm processes against the real server as a process: a small night from the first dial to the last row. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { RowType } from '../../events/row.ts';
import { steady } from '../../scenarios/library/steady.ts';
import { nightTimes, type Scenario, scenarioSchema } from '../../scenarios/schema.ts';
import type { ProfileName } from '../../server/profiles/features.ts';
import {
  encodeFrame,
  FROM_LISTENER,
  FROM_SERVER,
  PROTOCOL_VERSION,
  splitFrame,
} from '../../server/protocol/wire.ts';
import { readSetup } from '../../setup/paths.ts';
import { createMeterFile } from '../bodies/meter/meter.ts';
import { createTraits } from '../persona/traits.ts';
import { drawPlan } from '../plan/plan.ts';
import type { SwarmConfig, SwarmReport } from './config.ts';
import { folder, rowsOf, serverConfig, start, startServer } from './testing/processes.ts';

const ALL_SIGNAL = { signal: 1, webrtc: 0 };
const SEED = 11;
const setup = readSetup();

/** Forty people in four seconds; many leave before the end, half of them without a word. */
const night: Scenario = scenarioSchema.parse({
  ...steady,
  rooms: { main: { room: 'main', title: 'A room', seats: 25 }, overflow: { seats: 40, roomsMax: 1 } },
  phases: { rampMs: 400, baselineMs: 1_000, surgeMs: 600, tailMs: 1_700, leavingMs: 300 },
  moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors' }],
  incumbents: { count: 20, model: { kind: 'even' } },
  waves: [{ id: 'evening', moment: 'doors', count: 20, overMs: 600, model: { kind: 'even' } }],
  bodies: { incumbents: ALL_SIGNAL, arrivals: ALL_SIGNAL },
  crowd: { ...steady.crowd, stayMeanMs: 1_500 },
  client: { heartbeatMs: 200, pongTimeoutMs: 2_000, joinTimeoutMs: 2_000, mediaTimeoutMs: 2_000 },
});

async function startRoom(dir: string, profile: ProfileName, scenario: Scenario): Promise<string> {
  const withMedia = scenario.bodies.arrivals.signal < 1;
  return `ws://${await startServer(dir, serverConfig(dir, scenario, profile, withMedia))}/signal`;
}

function swarmConfig(dir: string, target: string, over: Partial<SwarmConfig> = {}): SwarmConfig {
  const scenario = over.scenario ?? night;
  return {
    runDir: dir,
    processName: 'swarm-signal',
    body: 'signal',
    scenario,
    seed: SEED,
    browsers: 0,
    planDigest: drawPlan(scenario, SEED).digest,
    bodies: scenario.bodies,
    target,
    meterFile: null,
    rtpSink: null,
    nap: true,
    cuts: [],
    ...over,
  };
}

function begin(child: ChildProcess): void {
  child.send({ type: 'start', nightStartNs: String(process.hrtime.bigint() + 50_000_000n) });
}

/** Plays the small night and resolves when the swarm has ended. */
async function play(profile: ProfileName, over: Partial<SwarmConfig> = {}) {
  const dir = folder();
  const target = await startRoom(dir, profile, over.scenario ?? night);
  const { child, exit, first } = await start(
    'simulator/swarm/main.ts',
    dir,
    'swarm',
    swarmConfig(dir, target, over),
  );
  const reports: SwarmReport[] = [first as SwarmReport];
  child.on('message', (message) => reports.push(message as SwarmReport));
  begin(child);
  expect(await exit).toBe(0);
  return { dir, reports };
}

describe('a night', () => {
  test.each(['clubhouse-2021', 'guarded'] as const)('everybody has one story, on %s', async (profile) => {
    const { dir, reports } = await play(profile);
    expect(reports[0]).toEqual({ type: 'ready', people: 40 });
    expect(reports.filter(({ type }) => type === 'tick').length).toBeGreaterThanOrEqual(2);
    const arrivals = rowsOf(dir, 'listener', 'arrive');
    expect(arrivals).toHaveLength(40);
    const ends = rowsOf(dir, 'listener', 'gave-up', 'left', 'at-end');
    expect(new Set(ends.map((row) => row.person_id)).size).toBe(40);
    expect(ends).toHaveLength(40);
    const last = reports.at(-1)!;
    expect(last.type).toBe('done');
    if (last.type !== 'done') return;
    expect(last.counters.arrived).toBe(40);
    expect(last.counters.left).toBe(ends.filter((row) => row.type === 'left').length);
    expect(last.counters.joined).toBe(
      new Set(rowsOf(dir, 'listener', 'in').map((row) => row.person_id)).size,
    );
    if (profile === 'guarded') expect(last.counters.joined).toBe(40);
  });

  test.skipIf(setup.rtpSink === null)(
    'rtp listeners are in with their first packet, and are counted',
    async () => {
      const all = { signal: 0, webrtc: 0, rtp: 1, k6: 0 };
      const bodies = { incumbents: all, arrivals: all };
      const dir = folder();
      const meterFile = path.join(dir, 'packets.bin');
      createMeterFile(meterFile);
      const played = await play('guarded', {
        processName: 'swarm-rtp',
        body: 'rtp',
        scenario: { ...night, bodies },
        bodies,
        meterFile,
        rtpSink: setup.rtpSink,
      });
      const people = (...types: RowType[]) =>
        new Set(rowsOf(played.dir, 'listener', ...types).map((row) => row.person_id));
      expect(played.reports[0]).toEqual({ type: 'ready', people: 40 });
      expect(people('first-audio').size).toBe(40);
      expect(people('in')).toEqual(people('first-audio'));
      expect(people('ice', 'dtls').size).toBe(0);
      expect(rowsOf(played.dir, 'listener', 'trouble')).toEqual([]);
      // Seconds that lie whole after the first packet: the one before it, and that of the leaving, may hold none.
      const inNs = new Map(
        rowsOf(played.dir, 'listener', 'in').map((row) => [row.person_id, BigInt(row.t_ns)] as const),
      );
      const counted = rowsOf(played.dir, 'listener', 'media').filter(
        (row) => BigInt(row.t_ns) - inNs.get(row.person_id)! > 1_100_000_000n,
      );
      const packets = Map.groupBy(counted, (row) => row.person_id);
      expect(packets.size).toBeGreaterThan(5);
      for (const rows of packets.values())
        expect(rows.reduce((sum, row) => sum + Number(row.value), 0)).toBeGreaterThan(0);
    },
  );

  test('whoever is cut off comes back into the same seat', async () => {
    const { dir } = await play('guarded', { cuts: [{ atMs: 1_300, share: 1 }] });
    const lost = rowsOf(dir, 'listener', 'ejected');
    expect(lost.length).toBeGreaterThan(3);
    expect(new Set(lost.map((row) => row.cause))).toEqual(new Set(['connection-lost']));
    const seats = rowsOf(dir, 'listener', 'seated');
    for (const { person_id } of lost) {
      const [before, after] = seats.filter((row) => row.person_id === person_id);
      expect([after?.cause, after?.value]).toEqual(['resumed', before?.value]);
    }
  });
});

describe('what people show of themselves', () => {
  test('hands go up, once a person, and the server sees each of them', async () => {
    const crowd = { ...night.crowd, stayMeanMs: 60_000, hand: { share: 0.5, meanMs: 100 } };
    const scenario: Scenario = { ...night, crowd };
    const { dir } = await play('guarded', { scenario });
    const raised = rowsOf(dir, 'listener', 'hand').map((row) => Number(row.person_id));
    const { raisesHandAfterMs } = drawPlan(scenario, SEED).columns;
    const wanted = [...raisesHandAfterMs.keys()].filter((id) => raisesHandAfterMs[id]! < 500);
    expect(wanted.length).toBeGreaterThan(10);
    expect(raised).toEqual(expect.arrayContaining(wanted));
    expect(new Set(raised).size).toBe(raised.length);
    const seen = rowsOf(dir, 'server', 'hand').map((row) => [Number(row.person_id), row.value]);
    expect(seen.sort()).toEqual(raised.map((id) => [id, '1']).sort());
  });

  test('whoever sits in the room can ask who somebody is', async () => {
    const dir = folder();
    const target = await startRoom(dir, 'guarded', night);
    const { child, exit } = await start('simulator/swarm/main.ts', dir, 'swarm', swarmConfig(dir, target));
    const socket = new WebSocket(target);
    const shown = new Promise<unknown>((resolve) => {
      socket.on('message', (data) => {
        const { letter, head, bulk } = splitFrame(data.toString());
        const [user] = (bulk === null ? [] : JSON.parse(bulk)).filter(({ id }: { id: number }) => id < 40);
        if (letter === FROM_SERVER.profile) resolve(JSON.parse(head));
        else if (user !== undefined) socket.send(encodeFrame(FROM_LISTENER.profile, { id: user.id }));
        // Each batch of newcomers is a reason to look again.
        else socket.send(encodeFrame(FROM_LISTENER.roster, { room: 'main', page: 0 }));
      });
    });
    await once(socket, 'open');
    const who = { v: PROTOCOL_VERSION, personId: 99, name: 'A visitor', attempt: 1 };
    socket.send(encodeFrame(FROM_LISTENER.ask, { ...who, room: 'main', media: 'none' }));
    begin(child);
    const answer = (await shown) as { readonly id: number };
    socket.close();
    const { name, profile } = createTraits(drawPlan(night, SEED), SEED)(answer.id);
    expect(answer).toEqual({ id: answer.id, name, profile });
    expect(await exit).toBe(0);
  });
});

describe('the hallway', () => {
  /** A naive room of ten seats; the evening's people wait in the hallway for the doors. */
  const crowded: Scenario = {
    ...night,
    rooms: { ...night.rooms, main: { ...night.rooms.main, seats: 10 }, parallel: { seats: 4, roomsMax: 3 } },
    waves: night.waves.map((wave) => ({ ...wave, overMs: 50, hallwayMs: 800 })),
    crowd: {
      ...night.crowd,
      ...{ stayMeanMs: 60_000, parallel: { openShare: 0.3, joinShare: 0.6 } },
      retap: { firstMs: 100, thenMeanMs: 200, triesMax: 20 },
    },
    client: { ...night.client, hallwayPollMs: 250 },
  };

  test('people wait in it, and a full room leads from it to parallel rooms', async () => {
    const { dir } = await play('clubhouse-2021', { scenario: crowded });
    const plan = drawPlan(crowded, SEED);

    const { intendedMs, hallwayAtMs } = plan.columns;
    const early = Array.from(hallwayAtMs.keys()).filter((id) => intendedMs[id]! - hallwayAtMs[id]! > 400);
    expect(early.length).toBeGreaterThan(5);
    const stories = rowsOf(dir, 'listener', 'dial', 'opened', 'browsed', 'arrive', 'asked');
    for (const id of early) {
      const story = stories.filter((row) => row.person_id === String(id)).map((row) => row.type);
      expect(story.slice(0, 5)).toEqual(['dial', 'opened', 'browsed', 'arrive', 'asked']);
    }

    const opened = rowsOf(dir, 'server', 'room-opened').map((row) => row.room);
    expect(opened.slice(0, 4)).toEqual(['main', 'parallel-1', 'parallel-2', 'parallel-3']);
    const lists = rowsOf(dir, 'listener', 'browsed').map((row) => Number(row.value));
    expect(Math.max(...lists)).toBe(4);
    // Seats are counted exactly.
    const inside = new Map<string, number>();
    for (const { type, room } of rowsOf(dir, 'server', 'took', 'left', 'ejected')) {
      if (!room.startsWith('parallel-')) continue;
      inside.set(room, (inside.get(room) ?? 0) + (type === 'took' ? 1 : -1));
      expect(inside.get(room)).toBeLessThanOrEqual(4);
    }

    const aside = rowsOf(dir, 'listener', 'parallel');
    const own = aside.filter((row) => row.value === '1').map((row) => row.room);
    expect(new Set(own).size).toBe(own.length);
    expect(opened).toEqual(expect.arrayContaining(own));
    expect(aside.length).toBeGreaterThan(own.length);
    const turnedAway = rowsOf(dir, 'listener', 'full').map((row) => row.person_id);
    const gaveUp = rowsOf(dir, 'listener', 'gave-up').filter((row) => row.cause === 'parallel');
    const ends = rowsOf(dir, 'listener', 'left', 'parallel-lost').map((row) => row.person_id);
    for (const { person_id } of aside) {
      const { opensParallel, joinsParallel } = plan.personAt(Number(person_id));
      expect(opensParallel || joinsParallel).toBe(true);
      expect(turnedAway).toContain(person_id);
      // They end their story with the main room, and then that with the other.
      expect(gaveUp.filter((row) => row.person_id === person_id)).toHaveLength(1);
      expect(ends.filter((id) => id === person_id)).toHaveLength(1);
    }
  });
});

describe('the process', () => {
  const nowhere = 'ws://127.0.0.1:9/signal';

  test('a server that refuses everybody: every arrival is told, the night ends', async () => {
    const dir = folder();
    const { child, exit } = await start('simulator/swarm/main.ts', dir, 'swarm', swarmConfig(dir, nowhere));
    begin(child);
    expect(await exit).toBe(0);
    expect(rowsOf(dir, 'listener', 'arrive')).toHaveLength(40);
    expect(rowsOf(dir, 'listener', 'in')).toEqual([]);
    expect(new Set(rowsOf(dir, 'listener', 'failed').map((row) => row.cause))).toEqual(
      new Set(['connection-refused']),
    );
    expect(rowsOf(dir, 'listener', 'trouble')).toEqual([]);
  });

  test('it stops when told to, and says so in its log', async () => {
    const dir = folder();
    const { child, exit } = await start('simulator/swarm/main.ts', dir, 'swarm', swarmConfig(dir, nowhere));
    begin(child);
    await once(child, 'message');
    child.send({ type: 'stop' });
    expect(await exit).toBe(0);
    expect(rowsOf(dir, 'listener', 'interrupted').map((row) => row.cause)).toEqual(['stopped']);
  });

  test('it ends when its parent is gone', async () => {
    const dir = folder();
    const { child, exit } = await start('simulator/swarm/main.ts', dir, 'swarm', swarmConfig(dir, nowhere));
    child.disconnect();
    expect(await exit).toBe(0);
    expect(rowsOf(dir, 'listener', 'interrupted').map((row) => row.cause)).toEqual(['parent-gone']);
  });

  test('another crowd than the one that was agreed on is refused', async () => {
    const dir = folder();
    const { first, exit } = await start(
      'simulator/swarm/main.ts',
      dir,
      'swarm',
      swarmConfig(dir, nowhere, { planDigest: '0' }),
    );
    expect(first).toMatchObject({ type: 'error', code: 'plan-differs' });
    expect(await exit).toBe(1);
  });

  test('a configuration that is wrong is refused with every problem', async () => {
    const dir = folder();
    const { first, exit } = await start('simulator/swarm/main.ts', dir, 'swarm', {
      ...swarmConfig(dir, nowhere),
      nap: 1,
      more: 2,
    });
    expect(first).toMatchObject({ type: 'error', code: 'invalid-config' });
    expect((first as { readonly message: string }).message).toMatch(/nap:[\s\S]*more/);
    expect(await exit).toBe(2);
  });
});

test('the night of these tests is as long as it says', () => {
  expect(nightTimes(night).nightEndMs).toBe(4_000);
});
