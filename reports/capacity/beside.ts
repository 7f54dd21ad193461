/** The search for the capacity that lies beside a run: of the same night and build, the newest of them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Summary } from '../summary-schema.ts';
import { type CapacityFile, capacitySchema } from './schema.ts';

export type CapacityBeside = {
  /** Name of its folder. */
  readonly folder: string;
  readonly startedAt: string;
  readonly finished: boolean;
  readonly grow: CapacityFile['settings']['grow'];
  /** Whether it ran on the same kind of machine as the run. */
  readonly isSameMachine: boolean;
  readonly search: CapacityFile['searches'][number];
};

const FILE = 'capacity.json';
/** A folder of runs may hold years of them: only the newest searches are read. */
const READ_MAX = 20;

/**
 * Looks beside the run's folder, and beside the folder that it lies in, as a comparison keeps its runs in its own.
 *
 * @returns null where there is none. A file that cannot be read, or is another version's, is none.
 */
export function capacityBeside(runDir: string, run: Summary['run']): CapacityBeside | null {
  const parent = path.dirname(path.resolve(runDir));
  const found = [parent, path.dirname(parent)]
    .flatMap(searchesIn)
    .sort((a, b) => b.writtenMs - a.writtenMs)
    .slice(0, READ_MAX)
    .flatMap(({ dir }) => {
      const file = readCapacity(path.join(dir, FILE));
      const search = file?.searches.find(({ profile }) => profile === run.profile);
      if (file === null || search === undefined || file.night.id !== run.scenario) return [];
      return [{ folder: path.basename(dir), file, search }];
    })
    .sort((a, b) => b.file.startedAt.localeCompare(a.file.startedAt));
  const [newest] = found;
  if (newest === undefined || run.target !== null) return null;
  const { folder, file, search } = newest;
  return {
    folder,
    startedAt: file.startedAt,
    finished: file.finished,
    grow: file.settings.grow,
    isSameMachine: file.machine.cpuModel === run.machine.cpuModel && file.machine.cores === run.machine.cores,
    search,
  };
}

function searchesIn(dir: string): { readonly dir: string; readonly writtenMs: number }[] {
  return orElse([], () => readdirSync(dir)).flatMap((name) => {
    const folder = path.join(dir, name);
    const stat = orElse(undefined, () => statSync(path.join(folder, FILE), { throwIfNoEntry: false }));
    return stat?.isFile() === true ? [{ dir: folder, writtenMs: stat.mtimeMs }] : [];
  });
}

/** Folders around a run may belong to somebody else, who does not let us look: then nothing lies there for us. */
function orElse<Value>(otherwise: Value, look: () => Value): Value {
  try {
    return look();
  } catch {
    return otherwise;
  }
}

function readCapacity(file: string): CapacityFile | null {
  try {
    return capacitySchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null;
  } catch {
    // Half of one, or taken away meanwhile.
    return null;
  }
}
