import { describe, expect, test } from 'vitest';
import { steady } from '../../scenarios/library/steady.ts';
import { zuckerberg } from '../../scenarios/library/zuckerberg.ts';
import { nightTimes, type Scenario, scenarioSchema } from '../../scenarios/schema.ts';
import { assignBodies } from './bodies.ts';
import { sequence, unitFor } from './draws.ts';
import { drawPlan } from './plan.ts';
import { scaleScenario } from './scale.ts';

/** The night of the library, with what these tests count on written down, so that tuning it breaks none of them. */
const night = scenarioSchema.parse({
  ...zuckerberg,
  rooms: { main: { ...zuckerberg.rooms.main, seats: 2000 }, overflow: { seats: 2000, roomsMax: 1 } },
  phases: { rampMs: 20_000, baselineMs: 15_000, surgeMs: 30_000, tailMs: 35_000, leavingMs: 6_000 },
  moments: [
    { id: 'reveal', afterSurgeStartMs: 0, title: 'Zuckerberg walks in' },
    { id: 'twitter', afterSurgeStartMs: 0, title: 'Word reaches Twitter' },
    { id: 'dotcom-tweet', afterSurgeStartMs: 12_000, title: 'Dotcom invites his followers' },
    { id: 'end', afterSurgeStartMs: 65_000, title: 'The talk ends' },
  ],
  incumbents: { count: 600, model: { kind: 'even' } },
  waves: [
    {
      id: 'inside',
      moment: 'reveal',
      count: 1300,
      overMs: 30_000,
      model: { kind: 'bass', innovatorsPerSecond: 0.15, imitatorsPerSecond: 0.6 },
    },
    {
      id: 'twitter',
      moment: 'twitter',
      count: 1700,
      overMs: 30_000,
      model: { kind: 'seismic', compression: 60 },
    },
    {
      id: 'dotcom',
      moment: 'dotcom-tweet',
      count: 1000,
      overMs: 18_000,
      model: { kind: 'seismic', compression: 60 },
    },
  ],
  bodies: {
    incumbents: { signal: 2 / 3, webrtc: 1 / 3 },
    arrivals: { signal: 0.915, webrtc: 0.085, rtp: 0, k6: 0 },
  },
  crowd: {
    startPatience: { graceMs: 2_000, leavePerSecond: 0.058 },
    queuePatienceMeanMs: 60_000,
    stayMeanMs: 600_000,
    silentLeaverShare: 0.5,
    returnShare: 1,
    retap: { firstMs: 200, thenMeanMs: 2_000, triesMax: 6 },
  },
  client: { heartbeatMs: 10_000, pongTimeoutMs: 5_000, joinTimeoutMs: 8_000, mediaTimeoutMs: 10_000 },
  server: { ...zuckerberg.server, pacing: { seatsPerSecond: 150, burst: 50 } },
});

