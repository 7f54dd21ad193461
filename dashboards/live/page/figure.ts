/**
 * A figure of the page: what it is called, what it shows now in words, the chart or list itself, and a table behind it.
 * Words and table say all that the chart says, to whoever does not see it.
 */
import type { Chart } from 'chart.js';
import { type Inks, readInks } from '../../../reports/render/page/theme.ts';
import { attributeOnce, element, textOnce } from './dom.ts';
import type { LiveView } from './state.ts';
import { type TableOf, tableBehind } from './tables.ts';

/** A part of a figure that follows the night. */
export type Body = {
  readonly element: HTMLElement;
  show(view: LiveView): void;
  /** What was shown is of no use any more: the colours are others, or the story was told anew. */
  reset(): void;
};

/** A chart, and how it follows: what it has of the night stays, what is new is added. */
export type Drawing = { readonly chart: Chart; readonly update: (view: LiveView) => void };

export type FigureOf = {
  readonly id: string;
  readonly title: string;
  /** Of which night; null: of all. */
  readonly nth: number | null;
  /** Its present values in words. */
  readonly now: (view: LiveView) => string;
  readonly bodies: readonly Body[];
  readonly table: TableOf;
};

/** A figure, ready to be put into the page. */
export function makeFigure({ id, title, nth, now, bodies, table }: FigureOf): Body {
  const figure = element('figure', { id, 'aria-labelledby': `${id}-title` });
  const caption = element('figcaption', { id: `${id}-title` });
  const heading = element('span', { class: 'title' }, title);
  const of = element('bdi', { class: 'of' });
  caption.append(heading, ' ', of);
  const words = element('p', { class: 'now' });
  const behind = tableBehind(id, title, table);
  figure.append(caption, words, ...bodies.map((body) => body.element), behind.element);
  return {
    element: figure,
    show(view) {
      textOnce(of, nth === null || view.nights.length < 2 ? '' : nameOf(view, nth));
      const said = now(view);
      textOnce(words, said);
      for (const canvas of figure.querySelectorAll('canvas'))
        attributeOnce(canvas, 'aria-label', `${caption.textContent?.trim()}. ${said}`);
      for (const body of bodies) body.show(view);
      behind.show(view);
    },
    reset() {
      for (const body of [...bodies, behind]) body.reset();
    },
  };
}

/**
 * A chart's box and canvas; the chart is made when it is first shown.
 *
 * @param depends what the drawing is made from: where it is as it was, nothing is drawn.
 */
export function chartBody(
  className: string,
  depends: (view: LiveView) => readonly unknown[],
  draw: (canvas: HTMLCanvasElement, inks: Inks, view: LiveView) => Drawing,
): Body {
  const box = element('div', { class: `chart ${className}` });
  const canvas = element('canvas', { role: 'img', 'aria-label': '' });
  box.append(canvas);
  let drawing: Drawing | null = null;
  let before: readonly unknown[] = [];
  return {
    element: box,
    show(view) {
      const now = depends(view);
      if (drawing !== null && now.every((value, at) => value === before[at])) return;
      before = now;
      drawing ??= draw(canvas, readInks(), view);
      drawing.update(view);
      drawing.chart.update('none');
    },
    reset() {
      drawing?.chart.destroy();
      drawing = null;
    },
  };
}

function nameOf(view: LiveView, nth: number): string {
  return view.nights.find(({ plan }) => plan.nth === nth)?.plan.name ?? '';
}
