/** What a screen reader is told without asking: what happens, not what every second brings. */
import { clock, listed } from '../../../reports/render/format.ts';
import { RESULT_NAME } from './names.ts';
import { standings } from './objectives.ts';
import type { LiveView, NightView } from './state.ts';

/** What came between two views and is worth saying, in the order of a story. */
export function newsBetween(before: LiveView, after: LiveView): readonly string[] {
  if (before.link !== after.link) {
    if (after.link === 'reconnecting') return ['The connection is lost; trying again.'];
    if (after.link === 'over') return ['The run is over.'];
    // Whoever comes in the midst is told where things stand, not all that was.
    if (after.link === 'live') return [welcome(before, after)];
  }
  return before.telling === after.telling ? nightNews(before, after) : [];
}

/** Says them in the page's live region. */
export function announce(region: HTMLElement, news: readonly string[]): void {
  if (news.length > 0) region.textContent = news.join(' ');
}

function welcome(before: LiveView, after: LiveView): string {
  const again = before.link === 'reconnecting' ? 'Connected again.' : 'Connected.';
  const night = after.nights.at(-1);
  if (night === undefined) return `${again} No night has begun yet.`;
  return `${again} ${night.plan.title}, ${night.plan.name}, at ${clock(night.seconds.at(-1)?.nightMs ?? 0)}.`;
}

function nightNews(before: LiveView, after: LiveView): readonly string[] {
  return after.nights.flatMap((night) => {
    const was = before.nights.find(({ plan }) => plan.nth === night.plan.nth);
    if (was === night) return [];
    if (was === undefined) return [`The night begins on ${night.plan.name}.`];
    return [
      ...night.marks.slice(was.marks.length).map(({ nightMs, text }) => `${clock(nightMs)}: ${text}.`),
      ...firstLoss(was, night),
      ...newlyBroken(was, night),
      ...verdictOf(was, night),
    ];
  });
}

function firstLoss(was: NightView, is: NightView): readonly string[] {
  const causes = causesOf(is);
  if (causes.length === 0 || causesOf(was).length > 0) return [];
  return [`${clock(is.seconds.at(-1)!.nightMs)}: the first seats are lost, by ${listed(causes)}.`];
}

/** A verdict tells all objectives anew; what breaks while one watches is told once. */
function newlyBroken(was: NightView, is: NightView): readonly string[] {
  if (is.verdict !== null) return [];
  const brokenBefore = new Set(brokenOf(was).map(({ id }) => id));
  return brokenOf(is)
    .filter(({ id }) => !brokenBefore.has(id))
    .map(({ text }) => `Broken: ${text}.`);
}

function verdictOf(was: NightView, is: NightView): readonly string[] {
  if (is.verdict === null || was.verdict !== null) return [];
  return [`Verdict on ${is.plan.name}: ${RESULT_NAME[is.verdict.result ?? 'stopped']}.`];
}

function brokenOf(night: NightView) {
  return standings(night).filter(({ state }) => state === 'broken');
}

function causesOf({ seconds }: NightView): readonly string[] {
  return Object.entries(seconds.at(-1)?.lossesByCause ?? {})
    .filter(([, count]) => count > 0)
    .map(([cause]) => cause);
}
