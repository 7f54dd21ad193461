/**
 * Which figures have an interval within one run, and what each is made of. Sums, ratios and quantiles over people or over
 * seconds have one; an extreme has none, because what a run did not show cannot be drawn from it.
 */
import { ORIGINS } from '../../scenarios/schema.ts';
import { isCost } from './costs.ts';
import { type OfListeners, ofListeners } from './listeners.ts';

/** Columns are expressions over `arrivals` (people.sql), summed by second. */
type SumStatistic = {
  readonly kind: 'total' | 'of-all' | 'ratio' | 'jain';
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

/** A quantile over samples that are about nobody in particular: a query of `second` (of the night) and `value`. */
type SamplesStatistic = { readonly kind: 'samples'; readonly q: number; readonly values: string };
/** What each counted incumbent heard, then over them: see listeners.ts. */
type ListenersStatistic = { readonly kind: 'listeners'; readonly of: OfListeners };
/** A unit cost, out of the seconds in which the server was watched: see costs.ts. */
type CostStatistic = { readonly kind: 'cost' };

export type Statistic =
  | SumStatistic
  | QuantileStatistic
  | PacketsStatistic
  | SamplesStatistic
  | ListenersStatistic
  | CostStatistic;
/** Why a figure has no interval. */
export type NoStatistic = { readonly kind: 'none'; readonly reason: string };

const EXTREME = 'an extreme has no interval within one run';
const OF_THE_PLAN = "it is the plan's, and no result";
const NOT_OVER_PEOPLE = 'it is no sum, share or quantile over people';
const OF_PEAKS = 'it is the difference of two peaks, and an extreme has no interval within one run';
const OF_SILENCES =
  "it is made of each listener's longest silence, and an extreme has no interval within one run";
const AS_IT_WAS = 'it was counted, summed or timed as it was, and estimates nothing';

const ALL = 'true';
const total = (column: string, where = ALL): SumStatistic => ({ kind: 'total', columns: [column], where });
/** How many of all whom it is about. How many those are is the plan's, so that no resample may have more of them. */
const ofAll = (column: string, where: string): SumStatistic => ({
  kind: 'of-all',
  columns: [column, '1'],
  where,
});
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
  'admission.etaErrorMs': ratio('eta_error_ms', 'etas'),
  'goodput.listenerSecondsServed': total('served'),
  'goodput.share': ratio('served', 'wanted'),
  'fairness.jainIndex': { kind: 'jain', columns: [FELT_MS, `pow(${FELT_MS}, 2)`, '1'], where: SURGE_IN },
  'fairness.overtakenShare': ratio('overtaken', '1', SURGE_IN),
  ...Object.fromEntries(
    ORIGINS.flatMap((origin) => {
      const from = `origin = '${origin}'`;
      return [
        [`origins.${origin}.joined`, ofAll('was_in', from)],
        [`origins.${origin}.neverIn`, ofAll('NOT was_in', from)],
        [`origins.${origin}.ejectedPeople`, ofAll('thrown_out', from)],
        [`origins.${origin}.stranded`, ofAll('thrown_out AND NOT returned AND tried', from)],
        [`origins.${origin}.handsRaised`, ofAll('raised', from)],
      ];
    }),
  ),
};

/** As measures/origins.sql: the body nearest to a real listener that the run has. */
const HEADLINE =
  "body = (SELECT arg_min(body, list_position(['webrtc', 'rtp', 'k6', 'signal'], body)) FROM arrivals WHERE in_surge AND body <> 'browser')";

const samples = (type: string) =>
  `SELECT (t_ns - start_ns) // 1000000000 AS second, value FROM happened, night WHERE type = '${type}'`;
const SAMPLES: readonly (readonly [prefix: string, values: string])[] = [
  ['overflow.relayLagMs.', samples('relay-lag')],
  ['overflow.promotionGapMs.', samples('promotion-gap')],
];

const OF_PLAN = new Set([
  'crowd.planned',
  'crowd.incumbents',
  'crowd.arrived',
  'crowd.surgeArrivals',
  'goodput.listenerSecondsWanted',
  ...ORIGINS.map((origin) => `origins.${origin}.arrived`),
]);

/** Of sections whose other figures are all counts and totals of the night. */
const AS_THEY_WERE = /^(admission|overflow|parallel|recovery|server|generator|browsers)\.|^incumbents\.\w+$/;

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
  if (measure.startsWith('generator.slipMs.') && q !== null) {
    return quantile(q, "SELECT person_id, value FROM happened WHERE type = 'arrive'");
  }
  if (section === 'origins' && inner === 'joinP50Ms') {
    const whom = `in_surge AND origin = '${name}' AND ${HEADLINE}`;
    return quantile(0.5, `SELECT person_id, latency_ms AS value FROM arrivals WHERE ${whom}`);
  }
  const sampled = SAMPLES.find(([prefix]) => measure.startsWith(prefix));
  if (sampled !== undefined && q !== null) return { kind: 'samples', q, values: sampled[1] };
  const of = ofListeners(measure);
  if (of !== null) return { kind: 'listeners', of };
  if (isCost(measure)) return { kind: 'cost' };
  if (measure === 'incumbents.lossShareSurge') return { kind: 'packets', inSurge: true };
  if (measure === 'incumbents.lossShareBefore') return { kind: 'packets', inSurge: false };
  if (OF_PLAN.has(measure)) return { kind: 'none', reason: OF_THE_PLAN };
  return { kind: 'none', reason: whyNone(measure) };
}

function whyNone(measure: string): string {
  if (EXTREMES.test(measure)) return EXTREME;
  if (/memoryBytes/i.test(measure)) return OF_PEAKS;
  if (measure.startsWith('incumbents.listenerGap')) return OF_SILENCES;
  return AS_THEY_WERE.test(measure) ? AS_IT_WAS : NOT_OVER_PEOPLE;
}

/** Over all arrivals, over survivors, and part by part over those who got in. */
function latencyStatistic(
  whom: string,
  body: string,
  [name, inner]: readonly (string | undefined)[],
  q: number | null,
): Statistic | NoStatistic {
  const where = `${whom} AND body = '${body}'`;
  if (name === 'phases' && q !== null) {
    const cohort = whom === 'in_surge' ? "came IN ('surge', 'after')" : whom;
    const of = `phase = '${inner}' AND body = '${body}' AND ${cohort}`;
    return quantile(q, `SELECT person_id, ms AS value FROM phases WHERE ${of}`);
  }
  if (name === 'joined') return ofAll('was_in', where);
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
