/** Gives measured rows the shape of `summary.json`. No number is computed here: it is renamed and grouped. */
import { EJECTION_CAUSES } from '../server/protocol/messages.ts';
import { count, finite } from './figures.ts';
import type { Measured, Row } from './measures/index.ts';
import { oracleFindings } from './oracles/findings.ts';
import type { OracleRows } from './oracles/index.ts';
import type { RunStore } from './store/open-run.ts';
import { admissionOf, fairnessOf, goodputOf, parallelOf, recoveryOf } from './summary-admission.ts';
import { browsersOf } from './summary-browsers.ts';
import { originsOf, strandedPeopleOf } from './summary-people.ts';
import type { Summary } from './summary-schema.ts';

export { type Summary, summaryJsonSchema, summarySchema } from './summary-schema.ts';

/** A summary without its verdict: what the verdict is about. */
export type MeasuredSummary = Omit<Summary, 'verdict'>;

export const NO_SERVER_SIDE = 'the server wrote no rows: it is another target than the reference server';
const SERVER_ROWS_MISSING = "the server's side of the log is missing";

/** Assembles the summary of a measured run. */
export function assembleSummary(store: RunStore, measured: Measured, oracles: OracleRows): MeasuredSummary {
  const complete = measured.completeness[0]!;
  const serverRows = count(complete, 'serverRows');
  const serverSide = serverRows > 0;
  const reason = serverSide ? null : store.record.target === null ? SERVER_ROWS_MISSING : NO_SERVER_SIDE;
  return {
    schema: 'roomrush/summary@1',
    run: {
      ...runOf(store),
      durationMs: Math.max(0, count(complete, 'durationMs')),
      partial: isPartial(store, complete),
    },
    crowd: measured.crowd[0] as Summary['crowd'],
    joinLatencyMs: joinLatencyOf(measured),
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
    server: serverOf(measured['server-cost'][0]!, reason),
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

function joinLatencyOf(measured: Measured): Summary['joinLatencyMs'] {
  return Object.fromEntries(
    measured['join-latency'].map((row) => {
      const phases = measured['join-phases']
        .filter((phase) => phase['body'] === row['body'])
        .map((phase) => [
          phase['phase'],
          {
            p50: finite(phase, 'p50'),
            p90: finite(phase, 'p90'),
            p99: finite(phase, 'p99'),
            samples: count(phase, 'samples'),
          },
        ]);
      const [p50, p90, p99] = [finite(row, 'p50'), finite(row, 'p90'), finite(row, 'p99')];
      return [
        row['body'],
        {
          count: count(row, 'count'),
          joined: count(row, 'joined'),
          p50,
          p90,
          p99,
          notReached: { p50: p50 === null, p90: p90 === null, p99: p99 === null },
          ofJoined: {
            p50: finite(row, 'joinedP50'),
            p90: finite(row, 'joinedP90'),
            p99: finite(row, 'joinedP99'),
          },
          phases: Object.fromEntries(phases),
        },
      ];
    }),
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
  };
}

function overflowOf(row: Row, serverSide: boolean): Summary['overflow'] {
  return {
    roomsOpened: serverSide ? count(row, 'roomsOpened') : null,
    openedAtMs: finite(row, 'openedAtMs'),
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

function serverOf(row: Row, reason: string | null): Summary['server'] {
  const noProc =
    finite(row, 'cpuSeconds') === null ? 'CPU and memory are read from /proc, which only Linux has' : null;
  return {
    cpuSeconds: finite(row, 'cpuSeconds'),
    cpuSecondsByProcess: {
      server: finite(row, 'cpuSecondsServer'),
      worker: finite(row, 'cpuSecondsWorker'),
    },
    cpuShareMax: finite(row, 'cpuShareMax'),
    stallMsMax: finite(row, 'stallMsMax'),
    rssBytesMax: finite(row, 'rssBytesMax'),
    bytes: { in: finite(row, 'bytesIn'), out: finite(row, 'bytesOut') },
    messages: { in: finite(row, 'messagesIn'), out: finite(row, 'messagesOut') },
    presenceDeliveries: finite(row, 'presenceDeliveries'),
    presenceDeliveriesPerSecondMax: finite(row, 'presenceDeliveriesPerSecondMax'),
    // Another target may well run on that core, and would itself be counted as foreign.
    foreignCpuShare: reason === NO_SERVER_SIDE ? null : finite(row, 'foreignCpuShare'),
    reason: reason ?? noProc,
  };
}

function generatorOf(measured: Measured): Summary['generator'] {
  const row = measured['generator-cost'][0]!;
  return {
    cpuSeconds: finite(row, 'cpuSeconds'),
    cpuShareMax: finite(row, 'cpuShareMax'),
    stallMsMax: finite(row, 'stallMsMax'),
    rssBytesMax: finite(row, 'rssBytesMax'),
    bytes: { in: finite(row, 'bytesIn'), out: finite(row, 'bytesOut') },
    messages: { in: finite(row, 'messagesIn'), out: finite(row, 'messagesOut') },
    slipMs: {
      p50: finite(row, 'slipP50'),
      p99: finite(row, 'slipP99'),
      max: finite(row, 'slipMax'),
      samples: count(row, 'slipSamples'),
    },
    napMsMax: finite(row, 'napMsMax'),
    coreBusySeconds: finite(row, 'coreBusySeconds'),
    foreignCpuShare: finite(row, 'foreignCpuShare'),
    troubles: Object.fromEntries(
      measured.troubles.map((trouble) => [String(trouble['cause'] ?? 'unknown'), count(trouble, 'times')]),
    ),
  };
}
