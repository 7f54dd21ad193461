/** The part of a report about policies that met the same crowds: differences, with as much as the pairs allow. */
import type { MeasureCompared, PoliciesCompared } from '../comparison/schema.ts';
import {
  absentWords,
  basisSentences,
  directionWords,
  findingWords,
  intervalText,
  signed,
} from '../comparison/words.ts';
import { format, NONE } from './format.ts';
import { type Html, html } from './html.ts';
import { scrollTable } from './table.ts';

/** @param compared null: nothing was compared, and the section is left out. */
export function policiesSection(compared: PoliciesCompared | null): Html {
  if (compared === null) return html``;
  return html`<section id="policies"><h2>Policies compared</h2>
  ${compared.choice.map((sentence) => html`<p class="lead"><strong>${sentence}</strong></p>`)}
  ${basisSentences(compared).map((sentence) => html`<p>${sentence}</p>`)}
  ${compared.runs.leftOut.map(({ policy, seed, reason }) => html`<p class="note">Left out: ${policy}, seed ${seed} (${reason}).</p>`)}
  ${scrollTable(
    'Policies compared',
    html`<thead><tr><th scope="col">Policy</th><th scope="col" class="number">Mean</th><th scope="col" class="number">Difference</th><th scope="col" class="number">Interval</th><th scope="col" class="number">Sign flips, p</th><th scope="col">Finding</th></tr></thead>
  ${compared.measures.map((measure) => measureBody(measure, compared.reference))}`,
  )}
  <p class="note">A difference of shares is in percentage points (pt). The p value of flipped signs is exact and not corrected: with six pairs it cannot fall below 0.031.</p></section>`;
}

function measureBody(measure: MeasureCompared, reference: string): Html {
  const { title, unit, byPolicy, differences } = measure;
  const notes = [directionWords(measure), absentWords(measure)].filter((words) => words !== '');
  return html`<tbody><tr class="group"><th colspan="6" scope="rowgroup">${[title, ...notes].join(' · ')}</th></tr>${byPolicy.map(
    ({ policy, mean }) => {
      const difference = differences.find((one) => one.policy === policy);
      return html`<tr><th scope="row">${policy}</th><td class="number">${format(mean, unit)}</td>
      <td class="number">${difference?.mean == null ? NONE : signed(difference.mean, unit)}</td>
      <td class="number">${(difference && intervalText(difference.interval, unit)) || NONE}</td>
      <td class="number">${difference?.signFlipP == null ? NONE : String(Number(difference.signFlipP.toFixed(4)))}</td>
      <td>${difference === undefined ? (policy === reference ? 'reference' : '') : findingWords(difference)}</td></tr>`;
    },
  )}</tbody>`;
}
