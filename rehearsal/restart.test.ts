/** A moment that acts on the server: the host restarts the room in the middle of a small night. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openRun } from '../reports/store/open-run.ts';
import { steady } from '../scenarios/library/steady.ts';
import { scenarioSchema } from '../scenarios/schema.ts';
import { playNight } from './night.ts';
import { prepareNight } from './prepare.ts';
import { recordOf } from './run.ts';

const night = scenarioSchema.parse({
  ...steady,
  rooms: { main: { room: 'main', title: 'A room', seats: 40 }, overflow: { seats: 40, roomsMax: 0 } },
  phases: { rampMs: 500, baselineMs: 1_000, surgeMs: 500, tailMs: 2_500, leavingMs: 300 },
  moments: [
    { id: 'doors', afterSurgeStartMs: 0, title: 'Doors' },
    { id: 'again', afterSurgeStartMs: 1_000, title: 'The host starts anew', action: 'restart-room' },
  ],
  incumbents: { count: 20, model: { kind: 'even' } },
  waves: [{ id: 'evening', moment: 'doors', count: 10, overMs: 300, model: { kind: 'even' } }],
  bodies: { incumbents: { signal: 1 }, arrivals: { signal: 1 } },
  crowd: { ...steady.crowd, stayMeanMs: 600_000, returnShare: 1 },
  server: { ...steady.server, pacing: { seatsPerSecond: 1_000, burst: 100 } },
});
const request = {
  ...{ scenario: night, seed: 3, scale: 1, timeScale: 1, profile: 'guarded', features: [], bodies: null },
  ...{ target: null, port: 0, faults: [] },
};

test('everybody is out at once and comes back into the same seat', async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'roomrush-restart-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const prepared = prepareNight(request);
  const stop = new AbortController().signal;
  await playNight(prepared, recordOf(prepared, 'restart', null), dir, () => {}, stop);
  const run = await openRun(dir);
  onTestFinished(() => run.close());
  const [out] = await run.query(`
    SELECT count(*)::INT AS people, count(*) FILTER (back = seat)::INT AS same, bool_and(resumed = 'resumed') AS resumed,
      max((SELECT min(t_ns) FROM events WHERE type = 'moment' AND cause = 'again') - out_ns) < 0 AS "afterMoment"
    FROM (
      SELECT person_id, min(t_ns) FILTER (type = 'ejected') AS out_ns,
        arg_min(value, t_ns) FILTER (type = 'seated') AS seat,
        arg_max(value, t_ns) FILTER (type = 'seated') AS back, arg_max(cause, t_ns) FILTER (type = 'seated') AS resumed
      FROM events WHERE side = 'listener' AND person_id IS NOT NULL
      GROUP BY person_id HAVING bool_or(type = 'ejected' AND cause = 'room-closed')
    )`);
  expect(out).toEqual({ people: 30, same: 30, resumed: true, afterMoment: true });
});

test('somebody else’s server is not told to restart', () => {
  expect(() => prepareNight({ ...request, target: 'ws://127.0.0.1:9/signal' })).toThrow(/moment 'again'/);
});
