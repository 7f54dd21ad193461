/** Moments and faults of a night, those that have come and those that will: pure, but for their list. */
import { clock } from '../../../reports/render/format.ts';
import { element, textOnce } from './dom.ts';
import type { Body } from './figure.ts';
import { type LiveView, type NightView, nightOf } from './state.ts';

export type Happening = {
  readonly kind: 'moment' | 'fault';
  readonly nightMs: number;
  readonly text: string;
  readonly hasCome: boolean;
};

/** In the order of time, which is how charts and list number them, from 1. */
export function happeningsOf({ plan, seconds, marks }: NightView): readonly Happening[] {
  const nowMs = seconds.at(-1)?.nightMs ?? Number.NEGATIVE_INFINITY;
  const told = new Set(marks.map(({ text }) => text));
  const planned = plan.moments.map(({ nightMs, title }) => ({
    kind: 'moment' as const,
    nightMs,
    text: title,
    hasCome: nightMs <= nowMs || told.has(title),
  }));
  const titles = new Set(plan.moments.map(({ title }) => title));
  const others = marks
    .filter(({ text }) => !titles.has(text))
    .map(({ kind, nightMs, text }) => ({ kind, nightMs, text, hasCome: true }));
  return [...planned, ...others].sort((one, other) => one.nightMs - other.nightMs);
}

/** The list below a chart that has their numbers. */
export function happeningsList(nth: number): Body {
  const list = element('ol', { class: 'happenings', 'aria-label': 'Moments and faults of the night' });
  return {
    element: list,
    show(view: LiveView) {
      const night = nightOf(view, nth);
      const happenings = night === undefined ? [] : happeningsOf(night);
      list.hidden = happenings.length === 0;
      while (list.children.length > happenings.length) list.lastElementChild!.remove();
      happenings.forEach((one, at) => {
        const item = list.children[at] ?? list.appendChild(itemFor());
        const [when, what, note] = item.children;
        textOnce(when!, clock(one.nightMs));
        textOnce(what!, one.text);
        textOnce(note!, noteOn(one));
        item.className = one.kind;
      });
    },
    reset() {},
  };
}

function itemFor(): HTMLElement {
  const item = element('li');
  item.append(
    element('span', { class: 'when' }),
    ' ',
    element('bdi'),
    ' ',
    element('span', { class: 'note' }),
  );
  return item;
}

function noteOn({ kind, hasCome }: Happening): string {
  if (!hasCome) return 'to come';
  return kind === 'fault' ? 'a fault' : '';
}
