/** Builds laid side by side, on a terminal: each figure that tells them apart, and what to choose; in at most 80 columns. */
import type { BuildDifference, BuildMeasure, BuildsCompared } from '../comparison/builds-schema.ts';
import { buildsBasis, intervalWords, meanWords } from '../comparison/builds-words.ts';
import { signed } from '../comparison/words.ts';
import { COLUMNS_MAX, leftCell, type Paint, paintFor, rightCell, widthOf, wrap } from './columns.ts';

const BUILD_WIDTH = 16;
const FIGURE_WIDTH = 12;
const INTERVAL_WIDTH = 20;

/**
 * Ends with a line break; empty where nothing was compared. The words say what the colours say.
 *
 * @param compared null: there is only one run, or policies were compared.
 * @param stream where it will stand: whether there are colours is this one's affair.
 */
export function differencesTable(
  compared: BuildsCompared | null,
  stream: NodeJS.WritableStream = process.stdout,
): string {
  if (compared === null) return '';
  const paint = paintFor(stream);
  const { choice, notAlike, leftOut, measures, reference } = compared;
  const title = `Differences from ${reference}${notAlike.length > 0 ? ', not like for like' : ''}`;
  const told = measures.filter(isTold);
  const untold = measures.filter((measure) => !isTold(measure)).map((measure) => measure.title);
  const sentences = [
    ...(untold.length === 0 ? [] : [`not told apart, or not judged: ${untold.join('; ')}`]),
    ...buildsBasis(compared),
    ...leftOut.map(({ run, reason }) => `left out: ${run} (${reason})`),
  ];
  const lines = [
    '',
    ...wrap(title, COLUMNS_MAX).map((line) => paint('bold', line)),
    ...notAlike.flatMap((reason) => sentence(`warning: ${reason}`)).map((line) => paint('yellow', line)),
    ...told.flatMap((measure) => blockOf(measure, reference, paint)),
    ...sentences.flatMap(sentence),
    ...choice.flatMap(sentence).map((line) => paint('bold', line)),
  ];
  return `${lines.join('\n')}\n`;
}

/** The page has every figure; here stand those that say something. */
function isTold({ differences }: BuildMeasure): boolean {
  return differences.some(({ finding }) => finding === 'lower' || finding === 'higher');
}

function blockOf(measure: BuildMeasure, reference: string, paint: Paint): string[] {
  const { title, unit, better, byBuild, differences } = measure;
  return [
    ...wrap(better === null ? title : `${title} (${better} is better)`, COLUMNS_MAX, '  ').map((line) =>
      paint('dim', line),
    ),
    ...byBuild.flatMap(({ build, mean }) => {
      // A name that is cut may be another's too.
      const above = widthOf(build) < BUILD_WIDTH ? [] : wrap(build, COLUMNS_MAX, '    ');
      const label = above.length === 0 ? build : '';
      const figure = rightCell(meanWords(measure, mean), FIGURE_WIDTH);
      const head = `    ${leftCell(label, BUILD_WIDTH)}${figure}`;
      const difference = differences.find((one) => one.build === build);
      if (difference === undefined) return [...above, build === reference ? `${head}  reference` : head];
      const by = rightCell(difference.mean === null ? '' : signed(difference.mean, unit), FIGURE_WIDTH);
      const interval = intervalWords(difference.interval, unit);
      return [...above, ...beside(`${head}${by}`, interval, shortFinding(difference))];
    }),
  ];
}

/** What was found is never cut: where the figures leave no room for it, it has a line of its own. */
function beside(figures: string, interval: string, finding: string): string[] {
  // Where there is no interval, its place is the finding's too.
  const known = interval === '' ? figures : `${figures}  ${interval.padEnd(INTERVAL_WIDTH)}`;
  const line = `${known} ${finding}`;
  if (widthOf(line) <= COLUMNS_MAX) return [line];
  return [known.trimEnd(), `${' '.repeat(4 + BUILD_WIDTH + FIGURE_WIDTH)}  ${finding}`];
}

function shortFinding({ finding, better }: BuildDifference): string {
  switch (finding) {
    case 'no-figure':
      return 'no figure';
    case 'no-interval':
      return 'not judged';
    case 'not-told-apart':
      return 'not told apart';
    case 'lower':
    case 'higher':
      return better === null ? 'differs' : better ? 'better' : 'worse';
  }
}

function sentence(text: string): string[] {
  return wrap(text, COLUMNS_MAX, '  ', '    ');
}
