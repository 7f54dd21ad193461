/** What the doctor says about one part of the machine. */
export type DoctorRow = {
  readonly name: string;
  /** Where it was found, or the value that was read; null when there is none. */
  readonly found: string | null;
  readonly version: string | null;
  /** `missing` means that no night can run; a `warning` costs something that `detail` names. */
  readonly status: 'ok' | 'warning' | 'missing';
  readonly detail: string;
  /** What to do about it, a command where there is one; null when nothing has to be done. */
  readonly mend: string | null;
};

export const SETUP_COMMAND = 'node setup/bootstrap.js start';

export function installCommand(packages: string): string {
  return `apt-get install -y --no-install-recommends ${packages}`;
}
