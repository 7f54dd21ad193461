/** The knee on real nights of some seconds: it is broken off, goes on with what was played, and finds a command's nights again. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { CapacityProbe } from '../../reports/capacity/schema.ts';
import { gateOptions } from '../../reports/gate/options.ts';
import { steady } from '../../scenarios/library/steady.ts';
import { type Scenario, scenarioSchema } from '../../scenarios/schema.ts';
import { commandServer, ownServer } from '../source/server-source.ts';
import type { GateSettings } from './gate-folder.ts';
import { keptNight, kneeSettings, playNightOf } from './knee-nights.ts';
import type { GateRequest } from './run-gate.ts';
import { playKnee } from './run-knee.ts';

const SECOND_SERVER = fileURLToPath(new URL('../../tests/second-server/server.ts', import.meta.url));
const SIDE = { kind: 'this-tree', name: 'this tree', commit: null, dirty: null } as const;
const NIGHT: Scenario = scenarioSchema.parse({
  ...steady,
  id: 'small',
  phases: { rampMs: 300, baselineMs: 1_000, surgeMs: 1_000, tailMs: 600, leavingMs: 200 },
  moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors' }],
  incumbents: { count: 20, model: { kind: 'even' } },
  waves: [{ id: 'evening', moment: 'doors', count: 30, overMs: 1_000, model: { kind: 'even' } }],
  bodies: { incumbents: { signal: 1 }, arrivals: { signal: 1 } },
  objectives: [
    { id: 'some', title: 'Some come', measure: 'crowd.arrived', op: '>=', limit: 1, unit: 'people' },
  ],
});
const SETTINGS: GateSettings = {
  ...{ schema: 'roomrush/gate-settings@1', startedAt: '2021-02-04T22:00:00.000Z', night: 'small' },
  ...{ size: { incumbents: 1, arrivals: 1 }, seed: 1, treeDigest: null, keepRuns: false, kneeMinutes: 5 },
  ...{ base: { kind: 'git-ref', ref: 'HEAD' }, candidate: { kind: 'this-tree' } },
  options: gateOptions({ judgeKnee: true }),
};

function folder(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-knee-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Plays on in `dir` until a night that was not played before is over: what was said, and what came out. */
async function playOne(dir: string) {
  const stop = new AbortController();
  const said: [kept: boolean, probe: CapacityProbe, leftMs: number][] = [];
  const request: GateRequest = {
    settings: SETTINGS,
    sources: {
      ...{ night: NIGHT, surge: NIGHT, machine: {} as never, close: async () => {} },
      ...{ base: ownServer(SIDE), candidate: ownServer(SIDE) },
    },
    ...{ dir, retryVoid: false, stop: stop.signal },
    progress: {
      ...{ kept: () => {}, begins: () => {}, ended: () => {}, again: () => {} },
      knee: {
        ...{ search: () => {}, level: () => {}, begins: () => () => {}, again: () => {} },
        ended: (_side, probe, kept, leftMs) => {
          said.push([kept, probe, leftMs]);
          if (!kept) stop.abort();
        },
      },
    },
  };
  const evidence = await playKnee(request);
  return { said, evidence };
}

test('what is broken off costs the night that is on: the next time plays none again', async () => {
  const dir = folder();
  const first = await playOne(dir);
  expect(first.said.map(([kept]) => kept)).toEqual([false]);
  expect(first.evidence).toMatchObject({ nights: [], search: { finished: false } });
  const second = await playOne(dir);
  expect(second.said.map(([kept]) => kept)).toEqual([true, false]);
  expect(second.said[0]![1]).toEqual(first.said[0]![1]);
  expect(second.evidence.search.probes).toHaveLength(2);
  // The nights of both sides come on top of what is left of the search.
  expect(second.said[1]![2]).toBeGreaterThan(12 * Math.min(...second.said.map(([, { tookMs }]) => tookMs)));
  expect(readdirSync(path.join(dir, 'knee'))).toHaveLength(2);
}, 60_000);

test("a command's night is known again, wherever its server listened", async () => {
  const dir = folder();
  const search = kneeSettings(NIGHT, SETTINGS);
  const command = `node ${SECOND_SERVER} '{"port":{port},"seats":60}' < /dev/zero`;
  const asked = {
    ...{ night: NIGHT, search, source: commandServer(command), scale: 1, seed: 1 },
    runDir: path.join(dir, 'search-1-1'),
  };
  expect(keptNight(asked)).toBeNull();
  const probe = await playNightOf(asked, false, () => {}, new AbortController().signal);
  expect(probe).toMatchObject({ scale: 1, seed: 1, people: 50 });
  expect(keptNight(asked)).toEqual(probe);
  // Another level, another crowd, or this tree's own server is another night.
  expect(keptNight({ ...asked, scale: 2 })).toBeNull();
  expect(keptNight({ ...asked, seed: 2 })).toBeNull();
  expect(keptNight({ ...asked, source: ownServer(SIDE) })).toBeNull();
}, 60_000);
