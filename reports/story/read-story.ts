/**
 * One listener's story out of a run's folder. Only their own rows and those that are about nobody are read, so that it is
 * told at once; the definitions are the measures' own, run over that little log.
 */
import { UsageError } from '../../errors.ts';
import type { Objective } from '../../scenarios/schema.ts';
import { count, finite } from '../figures.ts';
import { prepareArrivals } from '../intervals/index.ts';
import { shareTables } from '../measures/index.ts';
import { brokenBy, prepareBrokenBy } from '../objectives/broken-by.ts';
import { readSummary } from '../render/run-to-show.ts';
import { openRun, type RunStore } from '../store/open-run.ts';
import { requireRunFolder } from '../store/run-folder.ts';
import { readRunRecord } from '../store/run-record.ts';
import { handleOf, noSuchListener, personMeant } from './find-listener.ts';
import { heardIn, linesOf, NIGHT_ROWS } from './lines.ts';
import type { CountedAgainst, Fate, Loss, Story, StoryRow } from './story.ts';

/** Whether somebody was overtaken shows only beside the others. */
const ABOUT_OTHERS_TOO = new Set(['fairness.overtakenShare']);

/**
 * Tells one listener's night. Nothing is written.
 *
 * @param listener their number or their handle.
 * @throws UsageError when the folder is not a run's, or nobody in it is that listener.
 */
export async function readStory(runDir: string, listener: string): Promise<Story> {
  requireRunFolder(runDir);
  const { seed } = readRunRecord(runDir);
  const personId = personMeant(listener, seed);
  const store = await openRun(runDir, { personId: personId ?? -1 });
  try {
    const who = personId === null ? null : await whoIs(store, personId);
    if (who === null) {
      const [plan] = await store.query('SELECT count(*) AS planned FROM plan');
      throw noSuchListener(listener, count(plan!, 'planned'), seed);
    }
    // The night's instants are made; from here on the others only cost time.
    await store.query(`DELETE FROM plan WHERE person_id <> ${who.personId}`);
    await shareTables(store);
    const rows = await rowsOf(store, who.personId);
    const { record, scenario } = store;
    return {
      schema: 'roomrush/story@1',
      run: { id: record.id, scenario: record.scenario, title: scenario.title },
      who,
      fate: await fateOf(store, who.personId, rows),
      ...(await countedAgainst(store, who.personId)),
      lines: linesOf(rows, new Map(scenario.moments.map(({ id, title }) => [id, title]))),
    };
  } finally {
    store.close();
  }
}

/** null: neither the plan nor the log knows them. */
async function whoIs(store: RunStore, personId: number): Promise<Story['who'] | null> {
  const [row] = await store.query(`SELECT * FROM plan WHERE person_id = ${personId}`);
  if (row === undefined) {
    const [seen] = await store.query(`SELECT count(*) AS rows FROM events WHERE person_id = ${personId}`);
    if (count(seen!, 'rows') === 0) return null;
  }
  const text = (name: string) => (typeof row?.[name] === 'string' ? row[name] : null);
  return {
    personId,
    name: text('name'),
    handle: row === undefined ? null : handleOf(personId, store.record.seed),
    origin: text('origin'),
    cohort: text('cohort'),
    body: text('body'),
    plannedArrivalMs: row === undefined ? null : finite(row, 'intended_ms'),
    stayMs: row === undefined ? null : finite(row, 'stay_ms'),
  };
}

/** In time order; at one instant in the order in which they were written. */
async function rowsOf(store: RunStore, personId: number): Promise<readonly StoryRow[]> {
  const nights = NIGHT_ROWS.map((type) => `'${type}'`).join();
  const rows = await store.query(`
    SELECT (t_ns - start_ns) / 1e6 AS "atMs", side, type, attempt, room, cause, value, lost, longest_gap_ms AS "longestGapMs",
      late_ms AS "lateMs", jitter_ms AS "jitterMs"
    FROM events, night
    WHERE person_id = ${personId}
      OR (person_id IS NULL AND type IN (${nights})
        AND (room IS NULL OR room = main_room OR starts_with(room, main_room || '-overflow-')))
    ORDER BY t_ns, events.rowid`);
  return rows as unknown as readonly StoryRow[];
}

