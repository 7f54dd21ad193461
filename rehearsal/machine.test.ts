import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeVersions } from './machine.ts';

test('the versions that a crowd and its figures hang on are in the record, as they are installed', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const versions = describeVersions();
  // Another version of it gives other names to the same people.
  for (const name of ['@faker-js/faker', 'mediasoup', 'ws', 'fastify', 'node-datachannel'])
    expect(versions[name]).toBe(dependencies[name]);
  expect(versions['node']).toBe(process.versions.node);
});
