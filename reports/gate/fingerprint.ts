/**
 * On what kind of machine figures were taken. CPU of another kind of machine, or of another build of the media worker, is
 * not more or less: it is another figure.
 */
import { z } from 'zod';
import type { RunRecord } from '../store/run-record.ts';

export const fingerprintSchema = z.strictObject({
  platform: z.string(),
  arch: z.string(),
  cpuModel: z.string(),
  cores: z.int().positive(),
  kernel: z.string().describe('major.minor'),
  node: z.string().describe('version of Node'),
  workerBuild: z.string().describe('version and origin of the media worker'),
  roomrush: z.string().describe('version of roomrush, whose crowd it was'),
});
export type Fingerprint = z.infer<typeof fingerprintSchema>;

/** @param workerBuild what tells one build of the media worker from another. */
export function fingerprintOf(
  machine: RunRecord['machine'],
  versions: RunRecord['versions'],
  workerBuild: string,
): Fingerprint {
  const { platform, arch, cpuModel, cores, kernel } = machine;
  return {
    platform,
    arch,
    cpuModel,
    cores,
    kernel: majorMinor(kernel),
    node: versions['node'] ?? 'unknown',
    workerBuild,
    roomrush: versions['roomrush'] ?? 'unknown',
  };
}

/** In what two kinds of machines differ, in words; empty: CPU may be compared. Patches of Node and kernel are no difference. */
export function differencesBetween(stored: Fingerprint, now: Fingerprint): string[] {
  const shown: readonly (readonly [string, (one: Fingerprint) => string])[] = [
    ['platform', (one) => `${one.platform} ${one.arch}`],
    ['CPU', (one) => one.cpuModel],
    ['cores', (one) => String(one.cores)],
    ['kernel', (one) => one.kernel],
    ['Node', (one) => majorMinor(one.node)],
    ['media worker', (one) => one.workerBuild],
  ];
  return shown
    .filter(([, of]) => of(stored) !== of(now))
    .map(([what, of]) => `${what} was ${of(stored)} and is ${of(now)}`);
}

function majorMinor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
