/** The figures that a reader asks for first: a report shows them with their interval, whether or not a night judges them. */
import type { MeasuredSummary } from '../summary.ts';
import { statisticOf } from './statistics.ts';

const SHOWN = [
  'crowd.neverIn',
  'crowd.neverInShare',
  'crowd.answeredWithin2sShare',
  'ejections.involuntary',
  'ejections.people',
  'ejections.involuntaryShare',
  'ejections.returned',
  'ejections.stranded',
  'ejections.didNotTry',
  'ejections.returnMs.p50',
  'ejections.returnMs.p99',
  'incumbents.lossShareBefore',
  'incumbents.lossShareSurge',
  'fairness.waitMs.p50',
  'fairness.waitMs.p95',
  'fairness.jainIndex',
  'goodput.share',
] as const;

/** Paths of the figures of this run that have an interval. */
export function shownMeasures({ joinLatencyMs }: Pick<MeasuredSummary, 'joinLatencyMs'>): string[] {
  const latencies = Object.keys(joinLatencyMs).flatMap((body) =>
    ['p50', 'p90', 'p99'].map((quantile) => `joinLatencyMs.${body}.${quantile}`),
  );
  return [...SHOWN, ...latencies].filter((path) => statisticOf(path).kind !== 'none');
}
