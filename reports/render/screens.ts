/**
 * The pictures that a run's browsers left in its folder: `screens/<nn>-<moment>-person-<id>.png`. They become part of the
 * report, so that it stays one file, as long as it stays small.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** One picture, and all of a report: in base64 they are a third larger, and a report must stay under 3 MB. */
const BYTES_MAX = 300_000;
const BYTES_MAX_OF_REPORT = 1_200_000;

export type Screen = {
  /** From the report's folder. */
  readonly file: string;
  readonly text: string;
  /** As an address that holds it; null: it is too large, and left out. */
  readonly picture: string | null;
};

const NAME = /^\d+-([a-z0-9-]+)-person-(\d+)\.png$/;

/**
 * @param reportDir where the report will lie.
 * @param runs how many share the report, and its space.
 */
export function readScreens(runDir: string, reportDir: string, runs: number): Screen[] {
  const dir = path.join(runDir, 'screens');
  if (!existsSync(dir)) return [];
  let bytesLeft = BYTES_MAX_OF_REPORT / runs;
  return readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const found = NAME.exec(name);
      if (found === null) return [];
      const file = path.join(dir, name);
      const { size } = statSync(file);
      const fits = size <= Math.min(BYTES_MAX, bytesLeft);
      if (fits) bytesLeft -= size;
      return [
        {
          file: path.relative(reportDir, file).split(path.sep).join('/'),
          text: `${found[1]}, person ${found[2]}`,
          picture: fits ? `data:image/png;base64,${readFileSync(file).toString('base64')}` : null,
        },
      ];
    });
}
