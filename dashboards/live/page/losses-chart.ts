/** Seats lost against their will, by cause, as it happens, and the sums so far. */
import { causeColour } from '../../../reports/palette.ts';
import { format, listed } from '../../../reports/render/format.ts';
import { drawBars, type Layer } from './bars.ts';
import { type Body, chartBody, makeFigure } from './figure.ts';
import { spanSeconds } from './series.ts';
import { type LiveView, nightOf } from './state.ts';
import { nightTable } from './tables.ts';

export function lossesFigure(nth: number): Body {
  return makeFigure({
    id: `losses-${nth}`,
    title: 'Seats lost against their will, by cause',
    nth,
    now: (view) => lossesInWords(view, nth),
    bodies: [
      chartBody(
        '',
        (view) => [nightOf(view, nth), spanSeconds(view)],
        (canvas, inks, first) =>
          drawBars(canvas, inks, first, { nth, layers: (view) => layersOf(view, nth), unit: 'seats lost' }),
      ),
    ],
    table: nightTable(
      nth,
      ['seats lost since the row before', 'by cause', 'seats lost so far'],
      ({ last, losses, lossesByCause }) => [
        format(losses, 'count'),
        causesInWords(lossesByCause) || '–',
        format(total(last.lossesByCause), 'count'),
      ],
    ),
  });
}

/** Sums since the start of the night, the largest cause first. */
function lossesInWords(view: LiveView, nth: number): string {
  const byCause = nightOf(view, nth)?.seconds.at(-1)?.lossesByCause ?? {};
  const lost = total(byCause);
  if (lost === 0) return 'No seat was lost so far.';
  return `${format(lost, 'count')} ${lost === 1 ? 'seat' : 'seats'} lost so far: ${causesInWords(byCause)}.`;
}

function causesInWords(byCause: Readonly<Record<string, number>>): string {
  return listed(
    Object.entries(byCause)
      .filter(([, count]) => count > 0)
      .sort(([, one], [, other]) => other - one)
      .map(([cause, count]) => `${format(count, 'count')} ${cause}`),
  );
}

/** A layer keeps its place when another cause comes: causes in the order in which they were met. */
function layersOf(view: LiveView, nth: number): readonly Layer[] {
  const causes = new Set<string>();
  for (const { lossesByCause } of nightOf(view, nth)?.seconds ?? [])
    for (const [cause, count] of Object.entries(lossesByCause)) if (count > 0) causes.add(cause);
  return [...causes].map((cause) => ({
    id: cause,
    label: cause,
    colour: causeColour(cause),
    y: ({ lossesByCause }) => lossesByCause[cause] ?? 0,
  }));
}

function total(byCause: Readonly<Record<string, number>>): number {
  return Object.values(byCause).reduce((sum, count) => sum + count, 0);
}
