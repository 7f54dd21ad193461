/** The sections of a summary about how long people waited until they were in. Nothing is computed here. */
import { count, finite } from './figures.ts';
import type { Measured, Row } from './measures/index.ts';
import { COHORTS, type Summary } from './summary-schema.ts';

export function joinLatencyOf(measured: Measured): Summary['joinLatencyMs'] {
  return Object.fromEntries(
    measured['join-latency'].map((row) => [
      row['body'],
      {
        ...latencyOf(row),
        ofJoined: {
          p50: finite(row, 'joinedP50'),
          p90: finite(row, 'joinedP90'),
          p99: finite(row, 'joinedP99'),
        },
        phases: phasesOf(measured['join-phases'].filter((phase) => phase['body'] === row['body'])),
      },
    ]),
  );
}

/** Every cohort, also one that nobody was in. */
export function joinByCohortOf(measured: Measured): Summary['joinByCohort'] {
  const inCohort = (rows: readonly Row[], cohort: string) => rows.filter((row) => row['cohort'] === cohort);
  return Object.fromEntries(
    COHORTS.map((cohort) => {
      const phases = inCohort(measured['join-cohort-phases'], cohort);
      const bodies = inCohort(measured['join-cohorts'], cohort).map((row) => [
        row['body'],
        { ...latencyOf(row), phases: phasesOf(phases.filter((phase) => phase['body'] === row['body'])) },
      ]);
      return [cohort, Object.fromEntries(bodies)];
    }),
  ) as Summary['joinByCohort'];
}

function latencyOf(row: Row) {
  const [p50, p90, p99] = [finite(row, 'p50'), finite(row, 'p90'), finite(row, 'p99')];
  return {
    count: count(row, 'count'),
    joined: count(row, 'joined'),
    p50,
    p90,
    p99,
    notReached: { p50: p50 === null, p90: p90 === null, p99: p99 === null },
  };
}

function phasesOf(rows: readonly Row[]) {
  return Object.fromEntries(
    rows.map((row) => [
      row['phase'],
      {
        p50: finite(row, 'p50'),
        p90: finite(row, 'p90'),
        p99: finite(row, 'p99'),
        samples: count(row, 'samples'),
      },
    ]),
  );
}