async function fateOf(store: RunStore, personId: number, rows: readonly StoryRow[]): Promise<Fate> {
  const [person] = await store.query(`
    SELECT outcome, (first_in_ns - start_ns) / 1e6 AS "firstInAtMs", (first_in_ns - intended_ns) / 1e6 AS "joinLatencyMs",
      returned, tried, coalesce(tries, 0) AS tries,
      CASE WHEN gave_up_ns IS NOT NULL THEN 'gave-up' WHEN left_ns IS NOT NULL THEN 'left' WHEN at_end_ns IS NOT NULL THEN 'at-end' END AS "end",
      CASE WHEN gave_up_ns IS NOT NULL THEN gave_up_cause WHEN left_ns IS NOT NULL THEN left_cause ELSE at_end_cause END AS "endCause",
      (coalesce(gave_up_ns, left_ns, at_end_ns) - start_ns) / 1e6 AS "endAtMs"
    FROM people LEFT JOIN after_losses USING (person_id), night WHERE person_id = ${personId}`);
  const losses = await store.query(`
    SELECT (t_ns - start_ns) / 1e6 AS "atMs", cause, side, attempt FROM ejected, night
    WHERE person_id = ${personId} ORDER BY t_ns`);
  const { returned, tried, tries, ...fate } = person as Omit<Fate, 'losses' | 'afterLosses' | 'heard'> & {
    readonly returned: boolean | null;
    readonly tried: boolean | null;
  };
  const own = rows.filter(({ side }) => side === 'listener');
  return {
    ...fate,
    losses: losses.map((loss) => lossOf(loss as LossRow, rows)),
    afterLosses: returned === null ? null : returned ? 'returned' : tried ? 'stranded' : 'did-not-try',
    tries,
    heard: heardIn(own),
  };
}

type LossRow = {
  readonly atMs: number;
  readonly cause: string;
  readonly side: 'listener' | 'server';
  /** -1: the rows name none. */
  readonly attempt: number;
};

function lossOf({ atMs, cause, side, attempt }: LossRow, rows: readonly StoryRow[]): Loss {
  const seenBy = rows
    .filter((row) => row.type === 'ejected' && (row.attempt ?? -1) === attempt)
    .map((row) => ({ side: row.side as 'listener' | 'server', atMs: row.atMs, cause: row.cause }));
  return { atMs, cause, countedBy: side, attempt: attempt === -1 ? null : attempt, seenBy };
}

async function countedAgainst(
  store: RunStore,
  personId: number,
): Promise<Pick<Story, 'against' | 'notKnown'>> {
  await prepareArrivals(store);
  await prepareBrokenBy(store);
  const passes = passesOf(store);
  const against: CountedAgainst[] = [];
  const notKnown: string[] = [];
  for (const objective of store.scenario.objectives) {
    if (ABOUT_OTHERS_TOO.has(objective.measure)) {
      notKnown.push(objective.id);
      continue;
    }
    const counted = await countedBy(store, objective, personId);
    if (counted !== null) against.push({ ...counted, pass: passes.get(objective.id) ?? null });
  }
  return { against, notKnown };
}

async function countedBy(
  store: RunStore,
  objective: Objective,
  personId: number,
): Promise<Omit<CountedAgainst, 'pass'> | null> {
  const { what, unit, listeners } = await brokenBy(store, objective);
  const mine = listeners.find((one) => one.personId === personId);
  if (mine === undefined || what === null || unit === null) return null;
  const { id, title, measure } = objective;
  return { id, title, measure, what, unit, value: mine.value };
}

/** Verdicts of the run's objectives. A summary that is not there or cannot be read leaves them open: the log is the truth. */
function passesOf({ runDir }: RunStore): ReadonlyMap<string, boolean | null> {
  try {
    return new Map(readSummary(runDir).verdict.objectives.map(({ id, pass }) => [id, pass]));
  } catch (error) {
    if (error instanceof UsageError) return new Map();
    throw error;
  }
}
