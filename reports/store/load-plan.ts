/** The crowd's file into the table `plan`. A plan that is cut off is refused: half a number is still a number. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../errors.ts';
import { firstLine, type Query, quoted } from './load-log.ts';
import { PLAN_COLUMNS } from './plan-file.ts';

const HINT = 'give the folder of a run; a plan that was damaged is nowhere else: play the night again';

const COLUMN_TYPES: Readonly<Record<(typeof PLAN_COLUMNS)[number], string>> = {
  person_id: 'BIGINT',
  intended_ms: 'DOUBLE',
  cohort: 'VARCHAR',
  body: 'VARCHAR',
  counted: 'BOOLEAN',
  stay_ms: 'DOUBLE',
  origin: 'VARCHAR',
  name: 'VARCHAR',
};
/** A plan of an earlier version ends here: what it lacks is null. */
const COLUMNS_AT_LEAST = PLAN_COLUMNS.indexOf('origin');

/** @throws UsageError when there is no plan, or it is damaged. */
export async function loadPlan(query: Query, runDir: string): Promise<void> {
  const file = path.join(runDir, 'plan.csv');
  checkPlan(file);
  const columns = PLAN_COLUMNS.map((name) => `'${name}': '${COLUMN_TYPES[name]}'`).join(', ');
  try {
    await query(
      `CREATE TABLE plan AS SELECT * FROM read_csv(${quoted(file)}, header = true, auto_detect = false, delim = ',',
        quote = '"', escape = '"', allow_quoted_nulls = false, parallel = false, null_padding = true,
        columns = {${columns}})`,
    );
  } catch (error) {
    throw new UsageError('bad-plan', `${file} is not the plan of a crowd: ${firstLine(error)}`, HINT);
  }
  const [bad] = await query(
    `SELECT count(*) AS bad FROM plan WHERE person_id IS NULL OR intended_ms IS NULL OR cohort IS NULL OR body IS NULL`,
  );
  if (Number(bad?.['bad']) > 0) {
    throw new UsageError('bad-plan', `${file} has ${bad?.['bad']} lines that are nobody`, HINT);
  }
}

function checkPlan(file: string): void {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError('no-plan', `expected the crowd in ${file}: ${(error as Error).message}`, HINT);
  }
  const header = text.slice(0, Math.max(0, text.indexOf('\n')));
  const found = header.split(',');
  if (found.length < COLUMNS_AT_LEAST || found.some((name, nth) => name !== PLAN_COLUMNS[nth])) {
    throw new UsageError(
      'bad-plan',
      `expected the columns ${PLAN_COLUMNS.join()} in ${file}, found '${header.slice(0, 200)}'`,
      HINT,
    );
  }
  if (!text.endsWith('\n')) throw new UsageError('bad-plan', `${file} is cut off in its last line`, HINT);
}
