/** The gate as Markdown, for the job summary of a CI system or a comment on a change. */
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

const MARKS = { regression: '❌', 'no regression seen': '✅', void: '⚠️' } as const;

export function gateMarkdown(gate: GateFile): string {
  const { measures, events, wallClock, knee, verdict } = gate;
  return [
    `## ${MARKS[verdict.result]} Gate on ${markdownText(gate.night)}: ${verdictWord(gate)}`,
    '',
    `${markdownText(sideName(gate.candidate))} against ${markdownText(sideName(gate.base))}.`,
    '',
    ...verdict.reasons.map((reason) => `- ${markdownText(reason)}`),
    '',
    ...markdownTable(
      ['Cost', 'base', 'candidate', 'change', 'interval', 'would be seen', ''],
      measures.map(ratioCells),
    ),
    '',
    ...markdownTable(['Runs with', 'base', 'candidate', 'would be seen', ''], events.map(eventCells)),
    '',
    ...(knee === null ? [] : [...markdownTable(KNEE_HEADS, [kneeCells(knee)]), '']),
    '<details><summary>Wall clock (shown, not judged) and basis</summary>',
    '',
    ...markdownTable(['', 'base', 'candidate', 'change', 'interval'], wallClock.map(wallClockCells)),
    '',
    markdownText(basisWords(gate)),
    '',
    ...noteLines(gate).map((note) => `- ${markdownText(note)}`),
    '',
    '</details>',
    '',
  ].join('\n');
}

/** A table with its figures to the right; cells are escaped. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
  return [
    line(heads),
    `|${heads.map((_, nth) => (nth === 0 ? '---|' : '---:|')).join('')}`,
    ...rows.map(line),
  ];
}

/** Names of branches and commands come from outside: nothing in them may be markup, a mention or a new row. */
function markdownText(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/[\\`*_[\]|~#]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;');
}
