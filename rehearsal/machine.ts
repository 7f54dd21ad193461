/** What machine a run was measured on: goes into the run's record, so that figures are not compared across kinds. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';

export type Machine = {
  readonly platform: string;
  readonly arch: string;
  readonly kernel: string;
  readonly cpuModel: string;
  readonly cores: number;
  readonly memoryBytes: number;
};

/** The machine's fingerprint: no name and no address, only what its figures depend on. */
export function describeMachine(): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    kernel: os.release(),
    cpuModel: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
  };
}

/** The same in one line with today's date, for the head of a table that people compare by eye. */
export function machineLine(): string {
  const { cpuModel, cores, kernel } = describeMachine();
  return `${cpuModel}, ${cores} cores, ${kernel}, ${new Date().toISOString().slice(0, 10)}`;
}

/** Versions of what the figures depend on. */
export function describeVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const versionOf = (manifest: string) =>
    (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
  const fromPackages = ['mediasoup', 'node-datachannel', 'ws', 'fastify', '@faker-js/faker'].map(
    (name) =>
      [name, versionOf(new URL(`../node_modules/${name}/package.json`, import.meta.url).pathname)] as const,
  );
  return {
    roomrush: versionOf(require.resolve('../package.json')),
    node: process.versions.node,
    ...Object.fromEntries(fromPackages),
  };
}
