/** What a report draws: series over the night. Kept as `charts.json` beside the summary, for people who plot themselves. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { nightTimes } from '../scenarios/schema.ts';
import type { Measured } from './measures/index.ts';
import { STATES } from './states.ts';
import type { RunStore } from './store/open-run.ts';

const series = z.array(z.number().nullable());

const chartsSchema = z.strictObject({
  schema: z.literal('roomrush/charts@1'),
  crowd: z.partialRecord(z.enum(STATES), z.array(z.int())).describe('people in each state, by second'),
  joinCurve: z.record(z.string(), z.array(z.number())).describe('share in, by body, in steps of stepMs'),
  joinCurveStepMs: z.number(),
  load: z.strictObject({ serverCpu: series, swarmCpu: series, deliveries: series, queue: series }),
  moments: z.array(z.strictObject({ id: z.string(), title: z.string(), atMs: z.number() })),
  phases: z.strictObject({
    surgeStartMs: z.number(),
    surgeEndMs: z.number(),
    tailEndMs: z.number(),
    nightEndMs: z.number(),
  }),
  seats: z.strictObject({ main: z.int(), overflow: z.int() }),
});
export type Charts = z.infer<typeof chartsSchema>;

const CURVE_STEP_MS = 500;

/** Gathers the series of a measured run. */
export function assembleCharts(store: RunStore, measured: Measured): Charts {
  const { scenario } = store;
  const times = nightTimes(scenario);
  const column = (name: string) =>
    measured.load.map((row) => (typeof row[name] === 'number' ? (row[name] as number) : null));
  return {
    schema: 'roomrush/charts@1',
    crowd: Object.fromEntries(
      STATES.map((state) => [
        state,
        measured.timeline.filter((row) => row['state'] === state).map((row) => Number(row['people'])),
      ]),
    ),
    joinCurve: Object.fromEntries(
      [...new Set(measured['join-curve'].map((row) => String(row['body'])))].map((body) => [
        body,
        measured['join-curve'].filter((row) => row['body'] === body).map((row) => Number(row['share'])),
      ]),
    ),
    joinCurveStepMs: CURVE_STEP_MS,
    load: {
      serverCpu: column('serverCpu'),
      swarmCpu: column('swarmCpu'),
      deliveries: column('deliveries'),
      queue: column('queue'),
    },
    moments: scenario.moments.map(({ id, title, afterSurgeStartMs }) => ({
      id,
      title,
      atMs: times.surgeStartMs + afterSurgeStartMs,
    })),
    phases: {
      surgeStartMs: times.surgeStartMs,
      surgeEndMs: times.surgeEndMs,
      tailEndMs: times.tailEndMs,
      nightEndMs: times.nightEndMs,
    },
    seats: { main: scenario.rooms.main.seats, overflow: scenario.rooms.overflow.seats },
  };
}

/** Reads the series of a run that was measured before. */
export function readCharts(runDir: string): Charts {
  return chartsSchema.parse(JSON.parse(readFileSync(path.join(runDir, 'charts.json'), 'utf8')));
}
