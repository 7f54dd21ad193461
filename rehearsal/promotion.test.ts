/**
 * Promotions that move the transport, to another worker: real WebRTC listeners of an overflow room come into the
 * main room when people leave it, and hear every frame of the host on the way.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { summarise } from '../reports/index.ts';
import { openRun } from '../reports/store/open-run.ts';
import { steady } from '../scenarios/library/steady.ts';
import { scenarioSchema } from '../scenarios/schema.ts';
import { playNight } from './night.ts';
import { prepareNight } from './prepare.ts';
import { recordOf } from './run.ts';

const night = scenarioSchema.parse({
  ...steady,
  rooms: { main: { room: 'main', title: 'A room', seats: 10 }, overflow: { seats: 20, roomsMax: 1 } },
  phases: { rampMs: 300, baselineMs: 1_000, surgeMs: 500, tailMs: 6_000, leavingMs: 300 },
  moments: [{ id: 'doors', afterSurgeStartMs: 0, title: 'Doors' }],
  incumbents: { count: 10, model: { kind: 'even' } },
  waves: [{ id: 'evening', moment: 'doors', count: 10, overMs: 300, model: { kind: 'even' } }],
  bodies: { incumbents: { webrtc: 1 }, arrivals: { webrtc: 1 } },
  crowd: { ...steady.crowd, stayMeanMs: 4_000, silentLeaverShare: 0 },
  server: {
    ...steady.server,
    mediaWorkers: 2,
    promotion: 'transport',
    pacing: { seatsPerSecond: 1_000, burst: 100 },
  },
});

test('make before break: no frame is missing across a promotion to another worker', async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-promotion-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const prepared = prepareNight({
    ...{ scenario: night, seed: 5, scale: 1, timeScale: 1, profile: 'guarded', features: [], bodies: null },
    ...{ target: null, port: 0, faults: [] },
  });
  const stop = new AbortController().signal;
  await playNight(prepared, recordOf(prepared, 'promotion', null), dir, () => {}, stop);
  const { overflow, ejections } = await summarise(dir);
  expect(ejections.involuntary).toBe(0);
  expect(overflow.promotionGapMs.samples).toBeGreaterThanOrEqual(3);
  expect(overflow.promotionGapMs.max).toBe(0);
  const run = await openRun(dir);
  onTestFinished(() => run.close());
  const [moved] = await run.query(`
    SELECT count(*)::INT AS transports FROM events WHERE side = 'server' AND type = 'transport-moved'`);
  expect(moved!['transports']).toBeGreaterThanOrEqual(overflow.promotionGapMs.samples);
});
