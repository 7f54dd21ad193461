/** `docs/reference/metrics.md`: every metric, made from the tables that the registries are made from. */
import type { MetricDefinition } from '../../server/metrics/definition.ts';
import { SERVER_METRICS } from '../../server/metrics/definitions.ts';
import { REHEARSAL_METRICS } from './definitions.ts';

/** Every metric of both endpoints, by name. */
export const ALL_METRICS: Readonly<Record<string, MetricDefinition>> = {
  ...SERVER_METRICS,
  ...REHEARSAL_METRICS,
};

export function metricsMarkdown(): string {
  return `# Metrics

Made by \`npm run docs\` from \`server/metrics/definitions.ts\` and \`dashboards/metrics/definitions.ts\`. How to have them
scraped: [the guide](../guides/metrics.md). They are provisional: the figures of a run are those of its
[summary](measures.md).

No label names a person, a connection or a room of its own: each has the values below and no others, so the number of
series does not grow with the crowd.

## The server: \`/metrics\` on its HTTP port

${table(SERVER_METRICS)}

Beside these are the metrics that [prom-client](https://github.com/siimon/prom-client) has of every Node process
(\`process_*\`, \`nodejs_*\`), from the first scrape on.

## The rehearsal: \`roomrush run --metrics-port\`

${table(REHEARSAL_METRICS)}
`;
}

function table(metrics: Readonly<Record<string, MetricDefinition>>): string {
  const rows = Object.entries(metrics).map(([name, { type, labels = {}, help }]) => {
    const cells = Object.entries(labels).map(([label, values]) => `\`${label}\`: ${listed(values)}`);
    return `| \`${name}\` | ${type} | ${cells.join('; ')} | ${help.replaceAll('|', '\\|')} |`;
  });
  return ['| name | type | labels | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function listed(values: readonly string[] | string): string {
  return typeof values === 'string' ? values : values.map((value) => `\`${value}\``).join(', ');
}
