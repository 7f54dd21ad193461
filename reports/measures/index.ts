/**
 * The measures: one SQL file each, run over the store of a run. What a measure means stands in the comment at the
 * head of its file, and `docs/reference/measures.md` is made of these comments. `base/` holds the tables that several
 * measures share; they are built first, in the order of their names.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { sectionOf } from '../sql-comment.ts';
import type { RunStore } from '../store/open-run.ts';

const FOLDER = new URL('./', import.meta.url);

/** Rows of each measure as they come out of its query; `summary.ts` gives them their shape. */
export type Measured = {
  readonly [name in MeasureName]: readonly Row[];
};
export type Row = Readonly<Record<string, unknown>>;

/** Every measure, in the order of the reference page. */
export const MEASURES = [
  'crowd',
  'join-latency',
  'join-phases',
  'join-cohorts',
  'join-cohort-phases',
  'join-curve',
  'latency-by-second',
  'ejections',
  'ejections-by-cause',
  'losses-by-second',
  'stranded',
  'origins',
  'overflow',
  'incumbents',
  'inside-by-second',
  'admission',
  'fairness',
  'goodput',
  'recovery',
  'parallel',
  'browsers',
  'server-cost',
  'unit-cost',
  'generator-cost',
  'troubles',
  'kernel',
  'completeness',
  'timeline',
  'parallel-by-second',
  'load',
] as const;
export type MeasureName = (typeof MEASURES)[number];

/** Runs every measure. Builds the shared tables first, so a store is measured once. */
export async function measure(store: RunStore): Promise<Measured> {
  await shareTables(store);
  const measured = new Map<MeasureName, readonly Row[]>();
  for (const name of MEASURES) measured.set(name, await query(store, `${name}.sql`));
  return Object.fromEntries(measured) as Measured;
}

/** Builds the tables that measures share: once a store. */
export async function shareTables(store: RunStore): Promise<void> {
  for (const base of baseFiles()) await query(store, base);
}

/** Defines the windows in which costs are read (`base/80-cost-windows.sql`) for a store that is not measured otherwise. */
export async function shareCostWindows(store: RunStore): Promise<void> {
  await query(store, 'base/80-cost-windows.sql');
}

async function query(store: RunStore, file: string): Promise<readonly Row[]> {
  try {
    return await store.query(readSql(file));
  } catch (error) {
    throw new Error(`reports/measures/${file} cannot be computed`, { cause: error });
  }
}

/** The reference page: every definition, from the comments of the SQL files. */
export function measuresMarkdown(): string {
  const intro = [
    '# Measures',
    '',
    'Made by `npm run docs` from the comments of `reports/measures/*.sql`. Every number in a summary, a verdict or a',
    'report is one of these, a query over the event log; field names are those of `summary.json`.',
  ];
  const shared = baseFiles().map((file) => section(file));
  const measures = MEASURES.map((name) => section(`${name}.sql`));
  return `${[...intro, '', '# Shared definitions', '', ...shared, '# The measures', '', ...measures].join('\n').trimEnd()}\n`;
}

function section(file: string): string {
  return sectionOf(readSql(file), `reports/measures/${file}`);
}

function baseFiles(): string[] {
  return readdirSync(new URL('base/', FOLDER))
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => `base/${name}`);
}

function readSql(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}
