/** What a report draws: series over the night. Kept as `charts.json` beside the summary, for people who plot themselves. */
import { z } from 'zod';
import { nightTimes } from '../scenarios/schema.ts';
import { finite } from './figures.ts';
import type { IntervalOrReason } from './intervals/interval.ts';
import type { Measured, Row } from './measures/index.ts';
import { PLACES, STATES, type State, WAITING } from './states.ts';
import type { RunStore } from './store/open-run.ts';
import { measureAgain, readOwn } from './store/run-folder.ts';

const series = z.array(z.number().nullable());

const chartsSchema = z.strictObject({
  schema: z.literal('roomrush/charts@1'),
  crowd: z.partialRecord(z.enum(STATES), z.array(z.int())).describe('people in each state, by second'),
  rooms: z
    .partialRecord(z.enum(PLACES), z.array(z.int()))
    .default({})
    .describe('people in each kind of room, and those who want to be in one, by second'),
  joinCurve: z
    .record(z.string(), z.array(z.number()))
    .describe('share in (cumulative incidence), by body, in steps of joinCurveStepMs'),
  otherEnds: z
    .record(z.string(), z.strictObject({ gaveUp: z.array(z.number()), refused: z.array(z.number()) }))
    .default({})
    .describe('cumulative incidence of the other two ends beside it, by body, in the same steps'),
  joinCurveStepMs: z.number(),
  lossesByCause: z
    .record(z.string(), z.array(z.int()))
    .describe('seats lost in each second, by cause; causes that were met'),
  inside: z
    .strictObject({ lossShare: series, longestGapMs: series, counted: series })
    .describe('what those heard who were in when the surge began, by second'),
  load: z.strictObject({
    serverCpu: series.describe('shares of a core: server and media worker together'),
    signallingCpu: series.describe('the server alone'),
    workerCpu: series.describe('the media worker alone'),
    swarmCpu: series,
    deliveries: series,
    queue: series,
  }),
  moments: z.array(z.strictObject({ id: z.string(), title: z.string(), atMs: z.number() })),
  phases: z.strictObject({
    surgeStartMs: z.number(),
    surgeEndMs: z.number(),
    tailEndMs: z.number(),
    nightEndMs: z.number(),
  }),
  seats: z.strictObject({ main: z.int(), overflow: z.int() }),
  intervals: z
    .record(
      z.string(),
      z.strictObject({ low: z.number(), high: z.number().nullable(), highNotReached: z.boolean() }),
    )
    .default({})
    .describe('of the figures that a report shows: 95 %, within this run, by their path in the summary'),
  intervalReasons: z
    .record(z.string(), z.string())
    .default({})
    .describe('why a figure that could have an interval has none in this run'),
});
export type Charts = z.infer<typeof chartsSchema>;

const CURVE_STEP_MS = 500;

/**
 * Gathers the series of a measured run.
 *
 * @param intervals of the figures that the report shows, by their path.
 */
export function assembleCharts(
  store: RunStore,
  measured: Measured,
  intervals: ReadonlyMap<string, IntervalOrReason>,
): Charts {
  const { scenario } = store;
  const times = nightTimes(scenario);
  const columnOf = (rows: readonly Row[], name: string) => rows.map((row) => finite(row, name));
  const column = (name: string) => columnOf(measured.load, name);
  const inside = (name: string) => columnOf(measured['inside-by-second'], name);
  const peopleIn = (state: State) =>
    measured.timeline.filter((row) => row['state'] === state).map((row) => Number(row['people']));
  const crowd = Object.fromEntries(STATES.map((state) => [state, peopleIn(state)])) as Record<
    State,
    number[]
  >;
  return {
    schema: 'roomrush/charts@1',
    crowd,
    rooms: {
      main: crowd.in,
      overflow: crowd.overflow,
      parallel: measured['parallel-by-second'].map((row) => Number(row['people'])),
      waiting: crowd.arriving.map((_, second) =>
        WAITING.reduce((people, state) => people + crowd[state][second]!, 0),
      ),
    },
    joinCurve: byBody(measured['join-curve'], (rows) => rows.map((row) => Number(row['in']))),
    otherEnds: byBody(measured['join-curve'], (rows) => ({
      gaveUp: rows.map((row) => Number(row['gaveUp'])),
      refused: rows.map((row) => Number(row['refused'])),
    })),
    joinCurveStepMs: CURVE_STEP_MS,
    lossesByCause: lossesByCause(measured),
    inside: {
      lossShare: inside('lossShare'),
      longestGapMs: inside('longestGapMs'),
      counted: inside('counted'),
    },
    load: {
      serverCpu: column('serverCpu'),
      signallingCpu: column('signallingCpu'),
      workerCpu: column('workerCpu'),
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
    intervals: Object.fromEntries(
      [...intervals].flatMap(([path, { interval }]) => {
        if (interval === null) return [];
        const { low, high, highNotReached } = interval;
        return [[path, { low, high, highNotReached }]];
      }),
    ),
    intervalReasons: Object.fromEntries(
      [...intervals].flatMap(([path, { reason }]) => (reason === null ? [] : [[path, reason]])),
    ),
  };
}

/** As long as the other series of the night; a second without a loss has 0. */
function lossesByCause(measured: Measured): Charts['lossesByCause'] {
  const seconds = measured.load.length;
  const byCause: Record<string, number[]> = {};
  for (const row of measured['losses-by-second']) {
    byCause[String(row['cause'])] ??= new Array<number>(seconds).fill(0);
    // The night's very end belongs to its last second.
    const second = Math.min(Number(row['second']), seconds - 1);
    byCause[String(row['cause'])]![second]! += Number(row['losses']);
  }
  return byCause;
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
