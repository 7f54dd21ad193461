/** The crowd over time: stacked areas, the night's moments, and how many seats there are. */
import { Chart } from 'chart.js';
import { STATE_COLOUR, STATE_NAME } from '../../palette.ts';
import { STATES, type State } from '../../states.ts';
import type { PageData, PageRun } from './data.ts';
import { momentMarks, seatsMark } from './marks.ts';
import { pointsOf, timeAxis } from './over-time.ts';
import { area, axis, type Inks, legend, OVER_TIME, TIME_TOOLTIP } from './theme.ts';

/** The same axes for every run, so that two charts can be compared by eye. */
export function drawCrowd(canvas: HTMLCanvasElement, run: PageRun, data: PageData, inks: Inks): Chart {
  const { runs, stepSeconds } = data;
  const shown = STATES.filter((state) =>
    runs.some(({ charts }) => (charts.crowd[state] ?? []).some((people) => people > 0)),
  );
  return new Chart(canvas, {
    type: 'line',
    data: {
      datasets: shown.map((state) => ({
        label: STATE_NAME[state],
        data: pointsOf(run.charts.crowd[state] ?? [], stepSeconds),
        ...area(inks, STATE_COLOUR[state]),
      })),
    },
    options: {
      ...OVER_TIME,
      scales: {
        x: timeAxis(data, inks),
        y: { ...axis(inks, 'people'), stacked: true, min: 0, max: mostPeople(runs) },
      },
      plugins: {
        legend: legend(inks),
        tooltip: TIME_TOOLTIP,
      },
    },
    plugins: [momentMarks(run.charts, inks), seatsMark(run.charts, inks)],
  });
}

function mostPeople(runs: readonly PageRun[]): number {
  const totals = runs.flatMap(({ charts }) => {
    const states = Object.keys(charts.crowd) as State[];
    const seconds = Math.max(0, ...states.map((state) => charts.crowd[state]?.length ?? 0));
    return Array.from({ length: seconds }, (_, second) =>
      states.reduce((sum, state) => sum + (charts.crowd[state]?.[second] ?? 0), 0),
    );
  });
  const most = Math.max(1, ...totals);
  const step = 10 ** Math.floor(Math.log10(most)) / 2;
  return Math.ceil(most / step) * step;
}
