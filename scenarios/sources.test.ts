/** Every parameter of a night cites a row of the facts or is called an assumption, and every citation resolves. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findScenario, LIBRARY } from './index.ts';
import { bySource, covers, parametersOf } from './parameters.ts';

const facts = readFileSync(new URL('../docs/reference/facts.md', import.meta.url), 'utf8');
const rows = new Set([...facts.matchAll(/^(?:\| |- )([A-Z]\d+)\b/gm)].map((match) => match[1]!));

test('the facts were read', () => {
  expect(rows.has('C1')).toBe(true);
  expect(rows.has('B4')).toBe(true);
  expect(rows.has('M6')).toBe(true);
});

test.each(Object.keys(LIBRARY))('%s: each parameter has its source', async (name) => {
  const night = await findScenario(name);
  const bare = bySource(night).filter(({ source }) => source === null);
  expect(bare.map(({ path }) => path)).toEqual([]);
});

test.each(Object.keys(LIBRARY))('%s: each source names a parameter, each citation a row', async (name) => {
  const night = await findScenario(name);
  const paths = parametersOf(night).map(({ path }) => path);
  for (const [source, where] of Object.entries(night.sources)) {
    expect(
      paths.some((path) => covers(source, path)),
      source,
    ).toBe(true);
    if ('facts' in where)
      for (const fact of where.facts) expect(rows.has(fact), `${source} cites ${fact}`).toBe(true);
  }
});

test('the most special source speaks for a parameter, and what nobody speaks for is said', async () => {
  const { sources, ...night } = await findScenario('zuckerberg');
  const [whole, seconds] = [{ assumption: 'all' }, { assumption: 'six' }];
  const groups = bySource({ ...night, sources: { phases: whole, 'phases.leavingMs': seconds } });
  const pathsOf = (group: string) =>
    groups.find(({ path }) => path === group)?.parameters.map(({ path, value }) => [path, value]);
  expect(pathsOf('phases')).toEqual([
    ['phases.rampMs', 20_000],
    ['phases.baselineMs', 15_000],
    ['phases.surgeMs', 30_000],
    ['phases.tailMs', 35_000],
  ]);
  expect(pathsOf('phases.leavingMs')).toEqual([['phases.leavingMs', 6_000]]);
  expect(groups.find(({ path }) => path === 'waves.0.model.kind')).toEqual({
    path: 'waves.0.model.kind',
    parameters: [{ path: 'waves.0.model.kind', value: 'bass' }],
    source: null,
  });
  expect(Object.keys(sources).length).toBeGreaterThan(20);
});
