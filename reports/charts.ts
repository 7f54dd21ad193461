/** What a report draws: series over the night. Kept as `charts.json` beside the summary, for people who plot themselves. */
import { z } from 'zod';
import { nightTimes } from '../scenarios/schema.ts';
import type { Measured, Row } from './measures/index.ts';
import { STATES } from './states.ts';
import type { RunStore } from './store/open-run.ts';
import { measureAgain, readOwn } from './store/run-folder.ts';

const series = z.array(z.number().nullable());

const chartsSchema = z.strictObject({
  schema: z.literal('roomrush/charts@1'),
  crowd: z.partialRecord(z.enum(STATES), z.array(z.int())).describe('people in each state, by second'),
  joinCurve: z
    .record(z.string(), z.array(z.number()))
    .describe('share in (cumulative incidence), by body, in steps of joinCurveStepMs'),
  otherEnds: z
    .record(z.string(), z.strictObject({ gaveUp: z.array(z.number()), refused: z.array(z.number()) }))
    .default({})
    .describe('cumulative incidence of the other two ends beside it, by body, in the same steps'),
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
    joinCurve: byBody(measured['join-curve'], (rows) => rows.map((row) => Number(row['in']))),
    otherEnds: byBody(measured['join-curve'], (rows) => ({
      gaveUp: rows.map((row) => Number(row['gaveUp'])),
      refused: rows.map((row) => Number(row['refused'])),
    })),
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

function byBody<Series>(
  rows: readonly Row[],
  seriesOf: (rows: readonly Row[]) => Series,
): Record<string, Series> {
  const bodies = new Set(rows.map((row) => String(row['body'])));
  return Object.fromEntries(
    [...bodies].map((body) => [body, seriesOf(rows.filter((row) => row['body'] === body))]),
  );
}

/**
 * Reads the series of a run that was measured before.
 *
 * @throws UsageError when they are missing, half there, or another version's.
 */
export function readCharts(runDir: string): Charts {
  return readOwn(
    runDir,
    'charts.json',
    chartsSchema,
    "a run's series",
    `make it again: ${measureAgain(runDir)}`,
  );
}
