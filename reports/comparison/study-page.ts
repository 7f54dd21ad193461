/** The page of the study, made of its data: nothing on it is written by hand but what stands around the markers. */
import { format } from '../render/format.ts';
import type { MeasureCompared, PoliciesCompared } from './schema.ts';
import { comparedIn, type Study, type StudyNight } from './study.ts';
import { absentWords, basisSentences, directionWords, findingWords, intervalText, signed } from './words.ts';

const BEGIN = '<!-- made by npm run study: begin -->';
const END = '<!-- made by npm run study: end -->';

/**
 * Puts the study between the markers of a page; a page without them gets both at its end.
 *
 * @param page what the page says now.
 */
export function withStudy(page: string, study: Study): string {
  const made = `${BEGIN}\n\n${studyMarkdown(study)}\n${END}`;
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin === -1 || end < begin) return `${page.trimEnd()}\n\n${made}\n`.trimStart();
  return page.slice(0, begin) + made + page.slice(end + END.length);
}

function studyMarkdown({ measuredAt, machine, versions, nights }: Study): string {
  const parts = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Measured on ${measuredAt}: ${machine.cpuModel}, ${machine.cores} cores, ${format(machine.memoryBytes, 'bytes')}; ${parts.join(', ')}.

${nights.map(nightMarkdown).join('\n')}`;
}

function nightMarkdown(night: StudyNight): string {
  const compared = comparedIn(night);
  const { policies, measures, choice, runs, verdicts } = compared;
  const features = night.features.length === 0 ? "the guarded profile's features" : night.features.join(', ');
  return `## ${night.title} (bound by ${night.bound})

${format(night.people, 'people')} people, ${format(night.seats, 'people')} seats, ${format(night.nightMs, 'ms')} a night (scale ${night.scale}, time-scale ${night.timeScale}), ${features}.

${list(basisSentences(compared))}

### What to choose

${list(choice.length > 0 ? choice : ['The data does not say.'])}

### Figures

Means over the runs; below them the difference from ${compared.reference}, with its interval.

| measure | ${policies.join(' | ')} |
| --- | ${policies.map(() => '---').join(' | ')} |
| all objectives held | ${verdicts.map(({ pass, fail }) => `${pass} of ${pass + fail}`).join(' | ')} |
${measures.map((measure) => row(measure, compared)).join('\n')}
${runs.leftOut.length === 0 ? '' : `\nLeft out:\n\n${list(runs.leftOut.map(({ policy, seed, reason }) => `${policy}, seed ${seed}: ${reason}`))}\n`}`;
}

function row(measure: MeasureCompared, { policies }: PoliciesCompared): string {
  const { title, unit, byPolicy, differences } = measure;
  const notes = [directionWords(measure), absentWords(measure)].filter((words) => words !== '');
  const cells = policies.map((policy) => {
    const mean = format(byPolicy.find((one) => one.policy === policy)?.mean, unit);
    const difference = differences.find((one) => one.policy === policy);
    if (difference === undefined) return mean;
    const by = difference.mean === null ? '' : signed(difference.mean, unit);
    const interval = difference.interval === null ? '' : ` (${intervalText(difference.interval, unit)})`;
    return `${mean}<br>${by}${interval}<br>${findingWords(difference)}`;
  });
  return `| ${title}${notes.map((note) => `<br>_${note}_`).join('')} | ${cells.join(' | ')} |`;
}

function list(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${sentence}`).join('\n');
}
