/** Gives measured rows the shape of `summary.json`. No number is computed here: it is renamed and grouped. */
import { EJECTION_CAUSES } from '../server/protocol/messages.ts';
import { count, finite } from './figures.ts';
import type { Measured, Row } from './measures/index.ts';
import { oracleFindings } from './oracles/findings.ts';
import type { OracleRows } from './oracles/index.ts';
import type { RunProfile } from './profile.ts';
import type { RunStore } from './store/open-run.ts';
import { admissionOf, fairnessOf, goodputOf, parallelOf, recoveryOf } from './summary-admission.ts';
import { browsersOf } from './summary-browsers.ts';
import { generatorOf, NO_SERVER_SIDE, serverOf } from './summary-costs.ts';
import { joinByCohortOf, joinLatencyOf } from './summary-joins.ts';
import { originsOf, strandedPeopleOf } from './summary-people.ts';
import type { Summary } from './summary-schema.ts';

export { NO_SERVER_SIDE } from './summary-costs.ts';
export { type Summary, summaryJsonSchema, summarySchema } from './summary-schema.ts';

/** A summary without its verdict: what the verdict is about. */
export type MeasuredSummary = Omit<Summary, 'verdict'>;

const SERVER_ROWS_MISSING = "the server's side of the log is missing";

/** Assembles the summary of a measured run. */
export function assembleSummary(
  store: RunStore,
  measured: Measured,
  oracles: OracleRows,
  profile: RunProfile,
): MeasuredSummary {
  const complete = measured.completeness[0]!;
  const serverRows = count(complete, 'serverRows');
  const serverSide = serverRows > 0;
  const reason = serverSide ? null : store.record.target === null ? SERVER_ROWS_MISSING : NO_SERVER_SIDE;
  return {
    schema: 'roomrush/summary@1',
    run: {
      ...runOf(store),
      profiler: profile.profiler,
      durationMs: Math.max(0, count(complete, 'durationMs')),
      partial: isPartial(store, complete),
    },
    crowd: measured.crowd[0] as Summary['crowd'],
    joinLatencyMs: joinLatencyOf(measured),
    joinByCohort: joinByCohortOf(measured),
    ejections: ejectionsOf(measured),
    origins: originsOf(measured),
    strandedPeople: strandedPeopleOf(measured),
    overflow: overflowOf(measured.overflow[0]!, serverSide),
    incumbents: measured.incumbents[0] as Summary['incumbents'],
    admission: admissionOf(measured, oracles, reason),
    fairness: fairnessOf(measured),
    goodput: goodputOf(measured),
    recovery: recoveryOf(measured),
    parallel: parallelOf(measured, reason),
    browsers: browsersOf(measured),
    server: { ...serverOf(measured, reason), cpuByModule: profile.cpuByModule },
    generator: generatorOf(measured),
    oracles: oracleFindings(oracles, reason),
  };
}

function runOf({ record, scenario }: RunStore) {
  const { id, seed, scale, timeScale, planDigest, profile, policy } = record;
  const { features, bodies, target, machine, versions, startedAt, faults } = record;
  return {
    id,
    scenario: record.scenario,
    title: scenario.title,
    seed,
    scale,
    timeScale,
    planDigest,
    profile,
    policy,
    features,
    bodies,
    target,
    machine,
    versions,
    startedAt,
    faults: [...faults],
  };
}

/** Reasons in words are the verdict's; here only whether there are any. */
function isPartial(store: RunStore, complete: Row): boolean {
  return (
    complete['started'] !== true ||
    complete['ended'] !== true ||
    complete['interruptedBy'] !== null ||
    count(complete, 'listenerRows') === 0 ||
    (store.record.target === null && count(complete, 'serverRows') === 0)
  );
}

function ejectionsOf(measured: Measured): Summary['ejections'] {
  const row = measured.ejections[0]!;
  const losses = measured['ejections-by-cause'];
  const sum = (pick: (loss: Row) => boolean) =>
    losses.filter(pick).reduce((total, loss) => total + count(loss, 'losses'), 0);
  return {
    involuntary: count(row, 'involuntary'),
    people: count(row, 'people'),
    involuntaryShare: finite(row, 'involuntaryShare'),
    byCause: Object.fromEntries(
      EJECTION_CAUSES.map((cause) => [cause, sum((loss) => loss['cause'] === cause)]),
    ) as Summary['ejections']['byCause'],
    bySide: {
      listener: sum((loss) => loss['side'] === 'listener'),
      server: sum((loss) => loss['side'] === 'server'),
    },
    returned: count(row, 'returned'),
    stranded: count(row, 'stranded'),
    didNotTry: count(row, 'didNotTry'),
    returnMs: {
      p50: finite(row, 'returnP50'),
      p90: finite(row, 'returnP90'),
      p99: finite(row, 'returnP99'),
      samples: count(row, 'returnSamples'),
    },
    rejoinAttempts: count(row, 'rejoinAttempts'),
    stormIndex: finite(row, 'stormIndex'),
    suffered: { p99: finite(row, 'sufferedP99'), worst: finite(row, 'sufferedWorst') },
  };
}

function overflowOf(row: Row, serverSide: boolean): Summary['overflow'] {
  return {
    roomsOpened: serverSide ? count(row, 'roomsOpened') : null,
    openedAtMs: finite(row, 'openedAtMs'),
    openMs: finite(row, 'openMs'),
    fillMs: finite(row, 'fillMs'),
    seatedMax: serverSide ? count(row, 'seatedMax') : null,
    relayLagMs: {
      p50: finite(row, 'relayLagP50'),
      p99: finite(row, 'relayLagP99'),
      samples: count(row, 'relayLagSamples'),
    },
    promoted: count(row, 'promoted'),
    promotionGapMs: {
      p99: finite(row, 'promotionGapP99'),
      max: finite(row, 'promotionGapMax'),
      samples: count(row, 'promotionGapSamples'),
    },
    withMedia: count(row, 'withMedia'),
    hearing: count(row, 'hearing'),
  };
}
