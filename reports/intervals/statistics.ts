/**
 * Which figures have an interval within one run, and what each is made of. Sums, ratios and quantiles over people have
 * one; an extreme has none, because what a run did not show cannot be drawn from it.
 */

/** Columns are expressions over `arrivals` (people.sql), summed by second. */
type SumStatistic = {
  readonly kind: 'total' | 'ratio' | 'jain';
  readonly columns: readonly string[];
  /** Whom it is about, a condition on `arrivals`. */
  readonly where: string;
};
type QuantileStatistic = {
  readonly kind: 'quantile';
  readonly q: number;
  /** Query of `person_id` and `value`, +infinity for never. */
  readonly values: string;
};
/** Packets of the counted incumbents, by second of a window. */
type PacketsStatistic = { readonly kind: 'packets'; readonly inSurge: boolean };

export type Statistic = SumStatistic | QuantileStatistic | PacketsStatistic;
/** Why a figure has no interval. */
export type NoStatistic = { readonly kind: 'none'; readonly reason: string };

const EXTREME = 'an extreme has no interval within one run';
const OF_THE_PLAN = "it is the plan's, and no result";
const NOT_OVER_PEOPLE = 'it is no sum, share or quantile over people';

const ALL = 'true';
const total = (column: string, where = ALL): SumStatistic => ({ kind: 'total', columns: [column], where });
const ratio = (over: string, under: string, where = ALL): SumStatistic => ({
  kind: 'ratio',
  columns: [over, under],
  where,
});
const quantile = (q: number, values: string): QuantileStatistic => ({ kind: 'quantile', q, values });

const SURGE_IN = 'in_surge AND was_in';
/** Nobody feels less than a second of waiting: as measures/fairness.sql. */
const FELT_MS = 'greatest(latency_ms, 1000)';

const SUMS: Readonly<Record<string, SumStatistic>> = {
  'crowd.joined': total("outcome = 'joined'"),
  'crowd.gaveUp': total("outcome = 'gave-up'"),
  'crowd.refused': total("outcome = 'refused'"),
  'crowd.waitingAtEnd': total("outcome = 'waiting'"),
  'crowd.lost': total("outcome = 'lost'"),
  'crowd.neverIn': total('NOT was_in'),
  'crowd.neverInShare': ratio('NOT was_in', '1'),
  'crowd.answeredWithin2sShare': ratio('answered', '1', 'in_surge'),
  'ejections.involuntary': total('losses'),
  'ejections.bySide.listener': total('losses_felt'),
  'ejections.bySide.server': total('losses - losses_felt'),
  'ejections.people': total('thrown_out'),
  'ejections.involuntaryShare': ratio('thrown_out', 'was_in'),
  'ejections.returned': total('returned'),
  'ejections.stranded': total('thrown_out AND NOT returned AND tried'),
  'ejections.didNotTry': total('thrown_out AND NOT returned AND NOT tried'),
  'ejections.rejoinAttempts': total('tries'),
  'ejections.stormIndex': ratio('tries', 'losses'),
  'goodput.listenerSecondsServed': total('served'),
  'goodput.share': ratio('served', 'wanted'),
  'fairness.jainIndex': { kind: 'jain', columns: [FELT_MS, `pow(${FELT_MS}, 2)`, '1'], where: SURGE_IN },
  'fairness.overtakenShare': ratio('overtaken', '1', SURGE_IN),
};

const OF_PLAN = new Set([
  'crowd.planned',
  'crowd.incumbents',
  'crowd.arrived',
  'crowd.surgeArrivals',
  'goodput.listenerSecondsWanted',
]);

const EXTREMES = /(max|worst\w*|longest\w*|late(Before)?ms)$/i;

/**
 * What the interval of a measure is made of.
 *
 * @param measure dotted path in a summary.
 */
export function statisticOf(measure: string): Statistic | NoStatistic {
  const sums = SUMS[measure];
  if (sums !== undefined) return sums;
  const [section, name, inner, ...rest] = measure.split('.') as [string, string?, string?, ...string[]];
  const q = quantileIn(measure);
  if (section === 'joinLatencyMs') return latencyStatistic('in_surge', name!, [inner, ...rest], q);
  if (section === 'joinByCohort') return latencyStatistic(`came = '${name}'`, inner!, rest, q);
  if (section === 'fairness' && q !== null) {
    return quantile(q, `SELECT person_id, latency_ms AS value FROM arrivals WHERE ${SURGE_IN}`);
  }
  if (measure.startsWith('ejections.returnMs.') && q !== null) {
    return quantile(q, 'SELECT person_id, ms AS value FROM comebacks');
  }
  if (measure === 'incumbents.lossShareSurge') return { kind: 'packets', inSurge: true };
  if (measure === 'incumbents.lossShareBefore') return { kind: 'packets', inSurge: false };
  if (OF_PLAN.has(measure)) return { kind: 'none', reason: OF_THE_PLAN };
  return { kind: 'none', reason: EXTREMES.test(measure) ? EXTREME : NOT_OVER_PEOPLE };
}

/** Of a join latency only what is over all arrivals or over survivors; phases are for finding the slow part. */
function latencyStatistic(
  whom: string,
  body: string,
  [name, inner]: readonly (string | undefined)[],
  q: number | null,
): Statistic | NoStatistic {
  const where = `${whom} AND body = '${body}'`;
  if (name === 'joined') return total('was_in', where);
  if (q === null || (inner !== undefined && name !== 'ofJoined')) {
    return { kind: 'none', reason: name === 'count' ? OF_THE_PLAN : NOT_OVER_PEOPLE };
  }
  const joined = name === 'ofJoined' ? ' AND was_in' : '';
  return quantile(q, `SELECT person_id, latency_ms AS value FROM arrivals WHERE ${where}${joined}`);
}

function quantileIn(measure: string): number | null {
  const found = /\.p(\d\d)$/.exec(measure);
  return found === null ? null : Number(found[1]) / 100;
}
