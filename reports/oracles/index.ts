/**
 * The oracles: checks with a name each that a run's log has no sign of an admission control that lies. One SQL file each;
 * its head comment is the definition. They run on every run and report; the objectives judge.
 */
import { readFileSync } from 'node:fs';
import type { Row } from '../measures/index.ts';
import { sectionOf } from '../sql-comment.ts';
import type { RunStore } from '../store/open-run.ts';

/** Every oracle, in the order in which they are shown. */
export const ORACLES = [
  'over-admission',
  'fifo-inversions',
  'estimated-wait',
  'seats-leaked',
  'ghosts',
  'tickets-replayed',
  'waiting-and-seated',
  'people-lost',
  'views-agree',
] as const;
export type OracleName = (typeof ORACLES)[number];

/** The one row of each oracle as it comes out of its query; `findings.ts` says what it means. */
export type OracleRows = { readonly [name in OracleName]: Row };

/** Asks every oracle. The shared tables of the measures must have been built in the store before. */
export async function askOracles(store: RunStore): Promise<OracleRows> {
  const rows = new Map<OracleName, Row>();
  for (const name of ORACLES) {
    try {
      const [row] = await store.query(readSql(name));
      rows.set(name, row!);
    } catch (error) {
      throw new Error(`reports/oracles/${name}.sql cannot be computed`, { cause: error });
    }
  }
  return Object.fromEntries(rows) as OracleRows;
}

/** The reference page: every definition, from the comments of the SQL files. */
export function oraclesMarkdown(): string {
  const intro = [
    '# Checks of the admission control',
    '',
    'Made by `npm run docs` from the comments of `reports/oracles/*.sql`. Each check runs on every run; what it found is',
    'in the `oracles` of `summary.json`, in the report and in the notes of the verdict. A check only reports: an objective',
    'on the figure of the same name under `admission` makes it decide.',
  ];
  const sections = ORACLES.map((name) => sectionOf(readSql(name), `reports/oracles/${name}.sql`));
  return `${[...intro, '', ...sections].join('\n').trimEnd()}\n`;
}

function readSql(name: OracleName): string {
  return readFileSync(new URL(`${name}.sql`, import.meta.url), 'utf8');
}