describe('drawPlan', () => {
  test('the same seed gives the same crowd byte for byte, another seed another one', () => {
    const plan = drawPlan(night, 7);
    expect(drawPlan(night, 7).digest).toBe(plan.digest);
    expect(drawPlan(night, 7).columns).toEqual(plan.columns);
    expect(drawPlan(night, 8).digest).not.toBe(plan.digest);
    expect(drawPlan(night, 7 + 2 ** 32).digest).not.toBe(plan.digest);
  });

  test('people who are added for browsers change nobody else, and come as incumbents and with the waves', () => {
    const plan = drawPlan(night, 7);
    const more = drawPlan(night, 7, 5);
    expect([more.size, more.browserCount, more.incumbentCount]).toEqual([
      plan.size + 5,
      5,
      plan.incumbentCount,
    ]);
    for (const [name, column] of Object.entries(plan.columns))
      expect(more.columns[name as keyof typeof plan.columns].slice(0, plan.size)).toEqual(column);
    const added = Array.from({ length: 5 }, (_, nth) => more.personAt(plan.size + nth));
    expect(added.filter(({ cohort }) => cohort === 'incumbent').length).toBe(3);
    expect(added.filter(({ cohort }) => cohort !== 'incumbent').length).toBe(2);
    const assigned = assignBodies(more, night.bodies);
    expect(assigned.counts.browser).toBe(5);
    expect(added.every(({ personId }) => assigned.bodyOf(personId) === 'browser')).toBe(true);
  });

  test('neither bodies nor the server change the crowd', () => {
    const other: Scenario = {
      ...night,
      bodies: {
        incumbents: { signal: 0, webrtc: 1, rtp: 0, k6: 0 },
        arrivals: { signal: 0, webrtc: 1, rtp: 0, k6: 0 },
      },
      server: { ...night.server, heartbeatMissedMs: 1 },
      rooms: { ...night.rooms, overflow: { seats: 1, roomsMax: 0 } },
    };
    expect(drawPlan(other, 7).digest).toBe(drawPlan(night, 7).digest);
  });

  test('the groups have their sizes and their windows', () => {
    const plan = drawPlan(night, 7);
    const { surgeStartMs, surgeEndMs } = nightTimes(night);
    expect(plan.size).toBe(600 + 1300 + 1700 + 1000);
    expect(plan.cohorts).toEqual(['incumbent', 'inside', 'twitter', 'dotcom']);
    const counts = new Map<string, number>();
    for (let id = 0; id < plan.size; id++) {
      const person = plan.personAt(id);
      counts.set(person.cohort, (counts.get(person.cohort) ?? 0) + 1);
      const [from, to] = person.cohort === 'incumbent' ? [0, 20_000] : [surgeStartMs, surgeEndMs];
      expect(person.intendedMs).toBeGreaterThanOrEqual(from);
      expect(person.intendedMs).toBeLessThanOrEqual(to);
      expect(person.startPatienceMs).toBeGreaterThanOrEqual(2_000);
    }
    expect(Object.fromEntries(counts)).toEqual({ incumbent: 600, inside: 1300, twitter: 1700, dotcom: 1000 });
    expect(() => plan.personAt(plan.size)).toThrow(RangeError);
  });

  test('traits have their means', () => {
    const plan = drawPlan(scaleScenario(night, 10, 1).scenario, 3);
    const mean = (column: ArrayLike<number>) =>
      Array.from(column).reduce((sum, value) => sum + value, 0) / column.length;
    expect(mean(plan.columns.stayMs) / 600_000).toBeCloseTo(1, 1);
    expect(mean(plan.columns.queuePatienceMs) / 60_000).toBeCloseTo(1, 1);
    expect(mean(plan.columns.leavesSilently)).toBeCloseTo(0.5, 1);
    expect(mean(plan.columns.returns)).toBe(1);
    // After the grace, the share that is left falls by 5.8 % a second.
    const left = Array.from(plan.columns.startPatienceMs).filter((ms) => ms > 12_000).length / plan.size;
    expect(left).toBeCloseTo(0.942 ** 10, 1);
  });

  test('a wave from the hallway is there evenly beforehand, and never after its own arrival', () => {
    const larger = scaleScenario(night, 3, 1).scenario;
    const waiting = (hallwayMs: number): Scenario => ({
      ...larger,
      waves: larger.waves.map((wave) => (wave.id === 'twitter' ? { ...wave, hallwayMs } : wave)),
    });
    const { surgeStartMs } = nightTimes(larger);
    const plan = drawPlan(waiting(10_000), 3);
    const atMs = Array.from({ length: plan.size }, (_, id) => plan.personAt(id))
      .filter((person) => {
        expect(Number.isNaN(person.hallwayAtMs)).toBe(person.cohort !== 'twitter');
        return person.cohort === 'twitter';
      })
      .map((person) => {
        expect(person.hallwayAtMs).toBeLessThanOrEqual(person.intendedMs);
        return person.hallwayAtMs;
      });
    expect(Math.min(...atMs)).toBeGreaterThanOrEqual(surgeStartMs - 10_000);
    expect(Math.max(...atMs)).toBeLessThanOrEqual(surgeStartMs);
    const early = atMs.filter((ms) => ms < surgeStartMs - 5_000).length;
    expect(early / atMs.length).toBeCloseTo(0.5, 1);
    // The hallway moves nobody's arrival, and nobody is there before the night.
    expect(plan.columns.intendedMs).toEqual(drawPlan(larger, 3).columns.intendedMs);
    const long = Array.from(drawPlan(waiting(10_000_000), 3).columns.hallwayAtMs);
    expect(Math.min(...long.filter((ms) => !Number.isNaN(ms)))).toBe(0);
  });

  test('who takes their time, and who makes do with a parallel room', () => {
    const crowd = {
      ...night.crowd,
      returnShare: 0.5,
      returnLate: { share: 0.4, meanMs: 7_000 },
      parallel: { openShare: 0.1, joinShare: 0.6 },
    };
    const plan = drawPlan({ ...scaleScenario(night, 10, 1).scenario, crowd }, 3);
    const { returns, returnDelayMs, opensParallel, joinsParallel } = plan.columns;
    const share = (is: (id: number) => boolean) =>
      Array.from({ length: plan.size }, (_, id) => is(id)).filter(Boolean).length / plan.size;
    expect(share((id) => returnDelayMs[id]! > 0)).toBeCloseTo(0.5 * 0.4, 1);
    expect(share((id) => returnDelayMs[id]! > 0 && returns[id] === 0)).toBe(0);
    const delays = Array.from(returnDelayMs).filter((ms) => ms > 0);
    expect(delays.reduce((sum, ms) => sum + ms, 0) / delays.length / 7_000).toBeCloseTo(1, 1);
    expect(share((id) => opensParallel[id] === 1)).toBeCloseTo(0.1, 1);
    expect(share((id) => joinsParallel[id] === 1)).toBeCloseTo(0.6, 1);
    // One habit says nothing of the other.
    expect(share((id) => opensParallel[id] === 1 && joinsParallel[id] === 1)).toBeCloseTo(0.06, 2);
    expect(plan.personAt(0)).toMatchObject({
      returnDelayMs: returnDelayMs[0],
      opensParallel: opensParallel[0] === 1,
      joinsParallel: joinsParallel[0] === 1,
    });
  });

  test('who raises a hand, and when; where people come from is part of the crowd', () => {
    const hands = (hand: { share: number; meanMs: number }) =>
      drawPlan({ ...scaleScenario(night, 10, 1).scenario, crowd: { ...night.crowd, hand } }, 3);
    const plan = hands({ share: 0.1, meanMs: 9_000 });
    const after = Array.from(plan.columns.raisesHandAfterMs).filter((ms) => !Number.isNaN(ms));
    expect(after.length / plan.size).toBeCloseTo(0.1, 1);
    expect(after.reduce((sum, ms) => sum + ms, 0) / after.length / 9_000).toBeCloseTo(1, 1);
    expect(plan.personAt(5).raisesHandAfterMs).toBe(plan.columns.raisesHandAfterMs[5]);
    const none = hands({ share: 0, meanMs: 9_000 });
    expect(none.columns.raisesHandAfterMs.every(Number.isNaN)).toBe(true);
    expect(none.digest).not.toBe(plan.digest);
    expect(none.columns.stayMs).toEqual(plan.columns.stayMs);
    const elsewhere = night.waves.map((wave) => ({ ...wave, from: 'twitter' as const }));
    const moved = drawPlan({ ...night, waves: elsewhere }, 7);
    expect(moved.personAt(600).origin).toBe('twitter');
    expect(moved.digest).not.toBe(drawPlan(night, 7).digest);
    expect(scaleScenario(night, 1, 0.5).scenario.crowd.hand.meanMs).toBe(night.crowd.hand.meanMs / 2);
  });

  test('a million people keep within 200 bytes each', () => {
    const plan = drawPlan(scaleScenario(night, 1e6 / 4600, 1).scenario, 1);
    const bytes = Object.values(plan.columns).reduce((sum, column) => sum + column.byteLength, 0);
    expect(plan.size).toBeGreaterThan(999_000);
    expect(bytes / plan.size).toBeLessThan(200);
  });
});

