/** What was promised, and whether it holds so far: told by a sign, a word and a colour. */
import { format, NONE } from '../../../reports/render/format.ts';
import type { LiveObjectiveLimit } from '../frames.ts';
import { attributeOnce, element, textOnce } from './dom.ts';
import type { Body } from './figure.ts';
import { type LiveView, type NightView, nightOf } from './state.ts';

export type Standing = {
  readonly id: string;
  readonly text: string;
  readonly state: 'holds' | 'broken' | 'unmeasured' | 'later';
  readonly word: string;
  /** What was measured; empty: nothing. */
  readonly measured: string;
};

const SIGN: Readonly<Record<Standing['state'], string>> = {
  holds: '✓',
  broken: '✕',
  unmeasured: '–',
  later: '…',
};

/** The verdict's own word where there is one, and what is known so far where there is none. */
export function standings({ plan, seconds, verdict }: NightView): readonly Standing[] {
  const last = seconds.at(-1);
  return plan.objectives.map((limit) => {
    const { id, text, isLive } = limit;
    const final = verdict?.objectives.find((one) => one.id === id);
    if (final !== undefined) {
      const { isPass, measured } = final;
      return { id, text, state: isPass ? 'holds' : 'broken', word: isPass ? 'held' : 'broken', measured };
    }
    // Nobody was exposed to it, or the night was stopped.
    if (verdict !== null) return { id, text, state: 'later', word: 'not judged', measured: '' };
    if (!isLive) return { id, text, state: 'later', word: 'judged at the end', measured: '' };
    const now = last?.objectives[id];
    if (now === undefined || now.value === null)
      return { id, text, state: 'unmeasured', word: 'nothing to measure yet', measured: '' };
    return {
      id,
      text,
      state: now.isBroken ? 'broken' : 'holds',
      word: now.isBroken ? 'broken' : 'holds so far',
      measured: inWords(now.value, limit),
    };
  });
}

export function objectivesPanel(nth: number): Body {
  const id = `objectives-${nth}`;
  const panel = element('section', { class: 'panel', id, 'aria-labelledby': `${id}-title` });
  const heading = element('h3', { id: `${id}-title` }, 'What was promised');
  const of = element('bdi', { class: 'of' });
  heading.append(' ', of);
  const list = element('ul', { class: 'objectives' });
  panel.append(heading, list);
  return {
    element: panel,
    show(view: LiveView) {
      const night = nightOf(view, nth);
      const found = night === undefined ? [] : standings(night);
      panel.hidden = found.length === 0;
      textOnce(of, view.nights.length < 2 ? '' : (night?.plan.name ?? ''));
      while (list.children.length > found.length) list.lastElementChild!.remove();
      found.forEach((standing, at) => {
        show(list.children[at] ?? list.appendChild(makeItem()), standing);
      });
    },
    reset() {},
  };
}

function makeItem(): HTMLLIElement {
  const item = element('li');
  const said = element('span', { class: 'said' });
  said.append(element('strong'), ' ', element('bdi', { class: 'measured' }));
  item.append(
    element('span', { class: 'sign', 'aria-hidden': 'true' }),
    element('span', { class: 'promise', dir: 'auto' }),
    said,
  );
  return item;
}

function show(item: Element, { id, text, state, word, measured }: Standing): void {
  const [sign, promise, said] = item.children;
  const [strong, value] = said!.children;
  attributeOnce(item, 'data-objective', id);
  attributeOnce(item, 'data-state', state);
  textOnce(sign!, SIGN[state]);
  textOnce(promise!, text);
  textOnce(strong!, word);
  textOnce(value!, measured);
}

function inWords(value: number, { unit }: LiveObjectiveLimit): string {
  if (unit !== undefined) return format(value, unit);
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : NONE;
}
