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
  cli: ['rehearsal', 'reports', 'simulator', 'server', 'events', 'scenarios', 'setup'],
  rehearsal: ['dashboards', 'reports', 'simulator', 'server', 'events', 'scenarios', 'setup'],
  reports: ['simulator', 'server', 'events', 'scenarios'],
  simulator: ['server/protocol', 'events', 'scenarios'],
  server: ['events', 'scenarios'],
  events: [],
  scenarios: [],
  setup: [],
};

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
