/** Policies compared, on a terminal: a block a measure, a line a policy, in at most 96 columns. */
import { styleText } from 'node:util';
import type { MeasureCompared, PoliciesCompared } from '../comparison/schema.ts';
import {
  absentWords,
  basisSentences,
  directionWords,
  findingWords,
  intervalText,
  signed,
} from '../comparison/words.ts';
import { format } from './format.ts';

const COLUMNS_MAX = 96;
const POLICY_WIDTH = 17;
const FIGURE_WIDTH = 11;
const INTERVAL_WIDTH = 26;

/** Ends with a line break. Colours only on a terminal, and not with NO_COLOR. */
export function policiesTable(compared: PoliciesCompared): string {
  const lines = ['', ...compared.measures.flatMap((measure) => blockOf(measure, compared.reference)), ''];
  lines.push(
    ...compared.verdicts.map(({ policy, pass, fail }) =>
      fit(`  ${policy.padEnd(POLICY_WIDTH)} all objectives held in ${pass} of ${pass + fail} runs`),
    ),
  );
  const sentences = [
    ...basisSentences(compared),
    ...compared.runs.leftOut.map(
      ({ policy, seed, reason }) => `left out: ${policy}, seed ${seed} (${reason})`,
    ),
    ...compared.choice,
  ];
  lines.push(...sentences.flatMap(wrapped));
  return `${lines.join('\n')}\n`;
}

function blockOf(measure: MeasureCompared, reference: string): string[] {
  const { title, unit, byPolicy, differences } = measure;
  const direction = directionWords(measure);
  const absent = absentWords(measure);
  return [
    styleText('bold', fit(direction === '' ? title : `${title} (${direction})`)),
    ...byPolicy.map(({ policy, mean }) => {
      const head = `  ${policy.slice(0, POLICY_WIDTH).padEnd(POLICY_WIDTH)}${format(mean, unit).padStart(FIGURE_WIDTH)}`;
      const difference = differences.find((one) => one.policy === policy);
      if (difference === undefined) return policy === reference ? `${head}  reference` : head;
      const by = difference.mean === null ? '' : signed(difference.mean, unit);
      const interval = intervalText(difference.interval, unit);
      return fit(
        `${head} ${by.padStart(FIGURE_WIDTH)}  ${interval.padEnd(INTERVAL_WIDTH)} ${findingWords(difference)}`,
      );
    }),
    ...(absent === '' ? [] : wrapped(absent).map((line) => styleText('dim', line))),
  ];
}

function fit(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.length <= COLUMNS_MAX ? trimmed : `${trimmed.slice(0, COLUMNS_MAX - 1)}…`;
}

/** Breaks a sentence at the width, with the following lines set in. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + word.length + 1 > COLUMNS_MAX - 2) {
      lines.push(current);
      current = `  ${word}`;
    } else current += current === '' ? `  ${word}` : ` ${word}`;
  }
  return [...lines, current];
}
