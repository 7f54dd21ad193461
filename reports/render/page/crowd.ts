/** People over time, by what became of them and by room: stacked areas, the night's moments, and how many seats there are. */
import { Chart } from 'chart.js';
import type { Charts } from '../../charts.ts';
import { PLACE_COLOUR, PLACE_NAME, STATE_COLOUR, STATE_NAME } from '../../palette.ts';
import { PLACES, STATES } from '../../states.ts';
import type { PageData, PageRun } from './data.ts';
import { momentMarks, seatsMark } from './marks.ts';
import { pointsOf, timeAxis } from './over-time.ts';
import { area, axis, type Inks, legend, OVER_TIME, TIME_TOOLTIP } from './theme.ts';

/** One area of a stack. */
type Kind = {
  readonly name: string;
  readonly colour: string;
  of(charts: Charts): readonly number[];
};

const BY_STATE: readonly Kind[] = STATES.map((state) => ({
  name: STATE_NAME[state],
  colour: STATE_COLOUR[state],
  of: ({ crowd }) => crowd[state] ?? [],
}));
const BY_ROOM: readonly Kind[] = PLACES.map((place) => ({
  name: PLACE_NAME[place],
  colour: PLACE_COLOUR[place],
  of: ({ rooms }) => rooms[place] ?? [],
}));

export function drawCrowd(canvas: HTMLCanvasElement, run: PageRun, data: PageData, inks: Inks): Chart {
  return drawPeople(canvas, run, data, inks, BY_STATE);
}

export function drawRooms(canvas: HTMLCanvasElement, run: PageRun, data: PageData, inks: Inks): Chart {
  return drawPeople(canvas, run, data, inks, BY_ROOM);
}

/** The same axes for every run, so that two charts can be compared by eye. */
function drawPeople(
  canvas: HTMLCanvasElement,
  run: PageRun,
  data: PageData,
  inks: Inks,
  kinds: readonly Kind[],
): Chart {
  const { runs, stepSeconds } = data;
  const shown = kinds.filter((kind) =>
    runs.some(({ charts }) => kind.of(charts).some((people) => people > 0)),
  );
  return new Chart(canvas, {
    type: 'line',
    data: {
      datasets: shown.map((kind) => ({
        label: kind.name,
        data: pointsOf(kind.of(run.charts), stepSeconds),
        ...area(inks, kind.colour),
      })),
    },
    options: {
      ...OVER_TIME,
      scales: {
        x: timeAxis(data, inks),
        y: { ...axis(inks, 'people'), stacked: true, min: 0, max: mostPeople(runs, shown) },
      },
      plugins: {
        legend: legend(inks),
        tooltip: TIME_TOOLTIP,
      },
    },
    plugins: [momentMarks(run.charts, inks), seatsMark(run.charts, inks)],
  });
}

function mostPeople(runs: readonly PageRun[], kinds: readonly Kind[]): number {
  const totals = runs.flatMap(({ charts }) => {
    const series = kinds.map((kind) => kind.of(charts));
    const seconds = Math.max(0, ...series.map(({ length }) => length));
    return Array.from({ length: seconds }, (_, second) =>
      series.reduce((sum, people) => sum + (people[second] ?? 0), 0),
    );
  });
  const most = Math.max(1, ...totals);
  const step = 10 ** Math.floor(Math.log10(most)) / 2;
  return Math.ceil(most / step) * step;
}
