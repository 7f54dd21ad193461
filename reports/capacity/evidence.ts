/** From a probe's folder to the figures that the search judges by: what came of it, and what may have been scarce. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readCharts } from '../charts.ts';
import { refuseProfiled } from '../profile.ts';
import { openRun } from '../store/open-run.ts';
import type { Summary } from '../summary.ts';
import { VOIDING_TROUBLES } from '../verdict.ts';
import { CORE_BUSY_SECONDS_MAX, FOREIGN_CPU_SHARE_MAX, SLIP_P99_MS_MAX } from '../void-limits.ts';
import type { CapacityProbe } from './schema.ts';

/** CPU of a second is read between two looks, which never fall on its ends: a mean over three evens that out. */
const BUSIEST_SECONDS = 3;

const BUSIEST = `
  WITH cpu AS (
    SELECT (t_ns - start_ns) // 1000000000 AS second, cause, value / 1000 AS share FROM events, night
    WHERE type = 'cpu' AND t_ns BETWEEN surge_start_ns AND tail_end_ns
  ), by_second AS (
    SELECT coalesce(sum(share) FILTER (cause = 'server'), 0) AS server,
      coalesce(sum(share) FILTER (cause = 'worker'), 0) AS worker,
      coalesce(sum(share) FILTER (cause LIKE 'swarm%'), 0) AS swarm
    FROM cpu GROUP BY second
  )
  SELECT coalesce(avg(server), 0) AS "serverShare", coalesce(avg(worker), 0) AS "workerShare",
    (SELECT coalesce(avg(swarm), 0) FROM (SELECT swarm FROM by_second ORDER BY swarm DESC LIMIT ${BUSIEST_SECONDS})) AS "swarmShare",
    (SELECT arg_min(cause, t_ns) FROM events WHERE type = 'interrupted') AS "brokenBy"
  FROM (SELECT * FROM by_second ORDER BY server + worker DESC LIMIT ${BUSIEST_SECONDS})`;

type Planned = {
  /** The level of the search: where only the surge grows, the night itself is played at scale 1. */
  readonly scale: number;
  readonly people: number;
  readonly arrivalsPerSecond: number;
};

/**
 * Reads a measured probe; its event log must still be there.
 *
 * @throws UsageError when it was profiled.
 */
export async function readProbe(
  runDir: string,
  summary: Summary,
  planned: Planned,
  tookMs: number,
): Promise<CapacityProbe> {
  refuseProfiled(summary.run.id, summary.run.profiler?.tool ?? null, 'a search for the capacity');
  const run = await openRun(runDir);
  let row: Record<string, unknown>;
  try {
    row = (await run.query(BUSIEST))[0]!;
  } finally {
    run.close();
  }
  const brokenBy = (row['brokenBy'] ?? null) as string | null;
  const { server, generator, verdict } = summary;
  const { crowd } = readCharts(runDir);
  const inSeats = (crowd.in ?? []).map((people, second) => people + (crowd.overflow?.[second] ?? 0));
  return {
    seed: summary.run.seed,
    outcome: outcomeOf(summary, brokenBy),
    ...planned,
    seatedMax: Math.max(0, ...inSeats),
    failed: verdict.objectives
      .filter(({ pass }) => pass === false)
      .map(({ id, title, measured, op, limit, unit, reason }) => {
        return { id, title, measured, op, limit, unit, reason };
      }),
    objectives: verdict.objectives.filter(({ pass }) => pass !== null).length,
    reasons: verdict.reasons,
    evidence: {
      serverShare: Number(row['serverShare']),
      workerShare: Number(row['workerShare']),
      swarmShare: Number(row['swarmShare']),
      stallMsMax: server.stallMsMax ?? 0,
      rssBytesMax: server.rssBytesMax ?? 0,
      memoryBytes: summary.run.machine.memoryBytes,
      listenOverflows: generator.kernel['TcpExt.ListenOverflows'] ?? 0,
      openFileErrors: openFileErrors(runDir),
      serverEnded: brokenBy === 'server-ended',
    },
    tookMs,
  };
}

/**
 * What a probe says of its level. A server that ended under the load has failed, although half a night cannot be judged.
 *
 * @param brokenBy cause of the night's early end; null: it came to its end.
 */
export function outcomeOf(
  { verdict, generator, server }: Pick<Summary, 'verdict' | 'generator' | 'server'>,
  brokenBy: string | null,
): CapacityProbe['outcome'] {
  if (verdict.result !== 'void') return verdict.result === 'pass' ? 'held' : 'failed';
  // Whoever took the cores may have made the generator late, and the server too.
  if ([generator, server].some(({ foreignCpuShare }) => (foreignCpuShare ?? 0) > FOREIGN_CPU_SHARE_MAX)) {
    return 'void';
  }
  if (brokenBy !== null) {
    if (brokenBy === 'server-ended') return 'failed';
    return brokenBy.startsWith('swarm-') ? 'generator' : 'void';
  }
  const gaveIn =
    (generator.slipMs.p99 ?? 0) > SLIP_P99_MS_MAX ||
    (generator.coreBusySeconds ?? 0) > CORE_BUSY_SECONDS_MAX ||
    Object.entries(generator.troubles).some(
      ([cause, times]) => times > 0 && cause !== 'ENOSPC' && VOIDING_TROUBLES[cause] !== undefined,
    );
  return gaveIn ? 'generator' : 'void';
}

function openFileErrors(runDir: string): number {
  const log = path.join(runDir, 'server.log');
  return existsSync(log) ? readFileSync(log, 'utf8').split('EMFILE').length - 1 : 0;
}
