/** The pictures that a run's browsers left in its folder: `screens/<nn>-<moment>-person-<id>.png`. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

export type Screen = {
  /** From the report's folder, as an address. */
  readonly file: string;
  readonly text: string;
};

const NAME = /^\d+-([a-z0-9-]+)-person-(\d+)\.png$/;

/** @param reportDir where the report will lie. */
export function readScreens(runDir: string, reportDir: string): Screen[] {
  const dir = path.join(runDir, 'screens');
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const found = NAME.exec(name);
      if (found === null) return [];
      const file = path
        .relative(reportDir, path.join(dir, name))
        .split(path.sep)
        .map(encodeURIComponent)
        .join('/');
      return [{ file, text: `${found[1]}, person ${found[2]}` }];
    });
}
