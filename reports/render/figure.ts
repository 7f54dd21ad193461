/** A figure on the page: its value with the unit, and under it how many it is about and how far it may be off. */
import { valueAt } from '../measures/paths.ts';
import { cellText } from './cell.ts';
import { format, type Unit } from './format.ts';
import { type Html, html } from './html.ts';
import type { RunToShow } from './run-to-show.ts';
import { samplesOf } from './samples.ts';

type Interval = { readonly low: number; readonly high: number | null; readonly highNotReached: boolean };

/** `1.2 s to 3.4 s`, or `1.2 s to not reached`. */
export function rangeText({ low, high, highNotReached }: Interval, unit: Unit): string {
  return `${format(low, unit)} to ${highNotReached ? 'not reached' : format(high, unit)}`;
}

/** The interval within the run of the figure at a path; null where it has none, or one without any width. */
export function intervalAt({ summary, charts }: RunToShow, path: string): Interval | null {
  const found =
    charts.intervals[path] ??
    summary.verdict.objectives.find(({ measure, interval }) => measure === path && interval !== null)
      ?.interval ??
    null;
  return found === null || found.low === found.high ? null : found;
}

/** @param path of the figure in summary.json; the page says which, so that a program can compare the two. */
export function figure(run: RunToShow, path: string, unit: Unit): Html {
  const value = String(valueAt(run.summary, path));
  const notes = notesOf(run, path, unit);
  return html`<span data-measure="${path}" data-run="${run.summary.run.id}" data-value="${value}">${cellText(run.summary, path, unit)}</span>${notes !== '' && html` <small class="of">${notes}</small>`}`;
}

/** Why a figure that could have an interval has none; null: it has one, can have none, or there is no figure. */
function reasonOf({ summary, charts }: RunToShow, path: string): string | null {
  const reason = charts.intervalReasons[path];
  return reason === undefined || valueAt(summary, path) === null ? null : `no interval: ${reason}`;
}

function notesOf(run: RunToShow, path: string, unit: Unit): string {
  const samples = samplesOf(run.summary, path);
  const interval = intervalAt(run, path);
  return [
    samples === null ? null : `n = ${format(samples, 'count')}`,
    interval === null ? reasonOf(run, path) : `95 %: ${rangeText(interval, unit)}`,
  ]
    .filter((note) => note !== null)
    .join('; ');
}
