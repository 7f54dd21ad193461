/** The gate on a terminal, in at most 80 columns. */
import { COLUMNS_MAX, paintFor } from '../render/columns.ts';
import {
  basisWords,
  eventCells,
  KNEE_HEADS,
  kneeCells,
  noteLines,
  ratioCells,
  sideName,
  verdictWord,
  wallClockCells,
} from './rows.ts';
import type { GateFile } from './schema.ts';

/** Of the first column, then those of the others. */
const RATIO_WIDTHS = [19, 9, 10, 9, 19, 7, 6];
const EVENT_WIDTHS = [22, 10, 10, 16, 10];

/**
 * Ends with a line break. The words say what the colours say.
 *
 * @param stream where it will stand: whether there are colours is this one's affair.
 */
export function gateTable(gate: GateFile, stream: NodeJS.WritableStream = process.stdout): string {
  const paint = paintFor(stream);
  const heading = (cells: readonly string[], widths: readonly number[]) => paint('bold', line(cells, widths));
  const { measures, events, wallClock, knee, night, candidate, base } = gate;
  const lines = [
    ...wrapped(`Gate on ${night}: ${sideName(candidate)} against ${sideName(base)}`, ''),
    '',
    heading(['Costs', 'base', 'candidate', 'change', 'interval', 'seen', ''], RATIO_WIDTHS),
    ...measures.map((row) => line(ratioCells(row), RATIO_WIDTHS)),
    '',
    heading(['Runs with', 'base', 'candidate', 'seen', ''], EVENT_WIDTHS),
    ...events.map((row) => line(eventCells(row), EVENT_WIDTHS)),
  ];
  if (wallClock.length > 0) {
    lines.push('', heading(['Shown, not judged', 'base', 'candidate', 'change', 'interval'], RATIO_WIDTHS));
    lines.push(...wallClock.map((row) => line(wallClockCells(row), RATIO_WIDTHS)));
  }
  if (knee !== null) {
    lines.push('', heading(KNEE_HEADS, EVENT_WIDTHS), line(kneeCells(knee), EVENT_WIDTHS));
  }
  lines.push('', ...wrapped(basisWords(gate), ''));
  for (const note of noteLines(gate)) lines.push(...wrapped(note, '  '));
  lines.push('', paint(colourOf(gate), verdictWord(gate)));
  for (const reason of gate.verdict.reasons) lines.push(...wrapped(reason, '  '));
  return `${lines.join('\n')}\n`;
}

function colourOf({ verdict }: GateFile): 'red' | 'green' | 'yellow' {
  if (verdict.result === 'regression') return 'red';
  return verdict.result === 'void' ? 'yellow' : 'green';
}

/** The first cell to the left and the others to the right; a long first cell is cut, a figure never. */
function line(cells: readonly string[], widths: readonly number[]): string {
  const [first, ...others] = cells;
  const head = first!.length < widths[0]! ? first! : `${first!.slice(0, widths[0]! - 2)}…`;
  return others
    .reduce((text, cell, nth) => text + fitted(cell, widths[nth + 1]!), head.padEnd(widths[0]!))
    .trimEnd();
}

function fitted(cell: string, width: number): string {
  return ` ${cell}`.slice(0, Math.max(width, cell.length + 1)).padStart(width);
}

/** Breaks a sentence at the width, with the following lines set in; a word that is too long is cut into pieces. */
function wrapped(text: string, indent: string): string[] {
  const width = COLUMNS_MAX - indent.length - 2;
  const words = text
    .replaceAll(/\p{Cc}/gu, ' ')
    .split(' ')
    .flatMap((word) => word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? []);
  const lines: string[] = [];
  let current = '';
  for (const word of words) {
    if (current === '') current = word;
    else if (current.length + word.length + 1 > width) {
      lines.push(current);
      current = word;
    } else current += ` ${word}`;
  }
  return [...lines, current].map((one, nth) => `${indent}${nth === 0 ? '' : '  '}${one}`);
}
