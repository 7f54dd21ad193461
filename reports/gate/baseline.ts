/**
 * Baselines: the figures of some runs in a file, to compare later candidates with. A file is older than what it is compared
 * with, so that it says what it was taken from, and what does not fit is refused rather than compared.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { listIssues, NotReadyError, UsageError } from '../../errors.ts';
import type { StoredEvidence } from './evidence.ts';
import { type GateFigures, gateFiguresSchema } from './figures.ts';
import { differencesBetween, fingerprintSchema } from './fingerprint.ts';
import { ABSOLUTE_COSTS, wallClockNames } from './names.ts';
import { gateSideSchema } from './schema.ts';

const SCHEMA = 'roomrush/baseline@1';
/** One run has no scatter to judge another by. */
const RUNS_MIN = 2;

const baselineSchema = z.strictObject({
  schema: z.literal(SCHEMA),
  writtenAt: z.string().describe('ISO 8601'),
  night: z.string(),
  size: z
    .strictObject({ incumbents: z.int().min(0), arrivals: z.int().min(0) })
    .describe('people of the surge'),
  machine: fingerprintSchema,
  base: gateSideSchema.describe('what was measured'),
  runs: z.array(gateFiguresSchema).min(RUNS_MIN).describe('none of them void'),
});
export type Baseline = z.infer<typeof baselineSchema>;

/** The published schema of a baseline, as JSON Schema. */
export function baselineJsonSchema(): object {
  return z.toJSONSchema(baselineSchema, { target: 'draft-2020-12' });
}

const hintOf = (file: string) => `make one on this machine: roomrush gate <night> --write-baseline ${file}`;

/**
 * Reads a baseline.
 *
 * @throws UsageError naming the file when it is missing, broken, no baseline, or one of another schema version.
 */
export function readBaseline(file: string): Baseline {
  const value = parsedFile(file);
  const schema = (value as { readonly schema?: unknown } | null)?.schema;
  if (typeof schema === 'string' && schema.startsWith('roomrush/baseline@') && schema !== SCHEMA) {
    throw new UsageError(
      'baseline-version',
      `expected ${SCHEMA}, and ${file} is ${schema}: it was written by another version of roomrush`,
      hintOf(file),
    );
  }
  const parsed = baselineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    'bad-baseline',
    `${file} is no baseline:\n${listIssues(parsed.error.issues)}`,
    hintOf(file),
  );
}

function parsedFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      'no-baseline',
      `expected a baseline at ${file}, and it cannot be read: ${(error as Error).message}`,
      hintOf(file),
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      'corrupt-baseline',
      `${file} is no whole JSON file: ${(error as Error).message}`,
      `take it from where it was kept, or ${hintOf(file)}`,
    );
  }
}

/**
 * Writes a baseline beside and renames it: whatever was there before is whole until the new one is.
 *
 * @throws UsageError when the runs are too few, void, or not of one schema; NotReadyError when it cannot be written.
 */
export function writeBaseline(file: string, baseline: Omit<Baseline, 'schema'>): void {
  const parsed = baselineSchema.safeParse({ schema: SCHEMA, ...baseline });
  if (!parsed.success) {
    throw new UsageError(
      'bad-baseline',
      `expected at least ${RUNS_MIN} whole runs for a baseline:\n${listIssues(parsed.error.issues)}`,
      'play more runs: --pairs-max says how many',
    );
  }
  const voids = parsed.data.runs.filter(({ voidReasons }) => voidReasons.length > 0);
  if (voids.length > 0) {
    throw new UsageError(
      'void-baseline',
      `expected only runs that can be trusted, and ${voids.length} of ${parsed.data.runs.length} are void: ${voids[0]!.voidReasons[0]}`,
      'play them again',
    );
  }
  const part = `${file}.part`;
  try {
    writeFileSync(part, `${JSON.stringify(parsed.data, null, 2)}\n`);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw new NotReadyError(
      'baseline-not-written',
      `the baseline ${file} cannot be written: ${(error as Error).message}; what was there is as it was`,
      'make room, or name a file in a folder that exists',
    );
  }
}

/** What is to be compared with a baseline. */
export type ComparedNow = Pick<Baseline, 'night' | 'size' | 'machine'>;

/**
 * What of a baseline may not be compared here: CPU and wall clock of another kind of machine. Bytes, messages and events
 * hang on the crowd and the server, and stay.
 *
 * @throws UsageError when the baseline is of another night or of another size: nothing of it can be compared.
 */
export function refusedOf(file: string, baseline: Baseline, now: ComparedNow): StoredEvidence['refused'] {
  const sizeOf = ({ incumbents, arrivals }: Baseline['size']) =>
    `${incumbents} inside and ${arrivals} to come`;
  const wrong = [
    ...(baseline.night === now.night
      ? []
      : [`it is of the night ${baseline.night}, and this is ${now.night}`]),
    ...(sizeOf(baseline.size) === sizeOf(now.size)
      ? []
      : [`it is of a crowd with ${sizeOf(baseline.size)}, and this one has ${sizeOf(now.size)}`]),
  ];
  if (wrong.length > 0) throw otherCrowd(file, wrong.join('; '));
  const differences = differencesBetween(baseline.machine, now.machine);
  if (differences.length === 0) return [];
  const reason = `the baseline is from another kind of machine: ${differences.join('; ')}`;
  return [...ABSOLUTE_COSTS, ...wallClockNames].map((measure) => ({ measure, reason }));
}

/**
 * Checks that a candidate's run met one of the baseline's crowds; to be asked after the first run, not after the last.
 *
 * @throws UsageError when it did not: the night or the drawing of crowds has changed since.
 */
export function checkSameCrowd(file: string, baseline: Baseline, run: GateFigures): void {
  if (baseline.runs.some(({ seed, planDigest }) => seed === run.seed && planDigest === run.planDigest))
    return;
  throw otherCrowd(file, `the crowd of seed ${run.seed} is none of its crowds (digest ${run.planDigest})`);
}

/** The seeds that a candidate is to be played with, in the order of the baseline's runs. */
export function seedsOf({ runs }: Baseline): number[] {
  return [...new Set(runs.map(({ seed }) => seed))];
}

function otherCrowd(file: string, what: string): UsageError {
  return new UsageError('other-crowd', `${file} cannot be compared with: ${what}`, hintOf(file));
}
