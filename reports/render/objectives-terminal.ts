/** What was promised and what held, as lines of a terminal: one run with all that is known, several side by side. */
import type { ObjectiveResult, Summary } from '../summary-schema.ts';
import { COLUMNS_MAX, leftCell, type Paint, rightCell, row, type Widths, widthOf, wrap } from './columns.ts';
import { format, NONE } from './format.ts';
import { culpritsNote, intervalText } from './objectives.ts';

/** Of the result's column, and what stands under the titles. */
const RESULT = 5;
const INDENT = ' '.repeat(RESULT);
/** Whatever the figures are, this is left for the titles. */
const TITLE_MIN = 24;
const FIGURES_MAX = COLUMNS_MAX - RESULT - TITLE_MIN;

/** One run: each objective with its figure, limit and interval, and below it why, or whom to look at. */
export function objectivesOfOne(objectives: readonly ObjectiveResult[], paint: Paint): string[] {
  if (objectives.length === 0) return [];
  const columns = [
    columnOf('measured', objectives.map(measuredText)),
    columnOf('limit', objectives.map(limitText)),
    columnOf(
      'within this run',
      objectives.map((objective) => intervalText(objective) ?? ''),
    ),
  ].filter(({ cells }) => cells.some((cell) => cell !== ''));
  const whole = columns.reduce((sum, { width }) => sum + width, 0);
  const most = whole <= FIGURES_MAX ? FIGURES_MAX : Math.floor(FIGURES_MAX / columns.length);
  const fitted = columns.map((column) => ({ ...column, width: Math.min(column.width, most) }));
  const titleWidth = COLUMNS_MAX - RESULT - fitted.reduce((sum, { width }) => sum + width, 0);
  const heads = fitted.map(({ head, width }) => rightCell(head, width)).join('');
  return [
    paint('dim', `${INDENT}${leftCell('Objectives', titleWidth)}${heads}`),
    ...objectives.flatMap((objective, nth) => {
      const figures = fitted.map(({ cells, width }) => rightCell(cells[nth]!, width)).join('');
      return linesOf(objective, titleWidth, figures, paint);
    }),
  ];
}

type Column = { readonly head: string; readonly cells: readonly string[]; readonly width: number };

/** As wide as its widest cell, and two columns between them. */
function columnOf(head: string, cells: readonly string[]): Column {
  return { head, cells, width: 2 + Math.max(...[head, ...cells].map(widthOf)) };
}

function linesOf(objective: ObjectiveResult, titleWidth: number, figures: string, paint: Paint): string[] {
  const { title, reason } = objective;
  const [first = '', ...others] = wrap(title, titleWidth);
  const culprits = culpritsNote(objective);
  return [
    `${resultCell(objective, paint)}${leftCell(first, titleWidth)}${figures}`.trimEnd(),
    ...others.map((line) => `${INDENT}${line}`),
    ...[reason, culprits].flatMap((note) =>
      note === null ? [] : wrap(note, COLUMNS_MAX, `${INDENT}  `, `${INDENT}    `),
    ),
  ];
}

/** Several runs: a row an objective, and its limit beside its title. Two of one name and different limits are two. */
export function objectivesSideBySide(summaries: readonly Summary[], widths: Widths, paint: Paint): string[] {
  const labels = new Set(summaries.flatMap(({ verdict }) => verdict.objectives.map(labelOf)));
  if (labels.size === 0) return [];
  const lines = [paint('dim', 'Objectives')];
  for (const label of labels) {
    const found = summaries.map(({ verdict }) => verdict.objectives.find((one) => labelOf(one) === label));
    const cells = found.map((one) => (one === undefined ? NONE : `${wordOf(one)} ${measuredText(one)}`));
    const style = (text: string, nth: number) => {
      const pass = found[nth]?.pass ?? null;
      return pass === null ? text : paint(pass ? 'green' : 'red', text);
    };
    lines.push(...row(label, cells, widths, style, '  '));
  }
  return lines;
}

/** The limit is not broken apart where the label is. */
function labelOf(objective: ObjectiveResult): string {
  return `${objective.title} (${limitText(objective).replaceAll(' ', '\u00a0')})`;
}

function resultCell(objective: ObjectiveResult, paint: Paint): string {
  const cell = leftCell(wordOf(objective), RESULT);
  return objective.pass === null ? cell : paint(objective.pass ? 'green' : 'red', cell);
}

/** What a reader without colours goes by. */
function wordOf({ pass }: ObjectiveResult): string {
  if (pass === null) return NONE;
  return pass ? 'pass' : 'FAIL';
}

/** A quantile that was not reached is another thing than no figure. */
function measuredText({ measured, unit, reason, pass }: ObjectiveResult): string {
  if (measured !== null) return format(measured, unit);
  if (pass === null) return 'not judged';
  return reason?.startsWith('not reached') ? 'not reached' : NONE;
}

function limitText({ op, limit, unit }: ObjectiveResult): string {
  return `${op} ${format(limit, unit)}`;
}
