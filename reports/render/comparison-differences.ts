/** The part of a report about builds that were laid side by side: what to choose, and each difference with its interval. */
import type { BuildDifference, BuildMeasure, BuildsCompared } from '../comparison/builds-schema.ts';
import {
  buildFindingWords,
  buildsBasis,
  intervalWords,
  meanWords,
  withinWords,
} from '../comparison/builds-words.ts';
import { signed } from '../comparison/words.ts';
import { NONE } from './format.ts';
import { type Html, html } from './html.ts';
import { scrollTable } from './table.ts';

/** @param compared null: there is nothing to compare, and the section is left out. */
export function differencesSection(compared: BuildsCompared | null): Html {
  if (compared === null) return html``;
  const { choice, notAlike, leftOut, measures } = compared;
  const isAlike = notAlike.length === 0;
  const told = measures.filter(isTold);
  const others = measures.filter((measure) => !isTold(measure));
  const label = `Differences${isAlike ? '' : ', not like for like'}`;
  return html`<section id="differences"><h2>${isAlike ? 'What to choose, and what it costs' : 'Differences, not like for like'}</h2>
  ${choice.map((sentence) => html`<p class="lead"><strong>${sentence}</strong></p>`)}
  ${!isAlike && html`<p>More than the build differs between these runs, so that the build may not be what the figures show:</p><ul class="doubts">${notAlike.map((reason) => html`<li>${reason}</li>`)}</ul>`}
  ${told.length > 0 && differencesTable(label, compared, told)}
  ${
    others.length > 0 &&
    html`<details><summary>${told.length > 0 ? 'Figures that do not tell them apart, or that one run cannot judge' : 'The figures, none of which tells them apart'}</summary>${differencesTable(
      `${label}: not told apart, or not judged`,
      compared,
      others,
    )}</details>`
  }
  ${buildsBasis(compared).map((sentence) => html`<p class="note">${sentence}</p>`)}
  <p class="note">A difference of shares is in percentage points (pt). ${NONE} means that there is none; a figure without an interval is shown and not judged.</p>
  ${leftOut.map(({ run, reason }) => html`<p class="note">Left out: ${run} (${reason}).</p>`)}</section>`;
}

/** Told by an interval that excludes zero, whether or not one way is better. */
function isTold({ differences }: BuildMeasure): boolean {
  return differences.some(({ finding }) => finding === 'lower' || finding === 'higher');
}

/** A row a figure: the reference's, then of each other build its own and the difference. */
function differencesTable(
  label: string,
  { reference, builds }: BuildsCompared,
  measures: readonly BuildMeasure[],
): Html {
  const mean = builds.some(({ runs }) => runs > 1) ? 'mean of ' : '';
  return scrollTable(
    label,
    html`<thead><tr><th scope="col">Figure</th>${builds.map(
      ({ name }) =>
        html`<th scope="col" class="number">${mean}${name}</th>${name !== reference && html`<th scope="col" class="number">Difference from ${reference}</th>`}`,
    )}</tr></thead><tbody>${measures.map(measureRow)}</tbody>`,
  );
}

function measureRow(measure: BuildMeasure): Html {
  const { path, title, unit, better, byBuild, differences } = measure;
  return html`<tr data-difference="${path}"><th scope="row">${title}${better !== null && html`<br><small>${better} is better</small>`}</th>${byBuild.map(
    ({ build, mean, within }) => {
      const difference = differences.find((one) => one.build === build);
      return html`<td class="number">${meanWords(measure, mean)}${within !== null && html`<br><small>95 %: ${withinWords(within, unit)}</small>`}</td>${difference !== undefined && differenceCell(measure, difference)}`;
    },
  )}</tr>`;
}

function differenceCell({ unit }: BuildMeasure, difference: BuildDifference): Html {
  const { mean, better, interval } = difference;
  const kind = better === null ? '' : better ? 'pass' : 'fail';
  const notes = [intervalWords(interval, unit), buildFindingWords(difference)].filter((note) => note !== '');
  return html`<td class="number ${kind}">${mean === null ? NONE : signed(mean, unit)}<br><small>${notes.join('; ')}</small></td>`;
}
