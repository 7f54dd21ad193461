/** The final table on a terminal: runs side by side, what was promised and what held, in at most 80 columns. */
import type { Summary } from '../summary-schema.ts';
import { cellText } from './cell.ts';
import { COLUMNS_MAX, type Paint, paintFor, row, type Style, type Widths, wrap } from './columns.ts';
import { measureGroups } from './measure-rows.ts';
import { objectiveNotes, storyHint } from './objectives.ts';
import { objectivesOfOne, objectivesSideBySide } from './objectives-terminal.ts';
import { oracleWord } from './oracles.ts';
import { namesOf } from './run-to-show.ts';

/** More runs than fit go below each other. */
const RUNS_BESIDE = 3;

/** By how many runs there are. */
const WIDTHS: Readonly<Record<number, Widths>> = {
  1: { label: 44, run: 20 },
  2: { label: 40, run: 20 },
  3: { label: 29, run: 17 },
};

const COLOUR = { pass: 'green', fail: 'red', void: 'yellow' } as const;

/**
 * A table of one or several runs, ending with a line break. The words say what the colours say.
 *
 * @param stream where it will stand: whether there are colours is this one's affair.
 */
export function terminalTable(
  summaries: readonly Summary[],
  stream: NodeJS.WritableStream = process.stdout,
): string {
  const paint = paintFor(stream);
  const names = namesOf(summaries);
  const blocks: string[][] = [];
  for (let from = 0; from < summaries.length; from += RUNS_BESIDE) {
    const to = from + RUNS_BESIDE;
    blocks.push(blockOf(summaries.slice(from, to), names.slice(from, to), paint));
  }
  const verdicts = summaries.map((summary, nth) =>
    verdictOf(summary, names[nth]!, summaries.length === 1, paint),
  );
  return [...blocks, ...verdicts].map((lines) => `\n${lines.join('\n')}\n`).join('');
}

function blockOf(summaries: readonly Summary[], names: readonly string[], paint: Paint): string[] {
  const widths = WIDTHS[summaries.length]!;
  const lines = [
    ...heads(names, widths),
    ...row(
      'Verdict',
      summaries.map(({ verdict }) => verdict.result.toUpperCase()),
      widths,
      (text, nth) => paint(COLOUR[summaries[nth]!.verdict.result], text),
    ),
    ...row('Checks of the admission control', summaries.map(oracleWord), widths),
  ];
  for (const { title, rows } of measureGroups(summaries)) {
    const shown = rows.filter(({ short }) => short);
    if (shown.length === 0) continue;
    lines.push(...wrap(title, COLUMNS_MAX).map((line) => paint('dim', line)));
    for (const { path, label, unit } of shown) {
      const cells = summaries.map((summary) => cellText(summary, path, unit));
      lines.push(...row(label, cells, widths, undefined, '  '));
    }
  }
  lines.push('', ...(summaries.length === 1 ? objectivesOfOne(summaries[0]!.verdict.objectives, paint) : []));
  if (summaries.length > 1) lines.push(...objectivesSideBySide(summaries, widths, paint));
  return lines;
}

/** Names of runs over their columns, each in as many lines as it takes: cut, two of them might look the same. */
function heads(names: readonly string[], widths: Widths): string[] {
  const wrapped = names.map((name) => wrap(name, widths.run - 1));
  const height = Math.max(...wrapped.map(({ length }) => length));
  return Array.from({ length: height }, (_, nth) =>
    row(
      '',
      wrapped.map((lines) => lines[nth] ?? ''),
      widths,
    ),
  ).flat();
}

function verdictOf({ verdict }: Summary, name: string, isAlone: boolean, paint: Paint): string[] {
  const style: Style = COLOUR[verdict.result];
  const lines = wrap(`${name}: ${verdict.result.toUpperCase()}`, COLUMNS_MAX).map((line) =>
    paint(style, line),
  );
  const say = (text: string) => lines.push(...wrap(text, COLUMNS_MAX, '  ', '      '));
  if (!isAlone) {
    for (const objective of verdict.objectives) {
      const notes = objectiveNotes(objective);
      if (notes.length > 0) say(`${objective.title}: ${notes.join('; ')}`);
    }
  }
  const hint = storyHint(verdict.objectives);
  if (hint !== null) say(`the worst one's night: ${hint}`);
  if (verdict.result === 'void') for (const reason of verdict.reasons) say(`void: ${reason}`);
  for (const note of verdict.notes) say(`note: ${note}`);
  return lines;
}
