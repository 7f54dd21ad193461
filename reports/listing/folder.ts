/** A folder that is to be listed, and how its files are read: of each only what a line of the list says. */
import path from 'node:path';
import { z } from 'zod';
import { RoomrushError } from '../../errors.ts';
import { readOwn } from '../store/run-folder.ts';
import { type Kind, type Listed, NOTHING_KNOWN } from './listed.ts';

export type Folder = {
  readonly dir: string;
  /** From the listed folder, with slashes. */
  readonly folder: string;
  /** What lies in it. */
  readonly names: readonly string[];
};

/** @throws UsageError saying what is wrong with the file. */
export function readLoosely<Value>(
  { dir }: Folder,
  name: string,
  schema: z.ZodType<Value>,
  what: string,
): Value {
  return readOwn(dir, name, schema, what);
}

/** The first of these files that is there, as the list links to it. */
export function pageOf({ folder, names }: Folder, ...wanted: readonly string[]): string | null {
  const found = wanted.find((name) => names.includes(name));
  return found === undefined ? null : path.posix.join(folder, found);
}

/** The only value, or null where there are several. */
export function only<Value>(values: readonly Value[]): Value | null {
  return new Set(values).size === 1 ? values[0]! : null;
}

/** One folder that cannot be read is a line of the list, and not the end of it. */
export function orDamaged(kind: Kind, folder: Folder, list: () => Listed): Listed {
  try {
    return list();
  } catch (error) {
    if (!(error instanceof RoomrushError)) throw error;
    return {
      ...NOTHING_KNOWN,
      kind,
      folder: folder.folder,
      verdict: 'damaged',
      reasons: [error.message],
      isDamaged: true,
      page: pageOf(folder, 'report.html'),
    };
  }
}

export const resultSchema = z.enum(['pass', 'fail', 'void']);
/** What is needed to name a build. */
export const buildShape = {
  profile: z.string(),
  policy: z.string(),
  features: z.record(z.string(), z.string()),
  target: z.string().nullable(),
} as const;
