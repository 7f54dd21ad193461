/** Policies compared, on a terminal: a block a measure, a line a policy, in at most 80 columns. */
import type { MeasureCompared, PoliciesCompared } from '../comparison/schema.ts';
import {
  absentWords,
  basisSentences,
  directionWords,
  findingWords,
  intervalText,
  signed,
} from '../comparison/words.ts';
import { COLUMNS_MAX, leftCell, type Paint, paintFor, rightCell, widthOf, wrap } from './columns.ts';
import { format } from './format.ts';

const POLICY_WIDTH = 16;
const FIGURE_WIDTH = 12;
const INTERVAL_WIDTH = 20;

/**
 * Ends with a line break. The words say what the colours say.
 *
 * @param stream where it will stand: whether there are colours is this one's affair.
 */
export function policiesTable(
  compared: PoliciesCompared,
  stream: NodeJS.WritableStream = process.stdout,
): string {
  const paint = paintFor(stream);
  const lines = [
    '',
    ...compared.measures.flatMap((measure) => blockOf(measure, compared.reference, paint)),
    '',
  ];
  lines.push(
    ...compared.verdicts.map(
      ({ policy, pass, fail }) =>
        `  ${leftCell(policy, POLICY_WIDTH)} all objectives held in ${pass} of ${pass + fail} runs`,
    ),
  );
  const sentences = [
    ...basisSentences(compared),
    ...compared.runs.leftOut.map(
      ({ policy, seed, reason }) => `left out: ${policy}, seed ${seed} (${reason})`,
    ),
    ...compared.choice,
  ];
  lines.push(...sentences.flatMap(sentence));
  return `${lines.join('\n')}\n`;
}

function blockOf(measure: MeasureCompared, reference: string, paint: Paint): string[] {
  const { title, unit, byPolicy, differences } = measure;
  const direction = directionWords(measure);
  const absent = absentWords(measure);
  const head = wrap(direction === '' ? title : `${title} (${direction})`, COLUMNS_MAX);
  return [
    ...head.map((line) => paint('bold', line)),
    ...byPolicy.flatMap(({ policy, mean }) => {
      const figures = `  ${leftCell(policy, POLICY_WIDTH)}${rightCell(format(mean, unit), FIGURE_WIDTH)}`;
      const difference = differences.find((one) => one.policy === policy);
      if (difference === undefined) return policy === reference ? `${figures}  reference` : figures;
      const by = difference.mean === null ? '' : signed(difference.mean, unit);
      const interval = intervalText(difference.interval, unit);
      return beside(
        `${figures}${rightCell(by, FIGURE_WIDTH)}`,
        // Where there is no interval, its place is the finding's too.
        interval === '' ? '' : interval.padEnd(INTERVAL_WIDTH),
        findingWords(difference),
      );
    }),
    ...(absent === '' ? [] : sentence(absent).map((line) => paint('dim', line))),
  ];
}

/** What was found is never cut: where the figures leave no room for it, it has a line of its own. */
function beside(figures: string, interval: string, finding: string): string[] {
  const known = interval === '' ? figures : `${figures}  ${interval}`;
  const line = `${known}${interval === '' ? '  ' : ' '}${finding}`;
  if (widthOf(line) <= COLUMNS_MAX) return [line];
  return [known.trimEnd(), `${' '.repeat(2 + POLICY_WIDTH + FIGURE_WIDTH)}  ${finding}`];
}

function sentence(text: string): string[] {
  return wrap(text, COLUMNS_MAX, '  ', '  ');
}
