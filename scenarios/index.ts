/**
 * Finding a night: by name in the library, or from a file of the user's own. Every problem is listed at once, and
 * recorded arrivals that the night names are read, so that whoever plays it needs no other file.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { listIssues, nearestNames, UsageError } from '../errors.ts';
import { readTrace } from './arrivals/trace-file.ts';
import { dotcom } from './library/dotcom.ts';
import { eviction } from './library/eviction.ts';
import { mediaBound } from './library/media-bound.ts';
import { musk } from './library/musk.ts';
import { restart } from './library/restart.ts';
import { steady } from './library/steady.ts';
import { step } from './library/step.ts';
import { zuckerberg } from './library/zuckerberg.ts';
import { type ArrivalModel, type Scenario, type ScenarioInput, scenarioSchema } from './schema.ts';

/** The nights that come with roomrush; the last one is the control. */
export const LIBRARY: Readonly<Record<string, ScenarioInput>> = {
  zuckerberg,
  musk,
  dotcom,
  eviction,
  restart,
  step,
  'media-bound': mediaBound,
  steady,
};

/**
 * The night of a name, or of a path to a `.json` file or a `.ts` file whose default export is the night.
 *
 * @throws UsageError unknown name (the nearest are suggested), unreadable file, an invalid night with every
 *   problem and its path, or recorded arrivals that cannot be read.
 */
export async function findScenario(nameOrPath: string): Promise<Scenario> {
  if (Object.hasOwn(LIBRARY, nameOrPath)) {
    return readTraces(checkScenario(LIBRARY[nameOrPath], nameOrPath), process.cwd());
  }
  const isPath = /[/\\]|\.(json|ts)$/.test(nameOrPath);
  if (!isPath) {
    const near = nearestNames(nameOrPath, Object.keys(LIBRARY));
    throw new UsageError(
      'unknown-scenario',
      `expected the name of a night or a path to one, got '${nameOrPath}'`,
      near.length > 0 ? `did you mean ${near.join(' or ')}?` : `nights: ${Object.keys(LIBRARY).join(', ')}`,
    );
  }
  const night = checkScenario(await readScenarioFile(nameOrPath), nameOrPath);
  return readTraces(night, path.dirname(path.resolve(nameOrPath)));
}

/** Reads the recorded arrivals of a night; a run's own scenario.json has them in it already. */
async function readTraces(night: Scenario, folder: string): Promise<Scenario> {
  const read = async (model: ArrivalModel, overMs: number): Promise<ArrivalModel> => {
    if (model.kind !== 'trace' || model.quantilesMs.length > 0) return model;
    const quantilesMs = [...(await readTrace(path.resolve(folder, model.file)))];
    if (quantilesMs[0]! >= overMs) {
      throw new UsageError(
        'late-trace',
        `expected arrivals within ${overMs} ms, but the first of ${model.file} comes after ${quantilesMs[0]} ms`,
        'a longer overMs, or a file that begins with its arrivals',
      );
    }
    return { ...model, quantilesMs };
  };
  return {
    ...night,
    incumbents: {
      ...night.incumbents,
      model: await read(night.incumbents.model, night.phases.rampMs),
    },
    waves: await Promise.all(
      night.waves.map(async (wave) => ({ ...wave, model: await read(wave.model, wave.overMs) })),
    ),
  };
}

async function readScenarioFile(file: string): Promise<unknown> {
  const absolute = path.resolve(file);
  if (!existsSync(absolute)) {
    throw new UsageError(
      'no-such-file',
      `expected a night in ${file}, but there is no such file`,
      'check the path',
    );
  }
  if (absolute.endsWith('.json')) {
    try {
      return JSON.parse(readFileSync(absolute, 'utf8'));
    } catch (error) {
      throw new UsageError('bad-json', `${file} is not JSON: ${(error as Error).message}`, 'mend the file');
    }
  }
  let loaded: { readonly default?: unknown };
  try {
    loaded = (await import(pathToFileURL(absolute).href)) as { readonly default?: unknown };
  } catch (error) {
    throw new UsageError(
      'bad-module',
      `${file} cannot be loaded: ${(error as Error).message}`,
      'mend the file',
    );
  }
  if (loaded.default === undefined) {
    throw new UsageError(
      'no-default-export',
      `${file} has no default export`,
      'write: export default { schema: …, … }',
    );
  }
  return loaded.default;
}

/** Checks a night against the schema. `name` is what the message calls it. */
export function checkScenario(night: unknown, name: string): Scenario {
  const parsed = scenarioSchema.safeParse(night);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    'invalid-scenario',
    `${name} is not a valid night (${parsed.error.issues.length} problems):\n${listIssues(parsed.error.issues)}`,
    'roomrush scenarios show zuckerberg --json prints a valid one to start from',
  );
}
