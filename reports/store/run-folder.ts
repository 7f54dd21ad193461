/**
 * Whether a folder is a run's, and its own files read with what is wrong with them said: not there, half of one, another
 * version's, or of another shape. Folders of other commands look alike from outside, and each has its own way on.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { listIssues, UsageError } from '../../errors.ts';

/** What else lies in runs/, by the file that only it has, and what to do with it. */
const OTHER_FOLDERS: readonly { readonly file: string; readonly is: string; readonly hint: string }[] = [
  {
    file: 'comparison.json',
    is: "a comparison's",
    hint: 'its report is report.html in it; to measure its runs again: roomrush report <the folders in it>',
  },
  {
    file: 'gate.json',
    is: "a gate's",
    hint: 'what it found is in gate.json and summary.md in it; to go on with it: roomrush gate --resume <folder>',
  },
  {
    file: 'capacity.json',
    is: "a search for the capacity's",
    hint: 'what it found is in capacity.json in it; to go on with it: roomrush capacity --resume <folder>',
  },
  {
    file: 'study.json',
    is: "a study's",
    hint: 'what it found is in study.json in it; its runs are in the folders below it',
  },
];

/** @throws UsageError when the folder is not a run's, saying whose it is where that can be told. */
export function requireRunFolder(runDir: string): void {
  const names = namesIn(runDir);
  if (names.includes('run.json')) return;
  const hint = 'give the folder of a run, as roomrush run printed it; runs lie in runs/';
  const other = OTHER_FOLDERS.find(({ file }) => names.includes(file));
  if (other !== undefined) {
    throw new UsageError(
      'other-folder',
      `expected the folder of a run, but ${runDir} is ${other.is}`,
      other.hint,
    );
  }
  const holds = names.length === 0 ? 'it is empty' : 'there is no run.json in it';
  throw new UsageError('no-run', `expected the folder of a run, but ${runDir} is none: ${holds}`, hint);
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    throw new UsageError(
      'no-run',
      `expected the folder of a run, but ${dir} cannot be read: ${(error as Error).message}`,
      'give the folder of a run, as roomrush run printed it; runs lie in runs/',
    );
  }
}

/** The command that makes what is made from a run's log. */
export function measureAgain(runDir: string): string {
  return `roomrush report ${runDir}`;
}

/**
 * Reads one of a run's own JSON files.
 *
 * @param what the file is, as in "is not <what>".
 * @param hint what to do where the shape is wrong: for a file that is made from others, to make it again.
 * @throws UsageError naming the file and what is wrong with it.
 */
export function readOwn<Value>(
  runDir: string,
  name: string,
  schema: z.ZodType<Value>,
  what: string,
  hint = 'it was written by another version of roomrush: play the night again',
): Value {
  const file = path.join(runDir, name);
  const content = readJson(file);
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const found = tagged.safeParse(content).data?.schema;
  const tag = parsed.error.issues.find((issue) => issue.path.join() === 'schema');
  if (found !== undefined && tag?.code === 'invalid_value') {
    throw new UsageError(
      'other-version',
      `${file} is ${found}, and this version of roomrush reads ${tag.values.join(', ')}`,
      hint,
    );
  }
  throw new UsageError(
    `bad-${name.replace(/\.json$/, '')}`,
    `${file} is not ${what}:\n${listIssues(parsed.error.issues)}`,
    hint,
  );
}

/** What a file says that it is: `roomrush/run@1`. */
const tagged = z.object({ schema: z.string().regex(/^roomrush\/[a-z-]+@\d+$/) });

/** @throws UsageError naming the file when it is missing or is not JSON. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is no JSON, or half of it' : 'it cannot be read';
    throw new UsageError(
      'unreadable-run',
      `expected a run's file ${file}, but ${why}: ${(error as Error).message}`,
      'another file of its kind cannot be made from it: take it from a copy, or play the night again',
    );
  }
}
