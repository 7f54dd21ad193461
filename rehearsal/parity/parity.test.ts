import { expect, test } from 'vitest';
import { NotReadyError } from '../../errors.ts';
import { findScenario } from '../../scenarios/index.ts';
import { assignBodies } from '../../simulator/plan/bodies.ts';
import type { NightCosts } from '../night-costs.ts';
import type { Joins } from './compare.ts';
import { driverCosts, spreadText } from './costs.ts';
import { DRIVERS, type Driver, type ParityNight, prepareParityNight } from './night.ts';
import { comparisonsOf, parityPage } from './page.ts';
import type { Parity } from './parity.ts';
import { trafficBetween } from './traffic.ts';

const PEOPLE = 8;

test('every driver is given the same people, all of them', async () => {
  const { plan, scenario } = prepareParityNight(await findScenario('steady'), 'webrtc', PEOPLE, 7, 0);
  expect(scenario.incumbents.count).toBe(0);
  expect(plan.size).toBe(PEOPLE);
  for (const driver of DRIVERS) {
    const shares = { ...{ signal: 0, webrtc: 0, rtp: 0, k6: 0 }, [driver]: 1 };
    const { counts, bodyOf } = assignBodies(plan, { incumbents: shares, arrivals: shares });
    expect(counts).toEqual({ ...{ signal: 0, webrtc: 0, rtp: 0, k6: 0, browser: 0 }, [driver]: PEOPLE });
    expect(bodyOf(0)).toBe(driver);
  }
});

/** A night in which everybody takes so long for each phase, and `rr` receiver reports a second. */
function nightOf(driver: Driver, phases: Readonly<Record<string, number>>, rr: number): ParityNight {
  const joins: Joins = new Map(
    Array.from({ length: PEOPLE }, (_, personId) => [
      personId,
      new Map(Object.entries(phases).map(([phase, ms]) => [phase, ms + personId])),
    ]),
  );
  return {
    ...{ driver, joins, joined: PEOPLE, heard: PEOPLE, ejected: 0, foreignCores: 0 },
    pageLoadsMs: driver === 'browser' ? [300, 400] : [],
    latePages: 0,
    costs: costsOf(driver),
    traffic: trafficBetween(
      [],
      Array.from({ length: PEOPLE }, (_, port) => ({
        ...({ port, direction: 'in', kind: 'rr', packets: 10 * rr, bytes: 1_000 * rr } as const),
      })),
      10,
    ),
  };
}

/** 10 ms a second idle; 5 ms a join and 1 ms a second in the driver, half of both in the worker, nothing in the server. */
function costsOf(driver: Driver): NightCosts {
  const process = (name: string, share: number) => ({
    name,
    cpuMs: {
      quiet: 20,
      joining: 100 + share * (5 * PEOPLE + PEOPLE * 5),
      steady: 200 + share * PEOPLE * 20,
    },
    bytesMax: 1e6 + share * 2048 * PEOPLE,
    bytesQuiet: 1e6,
  });
  return {
    joined: PEOPLE,
    seconds: { quiet: 2, joining: 10, steady: 20 },
    listenerSeconds: { quiet: 0, joining: PEOPLE * 5, steady: PEOPLE * 20 },
    processes: [process(`swarm-${driver}`, 1), process('server', 0), process('worker', 0.5)],
  };
}

const WAY_IN = { retries: 1, dial: 2, hallway: 2, signal: 5, ice: 10, dtls: 20, firstAudio: 30, join: 70 };

function parityOf(webrtc: Readonly<Record<string, number>>, rr: number): Parity {
  return {
    ...{ people: PEOPLE, rounds: 1, seed: 7, planDigest: 'abcdef0123456789' },
    nights: new Map([
      ['webrtc', [nightOf('webrtc', webrtc, rr)]],
      ['browser', [nightOf('browser', WAY_IN, 1)]],
    ]),
    leftOut: [{ driver: 'k6', failure: new NotReadyError('no-k6', 'no k6 was found', 'install one') }],
  };
}

test('costs of a driver and of the server are apart, idling taken off, with their range over the rounds', () => {
  const once = { ...costsOf('webrtc'), joined: PEOPLE / 2 };
  const costs = driverCosts([costsOf('webrtc'), once, { ...costsOf('webrtc'), joined: 0 }])!;
  const same = (value: number) => ({ mean: value, from: value, to: value });
  expect(costs.driver).toEqual({
    joinMs: { mean: 7.5, from: 5, to: 10 },
    listenerSecondMs: same(1),
    listenerBytes: { mean: 3072, from: 2048, to: 4096 },
  });
  expect(costs.worker.joinMs).toEqual({ mean: 3.75, from: 2.5, to: 5 });
  expect(costs.server).toEqual({ joinMs: same(0), listenerSecondMs: same(0), listenerBytes: same(0) });
  expect(driverCosts([])).toBeNull();
  expect(spreadText(costs.driver.listenerBytes, 0, 1024)).toBe('3 (2 to 4)');
  expect(spreadText(same(1), 2)).toBe('1.00');
});

test('a comparison holds when every phase does, and one whose driver did not run is none', () => {
  const holding = comparisonsOf(parityOf({ ...WAY_IN, dtls: 39, join: 90 }, 1));
  expect(holding.map(({ driver, reference, holds }) => [driver, reference, holds])).toEqual([
    ['webrtc', 'browser', true],
  ]);
  expect(comparisonsOf(parityOf({ ...WAY_IN, dtls: 41 }, 1)).map(({ holds }) => holds)).toEqual([false]);
});

test('the page says what holds, what does not, what did not run and what RTCP carries into capacity', () => {
  const page = parityPage(parityOf({ ...WAY_IN, dtls: 41 }, 4), 'A machine, today');
  expect(page).toContain('**k6 did not run**: no k6 was found');
  expect(page).toContain('## webrtc against browser: DOES NOT HOLD');
  // The median is that of the fourth of eight people; everybody differs by 21 ms.
  expect(page).toMatch(/\| dtls +\| +44\.0 \| +23\.0 \| +21\.0, no interval \| +8 \| +NO \|/);
  expect(page).toMatch(/\| ice +\| +13\.0 \| +13\.0 \| +0\.0, no interval \| +8 \| +yes \|/);
  expect(page).toContain('sends 4.00 times the RTCP packets of a browser: **beyond** a factor of 2');
  expect(page).toContain('gets 3000 RTCP packets fewer and 300000 bytes fewer a second');
  expect(page).not.toContain('The machine was busy');
});
