/** The crowd over time: people by what they are at, stacked, with the night's moments across it. */
import { Chart, Filler, LineController, LineElement } from 'chart.js';
import { format, listed } from '../../../reports/render/format.ts';
import type { Point } from '../../../reports/render/page/over-time.ts';
import { area, axis, type Inks, legend, TIME_TOOLTIP } from '../../../reports/render/page/theme.ts';
import { LIVE_STATES } from '../../../simulator/listener/tally.ts';
import type { SecondFrame } from '../frames.ts';
import { addPoints, DEAF, FOLLOWING, liveNightAxis } from './chart-parts.ts';
import { type Body, chartBody, type Drawing, makeFigure } from './figure.ts';
import { happeningsList, happeningsOf } from './happenings.ts';
import { happeningMarks, levelMarks } from './marks.ts';
import { LIVE_STATE_COLOUR, LIVE_STATE_NAME } from './names.ts';
import { mostPeople, spanSeconds } from './series.ts';
import { type LiveView, nightOf } from './state.ts';
import { nightTable } from './tables.ts';

Chart.register(Filler, LineController, LineElement);

export function crowdFigure(nth: number): Body {
  return makeFigure({
    id: `crowd-${nth}`,
    title: 'The crowd, by what became of each',
    nth,
    now: (view) => crowdInWords(nightOf(view, nth)?.seconds.at(-1)),
    bodies: [
      chartBody(
        'tall',
        // Scales are those of all nights, so that two charts can be compared by eye.
        (view) => [nightOf(view, nth), spanSeconds(view), mostPeople(view)],
        (canvas, inks, view) => drawCrowd(canvas, inks, view, nth),
      ),
      happeningsList(nth),
    ],
    table: nightTable(
      nth,
      LIVE_STATES.map((state) => LIVE_STATE_NAME[state]),
      ({ last }) => LIVE_STATES.map((state) => format(last.crowd[state], 'people')),
    ),
  });
}

/** `812 in the main room, 120 in the queue`; states without people are left out. */
function crowdInWords(second: SecondFrame | undefined): string {
  if (second === undefined) return 'The night has not begun.';
  const parts = LIVE_STATES.filter((state) => second.crowd[state] > 0).map(
    (state) => `${format(second.crowd[state], 'people')} ${LIVE_STATE_NAME[state]}`,
  );
  return parts.length === 0 ? 'Nobody has come yet.' : `Now: ${listed(parts)}.`;
}

function drawCrowd(canvas: HTMLCanvasElement, inks: Inks, first: LiveView, nth: number): Drawing {
  let present = nightOf(first, nth);
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: {
      datasets: LIVE_STATES.map((state) => ({
        label: LIVE_STATE_NAME[state],
        data: [],
        ...area(inks, LIVE_STATE_COLOUR[state]),
      })),
    },
    options: {
      ...FOLLOWING,
      scales: {
        x: liveNightAxis(inks, spanSeconds(first)),
        y: { ...axis(inks, 'people'), stacked: true, min: 0, max: mostPeople(first) },
      },
      plugins: { legend: { ...legend(inks), ...DEAF }, tooltip: TIME_TOOLTIP },
    },
    plugins: [
      happeningMarks(() => (present === undefined ? [] : happeningsOf(present)), inks),
      levelMarks(() => seats(present?.plan.mainSeats ?? 0), inks),
    ],
  });
  return {
    chart: chart as unknown as Chart,
    update(view) {
      present = nightOf(view, nth);
      LIVE_STATES.forEach((state, at) => {
        addPoints(chart.data.datasets[at]!.data, present?.seconds ?? [], ({ crowd }) => crowd[state]);
      });
      Object.assign(chart.options.scales!['x']!, liveNightAxis(inks, spanSeconds(view)));
      Object.assign(chart.options.scales!['y']!, { max: mostPeople(view) });
    },
  };
}

function seats(count: number) {
  return count > 0 ? [{ at: count, text: `${format(count, 'people')} seats` }] : [];
}
