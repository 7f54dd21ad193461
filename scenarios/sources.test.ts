/** Every parameter of a night cites a row of the facts or is called an assumption, and every citation resolves. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findScenario, LIBRARY } from './index.ts';
import type { Scenario } from './schema.ts';

const facts = readFileSync(new URL('../docs/reference/facts.md', import.meta.url), 'utf8');
const rows = new Set([...facts.matchAll(/^(?:\| |- )([A-Z]\d+)\b/gm)].map((match) => match[1]!));

/** Paths of what a night sets, down to the leaves; names, titles and limits are not parameters. */
function parameterPaths(night: Scenario): string[] {
  const { rooms, phases, incumbents, waves, bodies, crowd, client, server, moments, objectives } = night;
  const paths: string[] = [];
  const walk = (value: unknown, path: string) => {
    if (typeof value === 'number') paths.push(path);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
    }
  };
  walk({ rooms, phases, incumbents, waves, bodies, crowd, client, server, moments, objectives }, '');
  return paths;
}

test('the facts were read', () => {
  expect(rows.has('C1')).toBe(true);
  expect(rows.has('B4')).toBe(true);
  expect(rows.has('M6')).toBe(true);
});

test.each(Object.keys(LIBRARY))('%s: each parameter has its source', async (name) => {
  const night = await findScenario(name);
  const sourced = Object.keys(night.sources);
  const bare = parameterPaths(night).filter(
    (path) => !sourced.some((source) => path === source || path.startsWith(`${source}.`)),
  );
  expect(bare).toEqual([]);
});

test.each(Object.keys(LIBRARY))('%s: each source names a parameter, each citation a row', async (name) => {
  const night = await findScenario(name);
  const paths = parameterPaths(night);
  for (const [source, where] of Object.entries(night.sources)) {
    expect(
      paths.some((path) => path === source || path.startsWith(`${source}.`)) || source === 'incumbents.model',
      source,
    ).toBe(true);
    if ('facts' in where)
      for (const fact of where.facts) expect(rows.has(fact), `${source} cites ${fact}`).toBe(true);
  }
});
