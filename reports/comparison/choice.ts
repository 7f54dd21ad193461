/** What to choose and what it costs, said only as far as the intervals carry. */
import { PAIRS_MIN } from './paired.ts';
import type { Difference, MeasureCompared, PoliciesCompared } from './schema.ts';
import { intervalText, signed } from './words.ts';

type Found = Omit<PoliciesCompared, 'choice'>;
type Judged = { readonly measure: MeasureCompared; readonly difference: Difference };

export function discriminationSentence(probe: 'pass' | 'fail' | null): string {
  if (probe === 'fail') return 'This night discriminates: open fails it.';
  if (probe === 'pass') return 'This night does not discriminate: open passes it. No policy is ranked by it.';
  return 'Whether this night discriminates is not known: open was not measured on it. No policy is ranked by it.';
}

/** One sentence for each policy that can be told from the reference; empty where none can. */
export function choose(found: Found): string[] {
  const chosen: string[] = [];
  const sentences: string[] = [];
  for (const policy of found.policies.slice(1)) {
    const judged = found.measures.flatMap((measure): Judged[] => {
      const difference = measure.differences.find((one) => one.policy === policy)!;
      return difference.better === null || difference.pairs < PAIRS_MIN ? [] : [{ measure, difference }];
    });
    const deciding = judged.filter(({ measure }) => measure.decides);
    const gains = deciding.filter(({ difference }) => difference.better);
    const losses = deciding.filter(({ difference }) => !difference.better);
    const costs = judged.filter(({ measure, difference }) => !measure.decides && !difference.better);
    if (gains.length > 0 && losses.length === 0) {
      chosen.push(policy);
      sentences.push(
        `${policy} rather than ${found.reference}: ${told(gains)}. ` +
          (costs.length > 0 ? `It costs: ${told(costs)}.` : 'No cost of it was seen.'),
      );
    } else if (gains.length > 0) {
      sentences.push(
        `${policy} against ${found.reference} is a trade: ${told(gains)}; but ${told(losses)}. Which weighs more is yours to say.`,
      );
    } else if (losses.length > 0) {
      sentences.push(`${found.reference} rather than ${policy}: with ${policy}, ${told(losses)}.`);
    }
  }
  if (chosen.length > 1) {
    sentences.push(
      `Between ${chosen.join(' and ')} this does not decide: each was compared with ${found.reference}, not with each other.`,
    );
  }
  return sentences;
}

function told(judged: readonly Judged[]): string {
  return judged
    .map(
      ({ measure: { title, unit }, difference }) =>
        `${title.charAt(0).toLowerCase()}${title.slice(1)} ${signed(difference.mean!, unit)} (${intervalText(difference.interval, unit)})`,
    )
    .join(', ');
}
