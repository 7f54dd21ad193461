/**
 * clinic, as it is installed: its tools are packages of their own behind it, and come without types. Of each only what is
 * used here is described.
 */
import { createRequire } from 'node:module';
import { NotReadyError } from '../../errors.ts';
import type { ClinicTool } from '../../reports/store/run-record.ts';

const PACKAGES: Readonly<Record<ClinicTool, string>> = {
  doctor: '@clinic/doctor',
  flame: '@clinic/flame',
  heapprofiler: '@clinic/heap-profiler',
};

export type Clinic = {
  readonly version: string;
  /** Loads a file of one of its tools, such as `@clinic/flame`. */
  readonly load: (name: string) => unknown;
};

/**
 * Finds clinic and the package of one of its tools.
 *
 * @throws NotReadyError when it is not installed.
 */
export function findClinic(tool: ClinicTool): Clinic {
  try {
    const load = createRequire(import.meta.resolve('clinic/package.json'));
    load.resolve(PACKAGES[tool]);
    const { version } = load('./package.json') as { readonly version: string };
    return { version, load };
  } catch (error) {
    if (!/MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
    throw new NotReadyError(
      'no-clinic',
      `a profile with clinic ${tool} was asked for, and ${PACKAGES[tool]} is not installed`,
      'npm ci, which installs it; or leave out --clinic',
    );
  }
}
