/** The final table on a terminal: runs side by side, objectives and reasons, in at most 96 columns. */
import { styleText } from 'node:util';
import type { ObjectiveResult, Summary } from '../summary-schema.ts';
import { cellText } from './cell.ts';
import { format, NONE } from './format.ts';
import { measureGroups } from './measure-rows.ts';
import { objectiveNotes, storyHint } from './objectives.ts';
import { oracleWord } from './oracles.ts';
import { namesOf } from './run-to-show.ts';

const LABEL_WIDTH = 36;
const COLUMN_WIDTH = 20;
/** More runs than fit in 96 columns go below each other. */
const COLUMNS_MAX = 3;

/** A table of one or several runs, ending with a line break. Colours only on a terminal, and not with NO_COLOR. */
export function terminalTable(summaries: readonly Summary[]): string {
  const names = namesOf(summaries);
  const blocks: string[] = [];
  for (let from = 0; from < summaries.length; from += COLUMNS_MAX) {
    const to = from + COLUMNS_MAX;
    blocks.push(tableOf(summaries.slice(from, to), names.slice(from, to)));
  }
  return `\n${blocks.join('\n')}\n${summaries.map((summary, nth) => verdictOf(summary, names[nth]!)).join('\n')}`;
}

function tableOf(summaries: readonly Summary[], names: readonly string[]): string {
  const lines = [
    line(
      '',
      names.map((name) => cut(name, COLUMN_WIDTH - 2)),
    ),
  ];
  const verdicts = summaries.map(({ verdict }) => verdict.result.toUpperCase());
  lines.push(
    line('Verdict', verdicts, (text, nth) => styleText(COLOUR[summaries[nth]!.verdict.result], text)),
    line('Checks of the admission control', summaries.map(oracleWord)),
  );
  for (const { title, rows } of measureGroups(summaries)) {
    const shown = rows.filter(({ short }) => short);
    if (shown.length === 0) continue;
    lines.push(styleText('dim', cut(title, LABEL_WIDTH + COLUMN_WIDTH * summaries.length)));
    for (const { path, label, unit } of shown) {
      lines.push(
        line(
          `  ${label}`,
          summaries.map((summary) => cellText(summary, path, unit)),
        ),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const COLOUR = { pass: 'green', fail: 'red', void: 'yellow' } as const;

function verdictOf({ verdict }: Summary, name: string): string {
  const lines = [`${name}: ${styleText(COLOUR[verdict.result], verdict.result.toUpperCase())}`];
  for (const objective of verdict.objectives) {
    lines.push(objectiveLine(objective), ...objectiveNotes(objective).map((note) => `    ${cut(note, 92)}`));
  }
  const hint = storyHint(verdict.objectives);
  if (hint !== null) lines.push(wrapped(`the worst one's night: ${hint}`));
  if (verdict.result === 'void') lines.push(...verdict.reasons.map((reason) => wrapped(`void: ${reason}`)));
  lines.push(...verdict.notes.map((note) => wrapped(`note: ${note}`)));
  return `${lines.join('\n')}\n`;
}

function objectiveLine(objective: ObjectiveResult): string {
  const { pass, title, measured, op, limit, unit, reason } = objective;
  const mark = pass === null ? '  -' : pass ? styleText('green', ' ok') : styleText('red', ' no');
  const figure =
    measured === null ? (reason ?? NONE) : `${format(measured, unit)} (${op} ${format(limit, unit)})`;
  return `${mark} ${cut(title, 55).padEnd(56)}${cut(figure, 36)}`;
}

function line(
  label: string,
  cells: readonly string[],
  style: (text: string, nth: number) => string = (text) => text,
): string {
  const right = cells.map((cell, nth) => style(cell.padStart(COLUMN_WIDTH), nth));
  return `${cut(label, LABEL_WIDTH).padEnd(LABEL_WIDTH)}${right.join('')}`.trimEnd();
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Breaks a sentence at 92 columns, with the following lines set in. */
function wrapped(text: string): string {
  const lines: string[] = [];
  let current = '   ';
  for (const word of text.split(' ')) {
    if (current.length + word.length + 1 > 92) {
      lines.push(current);
      current = '       ';
    }
    current += ` ${word}`;
  }
  return [...lines, current].join('\n');
}