describe('draws', () => {
  test('purposes are not one sequence that is shifted', () => {
    const first = new Set(Array.from({ length: 20_000 }, (_, person) => unitFor(1, 1)(person)));
    const shared = Array.from({ length: 20_000 }, (_, person) => unitFor(1, 2)(person)).filter((unit) =>
      first.has(unit),
    );
    expect(shared.length).toBeLessThan(5);
  });

  test('draws are evenly distributed over ten bins', () => {
    const unit = unitFor(99, 3);
    const bins = new Array<number>(10).fill(0);
    for (let person = 0; person < 100_000; person++) bins[Math.floor(unit(person) * 10)]!++;
    for (const bin of bins) expect(Math.abs(bin - 10_000)).toBeLessThan(500);
  });

  test("a person's own draws are the same again", () => {
    const [one, again] = [sequence(5), sequence(5)];
    const drawn = Array.from({ length: 100 }, one);
    expect(Array.from({ length: 100 }, again)).toEqual(drawn);
    expect(new Set(drawn).size).toBe(100);
  });
});

describe('assignBodies', () => {
  const plan = drawPlan(night, 7);
  const count = (from: number, to: number, bodies: ReturnType<typeof assignBodies>) => {
    let webrtc = 0;
    for (let id = from; id < to; id++) if (bodies.bodyOf(id) === 'webrtc') webrtc++;
    return webrtc;
  };

  test('counts are exact in each group', () => {
    const bodies = assignBodies(plan, night.bodies);
    expect(count(0, 600, bodies)).toBe(200);
    expect(count(600, plan.size, bodies)).toBe(340);
    expect(bodies.counts.webrtc).toBe(540);
    expect(bodies.callbackCount).toBe(27);
  });

  test('a larger share only adds people', () => {
    const some = assignBodies(plan, night.bodies);
    const all = { signal: 0, webrtc: 1, rtp: 0, k6: 0 };
    const more = assignBodies(plan, {
      incumbents: all,
      arrivals: { signal: 0.5, webrtc: 0.5, rtp: 0, k6: 0 },
    });
    for (let id = 0; id < plan.size; id++) {
      if (some.bodyOf(id) === 'webrtc') expect(more.bodyOf(id)).toBe('webrtc');
      if (some.withCallback(id)) expect(some.bodyOf(id)).toBe('webrtc');
    }
  });

  test('rtp comes after webrtc and takes nobody from it; rounding leaves nobody out', () => {
    const some = assignBodies(plan, night.bodies);
    const { incumbents, arrivals } = night.bodies;
    const shares = (group: typeof arrivals) => ({
      signal: 0,
      webrtc: group.webrtc,
      rtp: 1 - group.webrtc,
      k6: 0,
    });
    const all = assignBodies(plan, { incumbents: shares(incumbents), arrivals: shares(arrivals) });
    for (let id = 0; id < plan.size; id++) {
      expect(all.bodyOf(id)).toBe(some.bodyOf(id) === 'webrtc' ? 'webrtc' : 'rtp');
      expect(all.withCallback(id)).toBe(some.withCallback(id));
    }
    expect(all).toMatchObject({
      counts: { webrtc: 540, rtp: plan.size - 540, signal: 0, k6: 0, browser: 0 },
      callbackCount: 27,
    });
  });

  test('nobody has media when nobody is asked to', () => {
    const none = { signal: 1, webrtc: 0, rtp: 0, k6: 0 };
    expect(assignBodies(plan, { incumbents: none, arrivals: none })).toMatchObject({
      counts: { webrtc: 0, signal: plan.size },
      callbackCount: 0,
    });
  });
});

