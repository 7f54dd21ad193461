/**
 * Imports run one way, so that a part can be read without what stands above it, and what k6 or a browser runs
 * as it is imports no package and no Node module.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What each folder may import from, beside itself and errors.ts, which imports nothing. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  cli: ['rehearsal', 'dashboards', 'reports', 'simulator', 'server', 'events', 'scenarios', 'setup'],
  rehearsal: ['dashboards', 'reports', 'simulator', 'server', 'events', 'scenarios', 'setup'],
  dashboards: ['reports', 'simulator', 'server', 'events', 'scenarios'],
  reports: ['simulator', 'server', 'events', 'scenarios'],
  simulator: ['server/protocol', 'events', 'scenarios'],
  server: ['events', 'scenarios'],
  events: [],
  scenarios: [],
  setup: [],
};

/** Entry points as `cli` is, for another runtime; a test of their own says what they may import. */
const K6_SCRIPTS = 'scenarios/k6/';

type Import = { readonly from: string; readonly to: string };

function sources(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|\.child\.ts$|\/testing\//.test(file));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  return [...text.matchAll(/^\s*(?:import|export)\b[^;'"]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'/gm)].map(
    (match) => {
      const to = (match[1] ?? match[2])!;
      return { from: file, to: to.startsWith('.') ? path.join(path.dirname(file), to) : to };
    },
  );
}

const folders = Object.keys(MAY_IMPORT);
const inTree = (one: Import) => folders.some((folder) => one.to.startsWith(`${folder}/`));

test.each(folders)('%s imports only what stands below it', (folder) => {
  const allowed = [folder, ...MAY_IMPORT[folder]!];
  const wrong = sources(folder)
    .filter((file) => !file.startsWith(K6_SCRIPTS))
    .flatMap(importsOf)
    .filter(inTree)
    .filter((one) => !allowed.some((place) => one.to.startsWith(`${place}/`)));
  expect(wrong).toEqual([]);
});

test('the listener, the plan row and the wire import no package and no Node module', () => {
  const pure = [...sources('simulator/listener'), 'simulator/plan/person.ts', 'server/protocol/wire.ts'];
  const outside = pure.flatMap(importsOf).filter((one) => !inTree(one) && one.to !== 'errors.ts');
  expect(outside).toEqual([]);
});

test('what k6 runs is imported by nobody, and imports k6 and what k6 can run', () => {
  const scripts = sources('scenarios/k6');
  expect(scripts.length).toBeGreaterThan(3);
  const may = [
    /^k6($|\/)/,
    /^scenarios\/k6\//,
    /^simulator\/listener\//,
    /^simulator\/plan\/(draws|person)\.ts$/,
    /^simulator\/bodies\/k6\/night-lines\.ts$/,
    /^server\/protocol\/wire\.ts$/,
  ];
  const types = new Set(['events/row.ts']);
  const wrong = scripts
    .flatMap(importsOf)
    .filter(({ to }) => !may.some((one) => one.test(to)) && !types.has(to));
  expect(wrong).toEqual([]);
  // Types are gone before k6 reads a file; anything else of these modules would bring packages with it.
  const runsNode = /^\s*import\s+(?!type\b)[^;]*'[^']*(events\/row|messages|plan\/person)\.ts'/m;
  for (const file of [...scripts, 'simulator/bodies/k6/night-lines.ts', 'simulator/plan/draws.ts']) {
    expect(readFileSync(path.join(ROOT, file), 'utf8'), file).not.toMatch(runsNode);
  }
  const pure = ['simulator/bodies/k6/night-lines.ts', 'simulator/plan/draws.ts'].flatMap(importsOf);
  expect(pure.filter(({ to }) => !/^simulator\/(listener|plan)\//.test(to))).toEqual([]);
  const others = folders.flatMap(sources).filter((file) => !file.startsWith(K6_SCRIPTS));
  expect(others.flatMap(importsOf).filter(({ to }) => to.startsWith(K6_SCRIPTS))).toEqual([]);
});

test('an admission policy touches no socket, clock, file or random source', () => {
  const files = sources('server/admission');
  expect(files.length).toBeGreaterThan(3);
  // zod checks a policy's parameters before it runs, and does nothing while it decides.
  expect(files.flatMap(importsOf).filter((one) => !inTree(one) && one.to !== 'zod')).toEqual([]);
  for (const file of files) {
    expect(readFileSync(path.join(ROOT, file), 'utf8'), file).not.toMatch(
      /Math\.random|Date\.now|performance\.|process\.hrtime/,
    );
  }
});
