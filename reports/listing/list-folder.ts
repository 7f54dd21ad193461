/**
 * The list of a folder of runs. Comparisons and studies are looked into, since their runs are runs as others are; the many
 * short ones of a gate or of a search for the capacity are what those are made of, and are not listed.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { type Folder, orDamaged } from './folder.ts';
import { listCapacity, listComparison, listGate, listStudy } from './list-others.ts';
import { listRun } from './list-run.ts';
import { type Kind, type Listed, NOTHING_KNOWN } from './listed.ts';

/** A study has its nights in it, and each of them its runs. */
const DEPTH_MAX = 3;
/** So that a folder which is not one of runs comes to an end. */
const FOLDERS_MAX = 10_000;

export type Listing = {
  /** The newest first; what has no date last. */
  readonly entries: readonly Listed[];
  /** There were more folders than are looked at. */
  readonly isCut: boolean;
};

type Found = { readonly kind: Kind; readonly list: (folder: Folder) => Listed; readonly within: boolean };

/** By the file that only a folder of that kind has. A run's own is looked for first. */
const KINDS_BY_FILE: Readonly<Record<string, Found>> = {
  'run.json': { kind: 'run', list: listRun, within: false },
  'comparison.json': { kind: 'comparison', list: listComparison, within: true },
  'gate.json': { kind: 'gate', list: listGate, within: false },
  'capacity.json': { kind: 'capacity', list: listCapacity, within: false },
  'study.json': { kind: 'study', list: listStudy, within: true },
  // What a gate writes before it has found anything.
  'runs.jsonl': { kind: 'gate', list: listGate, within: false },
  'settings.json': { kind: 'gate', list: listGate, within: false },
};

/** What a run has even where its record is lost. */
const OF_A_RUN = ['plan.csv', 'events', 'summary.json'];

/** @throws UsageError when the folder cannot be read. */
export function listFolder(root: string): Listing {
  let names: readonly string[];
  try {
    names = readdirSync(root);
  } catch (error) {
    throw new UsageError(
      'no-folder',
      `expected a folder of runs, but ${root} cannot be read: ${(error as Error).message}`,
      'give the folder in which runs lie; without one it is runs/',
    );
  }
  const left = { folders: FOLDERS_MAX };
  const entries = entriesOf({ dir: root, folder: '.', names }, 0, left);
  return { entries: entries.sort(newestFirst), isCut: left.folders < 0 };
}

function entriesOf(folder: Folder, depth: number, left: { folders: number }): Listed[] {
  const name = Object.keys(KINDS_BY_FILE).find((file) => folder.names.includes(file));
  const found = name === undefined ? null : KINDS_BY_FILE[name]!;
  const own = found === null ? [] : [orDamaged(found.kind, folder, () => found.list(folder))];
  if (found?.within === false) return own;
  if (found === null && OF_A_RUN.some((file) => folder.names.includes(file))) {
    return [nothing(folder, 'run', 'there is no run.json in it')];
  }
  const inside = depth < DEPTH_MAX ? foldersIn(folder).flatMap((one) => within(one, depth + 1, left)) : [];
  if (own.length > 0 || depth === 0) return [...own, ...inside];
  // A folder in which there is nothing of ours is one line, however much else lies in it.
  if (inside.some(({ kind }) => kind !== 'other')) return inside;
  const why = folder.names.length === 0 ? 'it is empty' : 'there is nothing in it that roomrush wrote';
  return [nothing(folder, 'other', why)];
}

function within(folder: Omit<Folder, 'names'>, depth: number, left: { folders: number }): Listed[] {
  left.folders--;
  if (left.folders < 0) return [];
  try {
    return entriesOf({ ...folder, names: readdirSync(folder.dir) }, depth, left);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'scandir') throw error;
    return [nothing({ ...folder, names: [] }, 'other', `it cannot be read: ${(error as Error).message}`)];
  }
}

/** Links are not followed: one may lead in a circle. */
function foldersIn({ dir, folder }: Folder): Omit<Folder, 'names'>[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => ({ dir: path.join(dir, name), folder: path.posix.join(folder, name) }));
}

function nothing({ folder }: Folder, kind: Kind, why: string): Listed {
  return {
    ...NOTHING_KNOWN,
    ...{ kind, folder, verdict: kind === 'other' ? 'not a run' : 'damaged', reasons: [why] },
    isDamaged: true,
    page: null,
  };
}

function newestFirst(a: Listed, b: Listed): number {
  if (a.startedAt !== b.startedAt) {
    if (a.startedAt === null) return 1;
    if (b.startedAt === null) return -1;
    return a.startedAt < b.startedAt ? 1 : -1;
  }
  return a.folder < b.folder ? -1 : a.folder > b.folder ? 1 : 0;
}
