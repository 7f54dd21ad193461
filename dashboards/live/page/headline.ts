/** What a night is and how it stands: its build, its time, the figures that matter, and its verdict. */
import { clock, format } from '../../../reports/render/format.ts';
import { attributeOnce, element, textOnce } from './dom.ts';
import type { Body } from './figure.ts';
import { RESULT_NAME } from './names.ts';
import { isOver } from './series.ts';
import { isOpenHouse, type LiveView, type NightView, nightOf } from './state.ts';

/** The figures of a night's card, each by the name that a test asks for it. */
const FIGURES = {
  arrived: 'have come',
  inside: 'in a room',
  queueing: 'in the queue',
  arriving: 'trying to get in',
  lost: 'seats lost',
  out: 'thrown out now',
  gaveUp: 'gave up',
} as const;

type FigureName = keyof typeof FIGURES;

export function nightCard(nth: number): Body {
  const id = `night-${nth}`;
  const card = element('section', { class: 'card', id, 'aria-labelledby': `${id}-title` });
  const heading = element('h2', { id: `${id}-title` });
  const name = element('bdi');
  const badge = element('span', { class: 'badge' });
  heading.append(name, ' ', badge);
  const stage = element('p', { class: 'stage' });
  const time = element('progress', { 'aria-label': 'Time of the night' });
  const clockWords = element('p', { class: 'time' });
  const figures = element('dl', { class: 'facts' });
  for (const [figure, label] of Object.entries(FIGURES)) {
    const pair = element('div');
    pair.append(element('dt', {}, label), element('dd', { 'data-figure': figure }, '–'));
    figures.append(pair);
  }
  const reasons = element('ul', { class: 'reasons' });
  card.append(heading, stage, time, clockWords, figures, reasons);
  return {
    element: card,
    show(view: LiveView) {
      const night = nightOf(view, nth);
      if (night === undefined) return;
      const { plan, verdict } = night;
      textOnce(name, plan.name);
      const result = verdict === null ? null : (verdict.result ?? 'stopped');
      textOnce(badge, result === null ? '' : RESULT_NAME[result]);
      badge.hidden = result === null;
      attributeOnce(card, 'data-result', result ?? 'none');
      textOnce(stage, stageInWords(night, view));
      textOnce(clockWords, timeInWords(night));
      time.hidden = plan.nightEndMs === null;
      time.max = Math.max(1, plan.nightEndMs ?? 1);
      time.value = Math.min(time.max, nowMs(night));
      const values = figuresOf(night);
      for (const shown of figures.querySelectorAll<HTMLElement>('[data-figure]')) {
        const value = values[shown.dataset['figure'] as FigureName];
        textOnce(shown, format(value, 'people'));
        shown.parentElement!.hidden = value === undefined;
      }
      const said = verdict?.reasons ?? [];
      reasons.hidden = said.length === 0;
      if (reasons.children.length !== said.length)
        reasons.replaceChildren(...said.map((reason) => element('li', { dir: 'auto' }, reason)));
    },
    reset() {
      reasons.replaceChildren();
    },
  };
}

/** `0:42 of 1:55, 1:13 to go`. */
function timeInWords(night: NightView): string {
  const elapsed = clock(nowMs(night));
  const { nightEndMs } = night.plan;
  if (nightEndMs === null) return `${elapsed} so far`;
  const leftMs = Math.max(0, nightEndMs - nowMs(night));
  return `${elapsed} of ${clock(nightEndMs)}${leftMs > 0 && !isOver(night) ? `, ${clock(leftMs)} to go` : ''}`;
}

/** Where in its course a night is. */
function stageInWords(night: NightView, { link }: LiveView): string {
  const { plan, seconds, verdict } = night;
  if (verdict !== null)
    return verdict.result === null ? 'It was stopped.' : 'The night is over, and measured.';
  if (link === 'over') return 'Nothing more is told of this night.';
  if (seconds.length === 0) return 'About to begin.';
  if (isOver(night)) return 'The night is over. Its log is being measured.';
  const { surgeStartMs, surgeEndMs } = plan;
  if (surgeStartMs === null || surgeEndMs === null) return 'The server is open.';
  if (nowMs(night) < surgeStartMs) return `Calm before the surge, which begins at ${clock(surgeStartMs)}.`;
  return nowMs(night) < surgeEndMs ? `The surge is on, until ${clock(surgeEndMs)}.` : 'After the surge.';
}

function nowMs({ seconds }: NightView): number {
  return seconds.at(-1)?.nightMs ?? 0;
}

/** What nobody tells is left out. */
function figuresOf(night: NightView): Readonly<Partial<Record<FigureName, number>>> {
  const last = night.seconds.at(-1);
  if (last === undefined) return {};
  const { crowd, arrived, lossesByCause } = last;
  const inside = crowd.in + crowd.overflow;
  if (isOpenHouse(night)) return { inside, queueing: crowd.queueing };
  return {
    arrived,
    inside,
    queueing: crowd.queueing,
    arriving: crowd.arriving + crowd.joining,
    lost: Object.values(lossesByCause).reduce((sum, count) => sum + count, 0),
    out: crowd.ejected + crowd.stranded,
    gaveUp: crowd['given-up'],
  };
}