describe('scaleScenario', () => {
  test('people, seats and pace follow the scale, times do not', () => {
    const { scenario } = scaleScenario(night, 0.5, 1);
    expect(scenario.rooms.main.seats).toBe(1000);
    expect(scenario.incumbents.count).toBe(300);
    expect(scenario.waves.map((wave) => wave.count)).toEqual([650, 850, 500]);
    expect(scenario.server.pacing).toEqual({ seatsPerSecond: 75, burst: 25 });
    expect(scenario.phases).toEqual(night.phases);
    expect(scaleScenario(night, 1e-9, 1).scenario.waves.map((wave) => wave.count)).toEqual([1, 1, 1]);
  });

  test('times follow the time-scale, rates its inverse', () => {
    const { scenario, times } = scaleScenario(night, 1, 0.5);
    expect(scenario.phases.surgeMs).toBe(15_000);
    expect(scenario.moments.map((moment) => moment.afterSurgeStartMs)).toEqual([0, 0, 6_000, 32_500]);
    expect(scenario.waves[0]!.model).toEqual({
      kind: 'bass',
      innovatorsPerSecond: 0.3,
      imitatorsPerSecond: 1.2,
    });
    expect(scenario.waves[1]!.model).toEqual({ kind: 'seismic', compression: 120 });
    expect(scenario.server.pacing).toEqual({ seatsPerSecond: 300, burst: 50 });
    expect(scenario.crowd.startPatience.leavePerSecond).toBeCloseTo(1 - 0.942 ** 2, 12);
    expect(times.scaled).toContainEqual({ path: 'client.heartbeatMs', ms: 10_000, scaledMs: 5_000 });
    expect(times.notScaled).toContainEqual({ path: 'server.frameMs', ms: 60 });
    const answered = night.objectives.findIndex(({ measure }) => measure === 'crowd.answeredWithin2sShare');
    expect(times.notScaled).toContainEqual({ path: `objectives.${answered}.measure`, ms: 2_000 });
    expect(scenarioSchema.parse(scenario)).toEqual(scenario);
  });

  test('half the time is the same crowd at double speed', () => {
    const whole = drawPlan(night, 7).columns.intendedMs;
    const half = drawPlan(scaleScenario(night, 1, 0.5).scenario, 7).columns.intendedMs;
    for (let id = 0; id < whole.length; id++) expect(half[id]).toBeCloseTo(whole[id]! / 2, 6);
  });

  test('every time of a night is listed, moved or not', () => {
    const { times } = scaleScenario(night, 1, 0.5);
    const listed = new Set([...times.scaled, ...times.notScaled].map(({ path }) => path));
    const timesIn = (value: unknown, path: string): string[] => {
      if (typeof value !== 'object' || value === null) return /Ms$/.test(path) ? [path] : [];
      return Object.entries(value).flatMap(([key, inner]) =>
        timesIn(inner, path === '' ? key : `${path}.${key}`),
      );
    };
    const { sources: _, ...parameters } = night;
    for (const path of timesIn(parameters, '')) expect(listed).toContain(path);
  });

  test('a scale that makes no sense is refused', () => {
    expect(() => scaleScenario(night, 0, 1)).toThrow('--scale');
    expect(() => scaleScenario(night, 1, Number.NaN)).toThrow('--time-scale');
    expect(() => scaleScenario(night, 1, 61)).toThrow('--time-scale');
  });
});

test('the control night is drawn too', () => {
  expect(drawPlan(scenarioSchema.parse(steady), 1).size).toBe(200);
});
