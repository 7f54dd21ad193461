/** The files for Prometheus and Grafana: valid by promtool, and about metrics that exist. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { findPrometheus } from '../setup/steps/prometheus.js';
import { ALL_METRICS } from './metrics/document.ts';

const FOLDER = fileURLToPath(new URL('./', import.meta.url));
const { promtool } = findPrometheus()!;

/** Names of ours in a PromQL expression, the suffixes of a histogram's series taken off. */
function metricsIn(expression: string): string[] {
  return [...expression.matchAll(/\broomrush_\w+/g)].map(([name]) =>
    name in ALL_METRICS ? name : name.replace(/_(bucket|sum|count)$/, ''),
  );
}

/** Every `expr` anywhere in a file. */
function expressionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(expressionsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'expr' ? [String(inner)] : expressionsIn(inner),
  );
}

test.each(readdirSync(`${FOLDER}grafana/boards`))('the board %s names only metrics that exist', (file) => {
  const expressions = expressionsIn(JSON.parse(readFileSync(`${FOLDER}grafana/boards/${file}`, 'utf8')));
  expect(expressions.length).toBeGreaterThan(0);
  for (const expression of expressions) {
    const names = metricsIn(expression);
    expect(names.filter((name) => !(name in ALL_METRICS))).toEqual([]);
  }
});

test('the alerts name only metrics that exist', () => {
  const rules = expressionsIn(parse(readFileSync(`${FOLDER}prometheus/alerts.yml`, 'utf8')));
  expect(rules.length).toBeGreaterThan(0);
  for (const rule of rules) {
    const names = metricsIn(rule);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !(name in ALL_METRICS))).toEqual([]);
  }
});

test('what Grafana is provisioned with is YAML, and points to the boards', () => {
  const [dashboards, datasources] = ['dashboards', 'datasources'].map((kind) =>
    parse(readFileSync(`${FOLDER}grafana/provisioning/${kind}/roomrush.yml`, 'utf8')),
  );
  expect(dashboards.providers).toHaveLength(1);
  expect(datasources.datasources[0].type).toBe('prometheus');
});

test.each([
  ['the scrape configuration', ['check', 'config', 'prometheus.yml']],
  ['the alert rules', ['check', 'rules', 'alerts.yml']],
  ['the alerts, against series made by hand', ['test', 'rules', 'alerts.test.yml']],
])('promtool has nothing to say against %s', (_, args) => {
  expect(() => execFileSync(promtool, args, { cwd: `${FOLDER}prometheus`, stdio: 'pipe' })).not.toThrow();
});
