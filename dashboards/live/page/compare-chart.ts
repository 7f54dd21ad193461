/** All nights of a comparison on the same axes: who is in, and how many seats were lost. */
import { runColour } from '../../../reports/palette.ts';
import { clock, format } from '../../../reports/render/format.ts';
import type { SecondFrame } from '../frames.ts';
import { type Body, chartBody, makeFigure } from './figure.ts';
import { drawLines, type Line } from './lines.ts';
import { doneStretches, spanSeconds } from './series.ts';
import type { LiveView } from './state.ts';
import { ROW_MS } from './tables.ts';

/** @param nths those that are compared; with another one the figure is made anew. */
export function compareFigure(nths: readonly number[]): Body {
  return makeFigure({
    id: 'compare',
    title: 'In the rooms, and seats lost, on every build',
    nth: null,
    now: (view) =>
      view.nights
        .map(({ plan, seconds }) => {
          const last = seconds.at(-1);
          return `${plan.name}: ${last === undefined ? 'not yet' : `${format(inRooms(last), 'people')} in, ${format(lost(last), 'count')} lost`}.`;
        })
        .join(' '),
    bodies: [
      chartBody(
        'tall',
        (view) => [...view.nights, spanSeconds(view)],
        (canvas, inks, first) =>
          drawLines(canvas, inks, first, {
            lines: nths.flatMap((nth) => linesOf(first, nth)),
            unit: 'people; seats lost',
            most: 1,
            levels: [],
          }),
      ),
    ],
    table: {
      head: ['time', 'night', 'in the rooms', 'seats lost so far'],
      // One night after the other: rows that are there stay as they are.
      rows: (view) =>
        view.nights.flatMap((night) =>
          doneStretches(night, ROW_MS).map(({ last }) => [
            clock(last.nightMs),
            night.plan.name,
            format(inRooms(last), 'people'),
            format(lost(last), 'count'),
          ]),
        ),
    },
  });
}

function linesOf({ nights }: LiveView, nth: number): readonly Line[] {
  const name = nights.find(({ plan }) => plan.nth === nth)?.plan.name ?? '';
  const colour = runColour(nth);
  return [
    { label: `${name}: in`, nth, colour, dash: [], y: inRooms },
    { label: `${name}: seats lost`, nth, colour, dash: [6, 4], y: lost },
  ];
}

function inRooms({ crowd }: SecondFrame): number {
  return crowd.in + crowd.overflow;
}

function lost({ lossesByCause }: SecondFrame): number {
  return Object.values(lossesByCause).reduce((sum, count) => sum + count, 0);
}
