/** The server as seen from outside, and whether the crowd keeps its own time. */
import { PROCESS_COLOUR } from '../../../reports/palette.ts';
import { format } from '../../../reports/render/format.ts';
import { SLIP_P99_MS_MAX } from '../../../reports/void-limits.ts';
import type { SecondFrame } from '../frames.ts';
import { type Body, chartBody, makeFigure } from './figure.ts';
import { drawLines, type LinesOf } from './lines.ts';
import { spanSeconds } from './series.ts';
import { nightOf } from './state.ts';
import { nightTable } from './tables.ts';

/** Above it the lateness of the ninety-ninth in a hundred is more than a night may have. */
const LATE_PERCENT_MAX = 1;

export function probeFigure(nth: number): Body {
  return doubtFigure(
    nth,
    {
      id: 'probe',
      title: 'What the server takes to answer, seen from outside',
      column: 'answered in',
      now: ({ probeMs }) =>
        probeMs === null ? 'Now: it has not answered.' : `Now: ${format(probeMs, 'ms')}.`,
      cell: ({ probeMs }) => format(probeMs, 'ms'),
    },
    { y: ({ probeMs }) => probeMs, unit: 'ms', most: 10, levels: [] },
  );
}

export function lateFigure(nth: number): Body {
  return doubtFigure(
    nth,
    {
      id: 'late',
      title: `People who set out more than ${SLIP_P99_MS_MAX} ms late`,
      column: 'late',
      now: ({ lateShare }) =>
        `Now: ${format(lateShare, 'share')} of those who have come; above ${LATE_PERCENT_MAX} % the night is void.`,
      cell: ({ lateShare }) => format(lateShare, 'share'),
    },
    {
      y: ({ lateShare }) => 100 * lateShare,
      unit: '%',
      most: 1.5,
      levels: [{ at: LATE_PERCENT_MAX, text: `void above ${LATE_PERCENT_MAX} %` }],
    },
  );
}

type Words = {
  readonly id: string;
  readonly title: string;
  readonly column: string;
  readonly now: (second: SecondFrame) => string;
  readonly cell: (second: SecondFrame) => string;
};

function doubtFigure(
  nth: number,
  { id, title, column, now, cell }: Words,
  { y, ...of }: Omit<LinesOf, 'lines'> & { readonly y: (second: SecondFrame) => number | null },
): Body {
  return makeFigure({
    id: `${id}-${nth}`,
    title,
    nth,
    now(view) {
      const second = nightOf(view, nth)?.seconds.at(-1);
      return second === undefined ? 'Nothing was measured yet.' : now(second);
    },
    bodies: [
      chartBody(
        'low',
        (view) => [nightOf(view, nth), spanSeconds(view)],
        (canvas, inks, first) =>
          drawLines(canvas, inks, first, {
            ...of,
            lines: [{ label: column, nth, colour: PROCESS_COLOUR.server, dash: [], y }],
          }),
      ),
    ],
    table: nightTable(nth, [column], ({ last }) => [cell(last)]),
  });
}
