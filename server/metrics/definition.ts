/**
 * What a metric is, said once: the registry, the reference page and the tests are all made from such a table. A label
 * says which values it can take, so that the number of series is bounded before anything is counted: no person, no
 * connection and no room's own name is ever a label.
 */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type MetricDefinition = {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** One sentence, with what the value means. */
  readonly help: string;
  /** Each label with all of its values, or with a sentence on what bounds them. */
  readonly labels?: Readonly<Record<string, readonly string[] | string>>;
  /** Upper bounds of a histogram's buckets. */
  readonly buckets?: readonly number[];
};

type MetricOf<Definition extends MetricDefinition> = Definition['type'] extends 'counter'
  ? Counter
  : Definition['type'] extends 'gauge'
    ? Gauge
    : Histogram;

export type Metrics<Table extends Readonly<Record<string, MetricDefinition>>> = {
  readonly [Name in keyof Table]: MetricOf<Table[Name]>;
};

/**
 * Makes the metrics of a table, in a registry. Counters whose labels are closed lists begin at 0 in every series, so
 * that the first event is a rise and not a birth, which `rate()` would not see.
 */
export function createMetrics<Table extends Readonly<Record<string, MetricDefinition>>>(
  table: Table,
  registry: Registry,
): Metrics<Table> {
  const made = Object.entries(table).map(([name, definition]) => {
    const { type, help, labels = {}, buckets } = definition;
    const options = { name, help, labelNames: Object.keys(labels), registers: [registry] };
    if (type === 'gauge') return [name, new Gauge(options)];
    if (type === 'histogram')
      return [
        name,
        new Histogram({ ...options, ...(buckets === undefined ? {} : { buckets: [...buckets] }) }),
      ];
    const counter = new Counter(options);
    for (const combination of combinations(labels)) counter.inc(combination, 0);
    return [name, counter];
  });
  return Object.fromEntries(made) as Metrics<Table>;
}

/** Every set of label values; none where one of the labels is open. */
function combinations(
  labels: Readonly<Record<string, readonly string[] | string>>,
): readonly Readonly<Record<string, string>>[] {
  let sets: Record<string, string>[] = [{}];
  for (const [label, values] of Object.entries(labels)) {
    if (typeof values === 'string') return [];
    sets = sets.flatMap((set) => values.map((value) => ({ ...set, [label]: value })));
  }
  return sets;
}
